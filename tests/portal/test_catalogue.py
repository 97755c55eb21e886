"""The catalogue: what a visitor finds, by each filter, at a constant cost."""

from html import unescape
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from courses.models import CoursePage
from events.models import LiveTrainingPage
from lms.pages.models import CataloguePage
from tests.factories.courses import make_course
from tests.factories.credit import NASW, NYSED, confirm_whole, credit_line, make_confirmation
from tests.factories.people import make_office

pytestmark = pytest.mark.django_db
THREE = "<ul><li>One</li><li>Two</li><li>Three</li></ul>"
STATE = [{"type": "credit", "value": credit_line(NYSED)}]


def make_live(**fields: Any) -> LiveTrainingPage:
    page = LiveTrainingPage(
        **{
            "title": "Live training",
            "slug": "live-training",
            "summary": "On Webex.",
            "office": make_office(),
            "audiences": ["child_welfare"],
            "minutes": 180,
            **fields,
        }
    )
    CataloguePage.objects.get().add_child(instance=page)
    page.save_revision().publish()
    return page


@pytest.fixture
def catalogue() -> dict[str, Any]:
    """A course for everyone, one with credit for hotels, and a live training."""
    make_course(title="Basics", audiences=["public"])
    hotels = make_course(
        title="Hotels", audiences=["lodging"], credit_lines=STATE, summary="Front desk", minutes=60
    )
    make_confirmation(hotels.office, NYSED)
    make_live()
    make_course(title="Not yet published", publish=False)
    return {}


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", ["Basics", "Hotels", "Live training"]),
        ("kind=live", ["Live training"]),
        ("kind=live&kind=course", ["Basics", "Hotels", "Live training"]),
        ("audience=lodging", ["Hotels"]),
        ("audience=lodging&audience=child_welfare", ["Hotels", "Live training"]),
        ("credit=yes", ["Hotels"]),
        ("credit=no", ["Basics", "Live training"]),
        ("credit=new-york", ["Hotels"]),
        ("credit=nysed-social-work", ["Hotels"]),
        ("credit=nasw", []),
        ("q=front+DESK", ["Hotels"]),
        ("language=es", []),
        ("language=en", ["Basics", "Hotels", "Live training"]),
        ("kind=nonsense&language=xx&page=99", ["Basics", "Hotels", "Live training"]),
    ],
)
def test_filters_find_what_was_asked(
    client: Client, catalogue: dict[str, Any], asked: str, found: list[str]
) -> None:
    answer = client.get(f"/trainings/?{asked}")
    assert [card.title for card in answer.context["cards"]] == found


def test_a_card_says_length_language_and_credit(client: Client, catalogue: dict[str, Any]) -> None:
    cards = client.get("/trainings/").context["cards"]
    assert [(card.length, card.languages, card.credit) for card in cards] == [
        ("20 minutes", "English", "No continuing-education credit"),
        ("1 hour", "English", "1 contact hour, NYSED social work (self-study)"),
        ("3 hours", "English", "No continuing-education credit"),
    ]


def test_nothing_found_says_so_and_leads_back(client: Client, catalogue: dict[str, Any]) -> None:
    CoursePage.objects.get(title="Hotels").unpublish()
    text = client.get("/trainings/?credit=yes").content.decode()
    assert "No training with credit" in text
    assert "None of the trainings that fit gives continuing-education credit" in text
    assert 'href="/trainings/"' in text


def test_planned_credit_is_none_until_it_is_confirmed(client: Client) -> None:
    course = make_course(title="Planned", credit_lines=STATE, minutes=60)
    [card] = client.get("/trainings/?credit=no").context["cards"]
    assert card.credit == "No continuing-education credit"
    make_confirmation(course.office, NYSED)
    assert client.get("/trainings/?credit=no").context["cards"] == []
    [card] = client.get("/trainings/?credit=new-york").context["cards"]
    assert card.title == "Planned"


def test_national_hours_are_no_new_york_hours_and_it_says_why(client: Client) -> None:
    page = make_live(
        credit_lines=[{"type": "credit", "value": credit_line(NASW, "live")}], learn=THREE
    )
    training = page.training()
    assert training is not None
    confirm_whole(training)
    [card] = client.get("/trainings/?credit=nasw").context["cards"]
    assert card.credit == "1 contact hour, NASW (live) - not New York license credit"
    text = unescape(client.get("/trainings/?credit=new-york").content.decode())
    assert "None of the trainings gives New York hours" in text
    assert "Hours of NASW are not counted here. New York's board does not recognize" in text


def test_a_visitor_gets_no_cookie(client: Client, catalogue: dict[str, Any]) -> None:
    assert not client.get("/trainings/").cookies


@pytest.mark.parametrize("courses", [1, 3])
def test_the_catalogue_costs_the_same_for_more_trainings(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, courses: int
) -> None:
    office = make_office()
    for number in range(courses):
        make_course(title=f"Course {number}", office=office)
    client.get("/trainings/")
    with django_assert_num_queries(QUERIES):
        client.get("/trainings/")


# Wagtail's own routing (8) and our list, its cards, languages, dates and who approves separately.
QUERIES = 13
