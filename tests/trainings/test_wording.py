"""Lengths and credit in words; a length must never read as credit."""

import pytest
from django.utils import translation

from lms.trainings.wording import (
    credit_in_short,
    credit_lines,
    credit_notes,
    length_in_words,
    length_sentence,
)

NASW = {"accreditor": "nasw", "type": "self_study", "hours": "1.50"}
STATE = {"accreditor": "nysed-social-work", "type": "self_study", "hours": "1.50"}
CAVEAT = (
    "New York's board does not recognize NASW's national approval, so by itself this is not New "
    "York license credit"
)


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0, "0 minutes"),
        (1, "1 minute"),
        (45, "45 minutes"),
        (60, "1 hour"),
        (61, "1 hour 1 minute"),
        (90, "1 hour 30 minutes"),
        (180, "3 hours"),
    ],
)
def test_length_in_words(minutes: int, words: str) -> None:
    assert length_in_words(minutes) == words


def test_length_without_credit_denies_it() -> None:
    assert length_sentence(60, []) == "Length 1 hour - no continuing-education credit"


def test_length_with_credit_leaves_it_to_its_own_lines() -> None:
    assert length_sentence(90, [NASW]) == "Length 1 hour 30 minutes"


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        ("1", "1 contact hour, NYSED social work (self-study)"),
        ("1.00", "1 contact hour, NYSED social work (self-study)"),
        ("1.5", "1.5 contact hours, NYSED social work (self-study)"),
        ("0.5", "0.5 contact hours, NYSED social work (self-study)"),
        ("10", "10 contact hours, NYSED social work (self-study)"),
    ],
)
def test_credit_is_contact_hours_of_somebody(hours: str, words: str) -> None:
    assert credit_lines([{**STATE, "hours": hours}]) == [words]


@pytest.mark.parametrize("named", ["nasw", "NASW", " Nasw "])
def test_national_credit_never_reads_as_new_york_credit(named: str) -> None:
    line = {**NASW, "accreditor": named}
    assert credit_lines([line]) == [f"1.5 contact hours, NASW (self-study) - {CAVEAT}"]
    assert credit_in_short([line]) == (
        "1.5 contact hours, NASW (self-study) - not New York license credit"
    )


def test_an_accreditor_as_it_was_once_typed_stays_readable() -> None:
    line = {"accreditor": "Old Board of Trainers", "type": "live", "hours": "2"}
    assert credit_lines([line]) == ["2 contact hours, Old Board of Trainers (live)"]


def test_no_credit_is_said_on_a_card() -> None:
    assert credit_in_short([]) == "No continuing-education credit"


def test_how_much_may_be_self_study_is_said_with_self_study_alone() -> None:
    assert credit_notes([STATE, NASW, {**STATE, "type": "live"}]) == [
        "NYSED social work: of 36 hours in 3 years, at most 12 may be self-study."
    ]
    assert credit_notes([{**STATE, "type": "live"}]) == []


def test_credit_of_an_unknown_kind_names_no_kind() -> None:
    assert credit_lines([{**STATE, "type": ""}]) == ["1.5 contact hours, NYSED social work"]


def test_numbers_follow_the_language() -> None:
    with translation.override("es"):
        assert credit_lines([NASW])[0].startswith("1,5 ")
