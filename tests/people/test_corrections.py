"""Putting right what was recorded wrongly: the history stays, and nothing overlaps."""

from datetime import date
from typing import Any

import pytest
from django.db import InternalError, connection, transaction
from django.db.utils import IntegrityError
from django.utils import timezone

from lms.core import personal_data
from lms.core.exceptions import Refused
from lms.core.models import AuditEntry
from lms.people.correction_models import EmploymentCorrection
from lms.people.corrections import correct_employment, correct_post
from lms.people.enums import Post
from lms.people.models import Employment
from lms.people.moves import hire_again, transfer
from lms.people.services import change_post, employ, end_employment
from tests.factories.people import (
    make_employment,
    make_facility,
    make_organization,
    make_person,
)

pytestmark = pytest.mark.django_db
HIRED, POSTED, LEFT = date(2026, 3, 2), date(2026, 6, 1), date(2026, 9, 30)


def correct(employment: Employment, **given: Any) -> list[EmploymentCorrection]:
    """Correct some of the facts, the others as they are."""
    employment.refresh_from_db()
    facts = {
        "first_name": employment.person.first_name,
        "last_name": employment.person.last_name,
        "number": employment.number,
        "started_on": employment.started_on,
        "sent_by": employment.sent_by,
        "reason": "Typing mistake.",
        "actor": None,
    }
    return correct_employment(employment=employment, **{**facts, **given})


def mend(employment: Employment, place: int = -1, **given: Any) -> EmploymentCorrection | None:
    """Correct some facts of a post, the others as they are."""
    period = list(employment.periods.all())[place]
    facts = {
        "post": period.post,
        "guest_contact": period.guest_contact,
        "no_contact_reason": period.no_contact_reason,
        "starts_on": period.starts_on,
        "reason": "Typing mistake.",
        "actor": None,
    }
    return correct_post(period=period, **{**facts, **given})


def posted(**fields: Any) -> Employment:
    """Hired in March, in another post since June."""
    employment = make_employment(make_facility(), started_on=HIRED, **fields)
    change_post(
        employment=employment, post=Post.BELL, guest_contact=True, starts_on=POSTED, actor=None
    )
    return employment


def days(employment: Employment) -> list[tuple[str, date, date | None]]:
    return [(row.post, row.starts_on, row.ends_on) for row in employment.periods.all()]


def refused(code: str) -> Any:
    return pytest.raises(Refused, check=lambda refusal: refusal.code == code)


def test_each_fact_that_changes_is_a_row_with_what_it_was() -> None:
    manager = make_person(name="Ravi Menon")
    employment = make_employment(
        make_facility(), person=make_person(None, name="Rosa Almont"), started_on=HIRED, number="7"
    )
    rows = correct(
        employment,
        last_name="Almonte",
        number="17",
        started_on=date(2026, 3, 3),
        sent_by="Night Staff Inc.",
        actor=manager,
    )
    assert [(row.kind, row.was, row.became) for row in rows] == [
        (
            "name",
            {"first_name": "Rosa", "last_name": "Almont"},
            {"first_name": "Rosa", "last_name": "Almonte"},
        ),
        ("number", {"number": "7"}, {"number": "17"}),
        ("hired", {"started_on": "2026-03-02"}, {"started_on": "2026-03-03"}),
        ("sent_by", {"sent_by": ""}, {"sent_by": "Night Staff Inc."}),
    ]
    assert {(row.reason, row.corrected_by) for row in rows} == {("Typing mistake.", manager)}
    employment.refresh_from_db()
    assert (str(employment.person), employment.number) == ("Rosa Almonte", "17")
    assert employment.person.search_name == "rosa almonte"
    assert days(employment) == [("front_desk", date(2026, 3, 3), None)]
    [noted] = AuditEntry.objects.filter(action="employment.corrected")
    assert noted.data == {"fields": ["name", "number", "hired", "sent_by"]}


def test_the_same_facts_change_nothing_and_need_no_reason() -> None:
    employment = make_employment(make_facility(), started_on=HIRED)
    assert correct(employment, reason="") == []
    assert mend(employment, reason="") is None
    assert EmploymentCorrection.objects.count() == 0


def test_a_correction_without_a_reason_is_refused() -> None:
    employment = make_employment(make_facility(), started_on=HIRED)
    with refused("reason_missing"):
        correct(employment, started_on=POSTED, reason=" ")
    with refused("reason_missing"):
        mend(employment, post=Post.BELL, reason="")


def test_taking_back_is_another_correction() -> None:
    employment = make_employment(make_facility(), started_on=HIRED)
    correct(employment, started_on=POSTED)
    correct(employment, started_on=HIRED, reason="It was right.")
    employment.refresh_from_db()
    assert employment.started_on == HIRED
    assert EmploymentCorrection.objects.count() == 2


@pytest.mark.parametrize("statement", ["UPDATE {0} SET reason = 'x'", "DELETE FROM {0}"])
def test_the_history_is_not_rewritten(statement: str) -> None:
    correct(make_employment(make_facility(), started_on=HIRED), started_on=POSTED)
    with (
        pytest.raises((InternalError, IntegrityError), match="keeps facts"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format("people_employmentcorrection"))


@pytest.mark.parametrize("other", ["signed in", "employed elsewhere"])
def test_a_name_that_is_not_the_facilitys_is_left_to_the_person(other: str) -> None:
    person = make_person(
        None, name="Rosa Almonte", last_login=timezone.now() if other == "signed in" else None
    )
    if other == "employed elsewhere":
        make_employment(make_facility(), person=person)
    employment = make_employment(make_facility(), person=person, started_on=HIRED)
    with refused("own_name"):
        correct(employment, last_name="Other")
    assert correct(employment, number="4")


def test_a_number_somebody_here_has_is_refused() -> None:
    facility = make_facility()
    make_employment(facility, number="17")
    employment = make_employment(facility, started_on=HIRED)
    with refused("number_taken"):
        correct(employment, number="17")


def test_a_hire_date_stays_before_the_next_post_and_the_last_day() -> None:
    employment = posted()
    with refused("overlaps"):
        correct(employment, started_on=POSTED)
    end_employment(employment=employment, ended_on=LEFT, actor=None)
    with refused("ends_before_start"):
        correct(employment, started_on=date(2026, 10, 1))
    correct(employment, started_on=date(2026, 5, 31))
    assert days(employment) == [
        ("front_desk", date(2026, 5, 31), date(2026, 5, 31)),
        ("bell", POSTED, LEFT),
    ]


def test_two_employments_of_one_person_here_never_share_a_day() -> None:
    employment = make_employment(make_facility(), started_on=HIRED)
    end_employment(employment=employment, ended_on=LEFT, actor=None)
    with refused("overlaps"):
        hire_again(employment=employment, started_on=LEFT, actor=None)
    begun = hire_again(employment=employment, started_on=date(2026, 10, 1), actor=None)
    assert begun.person == employment.person
    with refused("overlaps"):
        correct(begun, started_on=LEFT)
    with refused("already_employed"):
        hire_again(employment=employment, started_on=date(2026, 11, 1), actor=None)


def test_somebody_who_is_a_merged_record_of_the_person_counts_as_the_person() -> None:
    employment = make_employment(make_facility(), started_on=HIRED)
    end_employment(employment=employment, ended_on=LEFT, actor=None)
    stayed = make_person(None)
    employment.person.canonical_person = stayed
    employment.person.save()
    with refused("overlaps"):
        employ(
            person=stayed,
            organization=employment.organization,
            started_on=LEFT,
            actor=None,
        )


def test_a_post_is_corrected_with_its_first_day() -> None:
    employment = posted()
    row = mend(
        employment,
        post=Post.OFFICE,
        guest_contact=False,
        no_contact_reason="Works in the cellar.",
        starts_on=date(2026, 7, 1),
    )
    assert row
    assert row.was["starts_on"] == "2026-06-01"
    assert days(employment) == [
        ("front_desk", HIRED, date(2026, 6, 30)),
        ("office", date(2026, 7, 1), None),
    ]


def test_a_post_keeps_a_day_for_its_neighbors() -> None:
    employment = posted()
    with refused("first_post"):
        mend(employment, 0, starts_on=date(2026, 3, 3))
    with refused("overlaps"):
        mend(employment, starts_on=HIRED)
    end_employment(employment=employment, ended_on=LEFT, actor=None)
    with refused("overlaps"):
        mend(employment, starts_on=date(2026, 10, 1))
    with refused("contact_reason_missing"):
        mend(employment, guest_contact=False)


def test_a_person_gets_what_was_corrected_about_them() -> None:
    employment = make_employment(make_facility(name="Hudson House"), started_on=HIRED)
    correct(employment, started_on=POSTED)
    [row] = personal_data.export(employment.person)["corrections of employments"]
    assert (row["organization"], row["reason"]) == ("Hudson House", "Typing mistake.")


def test_a_transfer_ends_here_and_begins_there_at_once() -> None:
    company = make_organization("company")  # type: ignore[arg-type]
    here, there = make_facility(parent=company), make_facility(parent=company)
    employment = make_employment(here, started_on=HIRED)
    for _time in range(2):
        begun = transfer(
            employment=employment, to=there, first_day=POSTED, post=Post.BELL, actor=None
        )
    employment.refresh_from_db()
    assert (employment.ended_on, begun.started_on) == (date(2026, 5, 31), POSTED)
    assert (begun.person, begun.organization) == (employment.person, there)
    assert Employment.objects.count() == 2


@pytest.mark.parametrize(
    ("case", "code"),
    [
        ("other company", "other_company"),
        ("too early", "starts_too_early"),
        ("left", "already_left"),
        ("there", "already_employed"),
        ("number", "number_taken"),
    ],
)
def test_a_transfer_that_cannot_be_changes_nothing(case: str, code: str) -> None:
    company = make_organization("company")  # type: ignore[arg-type]
    here = make_facility(parent=company)
    there = make_facility(parent=None if case == "other company" else company)
    employment = make_employment(here, started_on=HIRED)
    if case == "left":
        end_employment(employment=employment, ended_on=LEFT, actor=None)
    if case == "there":
        make_employment(there, person=employment.person, started_on=HIRED)
    make_employment(there, number="17")
    before = list(Employment.objects.order_by("pk").values())
    with refused(code):
        transfer(
            employment=employment,
            to=there,
            first_day=HIRED if case == "too early" else POSTED,
            number="17" if case == "number" else "",
            actor=None,
        )
    assert list(Employment.objects.order_by("pk").values()) == before
