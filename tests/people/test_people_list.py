"""People given as a list: read forgivingly, judged line by line, added or only tried."""

from datetime import date

import pytest

from lms.core.exceptions import Refused
from lms.core.models import OutboxMessage
from lms.people.models import Employment, Organization, Person
from lms.people.people_list import MAX_LINES, Outcome, add, decode, read
from tests.factories.agencies import make_agency, make_member
from tests.factories.people import make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def agency() -> Organization:
    return make_agency(name="Harbor")


@pytest.mark.parametrize(
    "text",
    [
        "Ana Rivera, ana@example.org, 2026-11-02",
        "Ana Rivera;ANA@example.org;11/02/2026",
        "Ana Rivera\tana@example.org\t11/2/2026",
        '"Rivera, Ana",ana@example.org,2026-11-02',
        "Ana,Rivera,ana@example.org,2026-11-02",
        "\n\nName,E-mail,Hired on\nAna  Rivera,ana@example.org,2026-11-02\n",
        "hire date;email;last name;first name\n2026-11-02 00:00:00;ana@example.org;Rivera;Ana",
    ],
)
def test_lists_are_read_as_people_write_them(text: str) -> None:
    [line] = read(text)
    assert (line.first_name, line.last_name, line.email, line.hired_on, line.problem) == (
        "Ana",
        "Rivera",
        "ana@example.org",
        date(2026, 11, 2),
        "",
    )


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("Ana,ana@example.org,2026-11-02", "Give first and last name."),
        ("Ana Rivera,,2026-11-02", "The e-mail address is missing. People sign in with it."),
        ("Ana Rivera,ana at home,2026-11-02", "“ana at home” is no e-mail address."),
        ("Ana Rivera,ana@example.org", "The day of hire is missing."),
        (
            "Ana Rivera,ana@example.org,31.02.2026",
            "“31.02.2026” is no day. Write it as 2026-11-30 or 11/30/2026.",
        ),
        ("Ana Rivera,ana@example.org,0026-11-02", "Is the year of hire right?"),
    ],
)
def test_a_line_says_what_is_wrong_with_it(text: str, problem: str) -> None:
    assert [line.problem for line in read(text)] == [problem]


def test_an_address_counts_where_it_stands_first() -> None:
    lines = read("Ana Rivera,a@example.org,2026-11-02\nAna Rivera,A@example.org,2026-11-02")
    assert [line.problem for line in lines] == ["", "This address stands in line 1 already."]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (" \n ", "empty"),
        ("name,email,hired on", "empty"),
        ("A B,a@example.org,2026-11-02\n" * (MAX_LINES + 1), "too_long"),
    ],
)
def test_hopeless_lists_are_refused(text: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        read(text)
    assert refused.value.code == code


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_files_are_read_in_the_encodings_spreadsheets_write(encoding: str) -> None:
    assert decode("Ángel Núñez".encode(encoding)) == "Ángel Núñez"


def test_trying_keeps_nothing_and_tells_nobody(agency: Organization) -> None:
    lines = read("Ana Rivera,ana@example.org,2026-11-02")
    [line] = add(organization=agency, lines=lines, dry_run=True, actor=None)
    assert line.outcome == Outcome.ADDED
    assert (Person.objects.count(), Employment.objects.count()) == (0, 0)
    assert OutboxMessage.objects.count() == 0


def test_adding_does_what_trying_said(agency: Organization) -> None:
    make_member(agency, make_person("wei@example.org", name="Wei Zhang"))
    text = (
        "Ana Rivera,ana@example.org,2026-11-02\n"
        "Wei Zhang,wei@example.org,2026-11-02\n"
        "Somebody Else,wei@example.org,2026-11-02\n"
        "Bob,bob@example.org,2026-11-02"
    )
    lines = read(text)
    tried = add(organization=agency, lines=lines, dry_run=True, actor=None)
    came = add(organization=agency, lines=lines, actor=None)
    outcomes = [Outcome.ADDED, Outcome.KNOWN, Outcome.WRONG, Outcome.WRONG]
    assert [line.outcome for line in tried] == outcomes
    assert [line.outcome for line in came] == outcomes
    assert agency.employments.count() == 2
    [told] = OutboxMessage.objects.all()
    assert told.payload["to"] == "ana@example.org"
    assert "Nobody there sees your answers" in told.payload["text"]


def test_an_address_with_another_name_gives_nothing_away(agency: Organization) -> None:
    """Else a liaison could learn whose an address is, and see their trainings."""
    make_member(make_agency(), make_person("wei@example.org", name="Wei Zhang"))
    [line] = add(
        organization=agency, lines=read("Ana Rivera,wei@example.org,2026-11-02"), actor=None
    )
    assert line.outcome == Outcome.WRONG
    assert "Zhang" not in line.problem
    assert agency.employments.count() == 0
