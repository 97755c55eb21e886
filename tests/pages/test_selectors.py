"""Whom the help page names, and in which words."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from lms.pages import selectors
from lms.pages.built_in import BUILT_IN
from lms.pages.models import ContactTranslation, Resource
from tests.factories.pages import make_contact, make_fact, make_question, make_resource

pytestmark = pytest.mark.django_db


def test_help_contacts_without_rows_are_the_built_in_ones() -> None:
    contacts = selectors.help_contacts("en")

    assert [card.call for card in contacts.danger] == ["911"]
    assert [card.call for card in contacts.hotline] == ["888-373-7888"]
    assert contacts.child == []
    assert [card.source for card in contacts.everything()] == [row.source for row in BUILT_IN]


def test_built_in_contacts_speak_the_language_asked_for() -> None:
    with translation.override("ar"):
        spanish = selectors.help_contacts("es").hotline[0]
        russian = selectors.help_contacts("ru").hotline[0]

    assert (spanish.name, spanish.language) == ("Línea Nacional contra la Trata de Personas", "es")
    assert (russian.name, russian.language) == ("National Human Trafficking Hotline", "en")


def test_help_contacts_survive_a_database_that_does_not_answer(
    caplog: pytest.LogCaptureFixture,
) -> None:
    make_contact()

    def broken(execute: Callable[..., Any], *arguments: Any) -> None:
        raise OperationalError("server closed the connection")

    with connection.execute_wrapper(broken):
        contacts = selectors.help_contacts("en")

    assert [card.key for card in contacts.danger] == ["emergency-911"]
    assert [card.key for card in contacts.hotline] == ["national-hotline"]
    assert "built-in" in caplog.text


def test_row_takes_the_place_of_the_built_in_contact() -> None:
    make_contact(key="national-hotline", name="The hotline", call="888-555-0100", order=2)

    contacts = selectors.help_contacts("en")

    assert [(card.name, card.call) for card in contacts.hotline] == [
        ("The hotline", "888-555-0100")
    ]
    assert [card.key for card in contacts.danger] == ["emergency-911"]


def test_hidden_row_does_not_hide_the_built_in_contact() -> None:
    make_contact(key="national-hotline", name="The hotline", for_public=False)

    contacts = selectors.help_contacts("en")

    assert [card.name for card in contacts.hotline] == ["National Human Trafficking Hotline"]


def test_contacts_for_a_child_come_in_the_order_of_what_happened() -> None:
    make_contact(key="labor", situation="labor", order=1)
    make_contact(key="care", situation="residential_care", order=2)
    make_contact(key="missing", situation="missing_child", order=3)

    contacts = selectors.help_contacts("en")

    assert [card.key for card in contacts.child] == ["missing", "care", "labor"]


def test_place_to_ask_for_without_a_number_is_not_among_the_hotlines() -> None:
    make_contact(key="providers", call="")
    make_contact(key="second-line", call="", sms="800-555-0101")

    contacts = selectors.help_contacts("en")

    assert [card.key for card in contacts.nearby] == ["providers"]
    assert [card.key for card in contacts.hotline] == ["national-hotline", "second-line"]


def test_contacts_for_professionals_stand_apart() -> None:
    make_contact(key="mailbox", situation="professional", for_public=False)

    contacts = selectors.help_contacts("en")

    assert [card.key for card in contacts.professional] == ["mailbox"]
    assert [card.key for card in contacts.hotline] == ["national-hotline"]


def test_contact_speaks_the_language_it_was_translated_to() -> None:
    contact = make_contact(key="center", name="The center", call="800-555-0199")
    ContactTranslation.objects.create(contact=contact, language="es", name="El centro")

    spanish = next(card for card in selectors.help_contacts("es").hotline if card.key == "center")
    arabic = next(card for card in selectors.help_contacts("ar").hotline if card.key == "center")

    assert (spanish.name, spanish.language, spanish.call) == ("El centro", "es", "800-555-0199")
    assert (arabic.name, arabic.language) == ("The center", "en")


def test_number_in_a_sentence_keeps_its_order_from_right_to_left() -> None:
    contact = make_contact(key="c", note="Ask 888-373-7888.")
    ContactTranslation.objects.create(
        contact=contact, language="ar", name="مركز", note="اسأل 888-373-7888 أو 1-800-THE-LOST."
    )

    arabic = next(card for card in selectors.help_contacts("ar").hotline if card.key == "c")
    spanish = next(card for card in selectors.help_contacts("es").hotline if card.key == "c")

    assert arabic.note == "اسأل \u2066888-373-7888\u2069 أو \u20661-800-THE-LOST\u2069."
    assert spanish.note == "Ask 888-373-7888."


@pytest.mark.parametrize(
    ("number", "dialled"), [("911", "911"), ("888-373-7888", "+18883737888"), ("", "")]
)
def test_telephone_number_is_dialled_from_anywhere(number: str, dialled: str) -> None:
    make_contact(key="c", call=number)

    card = next(card for card in selectors.help_contacts("en").everything() if card.key == "c")

    assert card.dial == dialled


@pytest.mark.parametrize(
    ("sms", "shown"),
    [
        ("Text HELP to 233733", ("233733", "HELP", "233733?&body=HELP")),
        ("800-555-0100", ("800-555-0100", "", "+18005550100")),
        ("", ("", "", "")),
    ],
)
def test_text_message_is_addressed_and_begun(sms: str, shown: tuple[str, str, str]) -> None:
    make_contact(key="c", sms=sms)

    card = next(card for card in selectors.help_contacts("en").everything() if card.key == "c")

    assert (card.text_number, card.text_word, card.text_link) == shown


def test_help_contacts_cost_two_queries_however_many_there_are(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    make_contact()
    with django_assert_num_queries(2):
        selectors.help_contacts("es")
    make_contact()
    make_contact()
    with django_assert_num_queries(2):
        selectors.help_contacts("es")


def test_questions_fall_back_to_english_one_by_one() -> None:
    make_question(key="what", question="What?", order=1)
    make_question(key="who", question="Who?", order=2)
    make_question("es", key="what", question="¿Qué?", order=1)

    assert [item.question for item in selectors.questions("es")] == ["¿Qué?", "Who?"]
    assert [item.question for item in selectors.questions("en")] == ["What?", "Who?"]


def test_questions_can_be_asked_by_audience() -> None:
    make_question(question="Public?")
    make_question(question="Professional?", audience="professional")

    assert [item.question for item in selectors.questions("en", "professional")] == [
        "Professional?"
    ]
    assert len(selectors.questions("en", "nonsense")) == 2


def test_figures_leave_out_what_is_due_for_a_second_look() -> None:
    make_fact(key="old", review_on=date(2026, 6, 30), year=2021)
    make_fact(key="older-year", review_on=date(2027, 6, 30), year=2023)
    make_fact(key="newest", review_on=date(2027, 6, 30), year=2024)

    found = selectors.figures("en", today=date(2026, 11, 22))

    assert [fact.key for fact in found] == ["newest", "older-year"]


def test_figure_is_found_by_key_and_language() -> None:
    make_fact(key="one", statement="One.")
    make_fact("es", key="one", statement="Uno.")

    spanish = selectors.figure("one", "es")
    arabic = selectors.figure("one", "ar")

    assert spanish is not None
    assert spanish.statement == "Uno."
    assert arabic is not None
    assert arabic.statement == "One."
    assert selectors.figure("none", "en") is None


def test_resources_for_everyone_match_every_audience() -> None:
    everyone = make_resource(audiences=["public"], title="A")
    hotels = make_resource(audiences=["lodging"], title="B", kind="law")
    spanish = make_resource(audiences=["child_welfare"], title="C", languages=["es"])

    assert list(Resource.objects.matching()) == [everyone, hotels, spanish]
    assert list(Resource.objects.matching(audience="lodging")) == [everyone, hotels]
    assert list(Resource.objects.matching(kind="law")) == [hotels]
    assert list(Resource.objects.matching(language="es")) == [spanish]
    assert list(Resource.objects.matching(kind="law", language="es")) == []


def test_figures_by_key_have_the_language_and_those_due_for_a_look(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    make_fact(key="one", statement="One.", review_on=date(2020, 1, 1))
    make_fact("es", key="one", statement="Uno.")
    make_fact(key="two", statement="Two.")

    with django_assert_num_queries(1):
        found = selectors.figures_by_key(["one", "two", "none"], "es")
    assert {key: fact.statement for key, fact in found.items()} == {"one": "Uno.", "two": "Two."}
    with django_assert_num_queries(0):
        assert selectors.figures_by_key([], "es") == {}


def test_contacts_by_situation_have_each_its_own(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    make_contact(key="line", situation="trafficking")
    make_contact(key="police", situation="danger")
    make_contact(key="other", situation="labor")

    with django_assert_num_queries(2):
        found = selectors.contacts_by_situation(["danger", "trafficking", "missing_child"], "en")
    assert {place: [card.key for card in cards] for place, cards in found.items()} == {
        "danger": ["police"],
        "trafficking": ["line"],
        "missing_child": [],
    }
