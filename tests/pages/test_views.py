"""Home, questions, resources, pages of text: open to all, the same for all."""

import re
from datetime import date

import pytest
from django.contrib import messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpResponse
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.utils import translation
from pytest_django import DjangoAssertNumQueries
from wagtail.documents.models import Document
from wagtail.models import Site

from lms.pages.models import HomePage, StandardPage
from tests.factories.pages import make_fact, make_question, make_resource
from tests.factories.people import make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def home() -> HomePage:
    """The site's home page with its three doors and a page of text below it."""
    page = Site.objects.get(is_default_site=True).root_page.specific
    page.intro = "Trainings for everyone."
    page.doors = [
        ("door", {"title": title, "text": "Why.", "link": link, "shape": "learn"})
        for title, link in [
            ("Take a training", "/trainings/"),
            ("Run trainings", "/desk/"),
            ("Prove your hotel's training", "/facilities/"),
        ]
    ]
    page.save_revision().publish()
    text = StandardPage(title="Privacy", slug="privacy", body="<p>Little.</p>")
    page.add_child(instance=text)
    return page


def test_home_has_three_doors_and_the_way_to_help(client: Client, home: HomePage) -> None:
    page = client.get("/").content.decode()

    assert re.findall(r'card__link" href="([^"]+)"', page) == [
        "/trainings/",
        "/desk/",
        "/facilities/",
    ]
    assert "Trainings for everyone." in page
    assert 'href="tel:911"' in page
    assert 'href="tel:+18883737888"' in page


@pytest.mark.parametrize("path", ["/", "/privacy/", "/faq/", "/resources/", "/help/", "/es/faq/"])
@pytest.mark.parametrize("signed_in", [False, True])
def test_public_page_is_the_same_for_everybody(
    client: Client, home: HomePage, path: str, signed_in: bool
) -> None:
    if signed_in:
        client.force_login(make_person())

    response = client.get(path)

    assert response.status_code == 200
    assert response.cookies == {}
    assert "Cookie" not in response.get("Vary", "")


@pytest.mark.parametrize("path", ["/", "/privacy/", "/faq/", "/resources/", "/help/"])
def test_public_page_leaves_a_message_for_a_page_that_is_not_public(
    client: Client, home: HomePage, path: str
) -> None:
    letter = HttpResponse()
    box = CookieStorage(RequestFactory().get("/"))
    box.add(messages.INFO, "Only for Rosa.")
    box.update(letter)
    client.cookies["messages"] = letter.cookies["messages"].value

    response = client.get(path)

    assert "Only for Rosa." not in response.content.decode()
    assert response.cookies == {}
    assert "Cookie" not in response.get("Vary", "")


def test_page_of_text_shows_its_text(client: Client, home: HomePage) -> None:
    assert "<p>Little.</p>" in client.get("/privacy/").content.decode()


def test_faq_shows_answers_with_their_authority(client: Client) -> None:
    make_question(question="What is it?", answer="<p>This.</p>", authority="The city's office")

    page = client.get("/faq/").content.decode()

    assert "What is it?" in page
    assert "<p>This.</p>" in page
    assert "The city&#x27;s office" in page


def test_faq_can_be_narrowed_by_who_asks(client: Client) -> None:
    make_question(question="Public one?")
    make_question(question="Professional one?", audience="professional")

    page = client.get("/faq/", {"audience": "professional"}).content.decode()

    assert "Professional one?" in page
    assert "Public one?" not in page
    assert client.get("/faq/", {"audience": "<script>"}).status_code == 200


def test_faq_says_when_there_is_nothing(client: Client) -> None:
    assert "No questions here yet" in client.get("/faq/").content.decode()


def test_faq_in_another_language_marks_what_is_not_translated(client: Client) -> None:
    make_question(key="a", question="Only English?")

    page = client.get("/es/faq/").content.decode()

    assert '<details class="question" id="a" lang="en" dir="auto">' in page
    assert "Preguntas y respuestas" in page


def test_figures_never_stand_without_year_and_source(client: Client) -> None:
    make_fact(statement="One in seven.", year=2024, source="An office", source_detail="Counts X.")
    make_fact(statement="Too old.", review_on=date(2020, 1, 1))

    page = client.get("/faq/").content.decode()

    assert "One in seven." in page
    assert '<span class="fact__year">2024</span>' in page
    assert "An office. Counts X." in page
    assert "Too old." not in page


def test_fact_tag_draws_the_figure_by_its_key() -> None:
    make_fact(key="one", statement="One in seven.", year=2024)
    make_fact(key="old", statement="One in six.", year=2021, review_on=date(2020, 1, 1))

    def drawn(key: str) -> str:
        return Template('{% load pages %}{% fact "' + key + '" %}').render(Context())

    assert "One in seven." in drawn("one")
    assert "2024" in drawn("one")
    assert "newer figure" not in drawn("one")
    assert "newer figure" in drawn("old")
    assert drawn("none").strip() == ""
    with translation.override("es"):
        assert 'lang="en"' in drawn("one")


def test_resources_show_whose_they_are_and_where(client: Client) -> None:
    make_resource(title="A guide", url="https://www.example.org/guide.pdf", provider="The council")
    make_resource(title="No address")

    page = client.get("/resources/").content.decode()

    assert '<a href="https://www.example.org/guide.pdf" rel="noreferrer">A guide</a>' in page
    assert "Leads to www.example.org" in page
    assert "The council" in page
    assert page.count("No address known: ask the provider") == 1


def test_resource_can_be_a_document_of_our_own(client: Client) -> None:
    document = Document.objects.create(title="Card", file="documents/card.pdf")
    make_resource(title="A card", document=document)

    page = client.get("/resources/").content.decode()

    assert f'<a href="{document.url}">A card</a>' in page


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ({"kind": "law"}, {"B"}),
        ({"audience": "lodging"}, {"A", "B"}),
        ({"language": "es"}, {"C"}),
        ({"kind": "law", "language": "es"}, set()),
        ({"kind": "nonsense", "page": "x"}, {"A", "B", "C"}),
    ],
)
def test_resources_can_be_narrowed_without_a_script(
    client: Client, asked: dict[str, str], shown: set[str]
) -> None:
    make_resource(title="Title A")
    make_resource(title="Title B", kind="law", audiences=["lodging"])
    make_resource(title="Title C", audiences=["child_welfare"], languages=["es"])

    page = client.get("/resources/", asked).content.decode()

    assert set(re.findall(r"Title ([ABC])", page)) == shown
    assert ("Nothing fits all of that" in page) == (shown == set())


def test_resources_say_when_there_are_none(client: Client) -> None:
    assert "No resources yet" in client.get("/resources/").content.decode()


def test_resources_come_a_dozen_at_a_time(client: Client) -> None:
    for number in range(13):
        make_resource(title=f"Guide {number:02}", kind="guide")

    first = client.get("/resources/", {"kind": "guide"}).content.decode()
    second = client.get("/resources/", {"kind": "guide", "page": "2"}).content.decode()

    assert "13 resources" in first
    assert len(re.findall(r"Guide \d\d", first)) == 12
    assert re.findall(r"Guide \d\d", second) == ["Guide 12"]
    assert 'href="?kind=guide&amp;page=2"' in first


@pytest.mark.parametrize(("path", "queries"), [("/faq/", 2), ("/resources/", 2)])
def test_lists_cost_the_same_however_long_they_are(
    client: Client,
    django_assert_num_queries: DjangoAssertNumQueries,
    path: str,
    queries: int,
) -> None:
    def add() -> None:
        make_question()
        make_fact()
        make_resource(document=Document.objects.create(title="Card", file="documents/card.pdf"))

    add()
    client.get(path)
    with django_assert_num_queries(queries):
        client.get(path)
    add()
    add()
    with django_assert_num_queries(queries):
        client.get(path)
