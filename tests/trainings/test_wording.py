"""Lengths and credit in words; a length must never read as credit."""

import pytest
from django.utils import translation

from lms.trainings.wording import credit_lines, length_in_words, length_sentence

NASW = {"accreditor": "NASW", "type": "self_study", "hours": "1.50"}


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
        ("1", "1 contact hour, NASW (self-study)"),
        ("1.00", "1 contact hour, NASW (self-study)"),
        ("1.5", "1.5 contact hours, NASW (self-study)"),
        ("0.5", "0.5 contact hours, NASW (self-study)"),
        ("10", "10 contact hours, NASW (self-study)"),
    ],
)
def test_credit_is_contact_hours_of_somebody(hours: str, words: str) -> None:
    assert credit_lines([{**NASW, "hours": hours}]) == [words]


def test_credit_of_an_unknown_kind_names_no_kind() -> None:
    assert credit_lines([{**NASW, "type": ""}]) == ["1.5 contact hours, NASW"]


def test_numbers_follow_the_language() -> None:
    with translation.override("es"):
        assert credit_lines([NASW])[0].startswith("1,5 ")
