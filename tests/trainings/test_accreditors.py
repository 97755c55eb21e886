"""Accreditors: what ships can be used and says what we found; what is broken is named by line."""

from decimal import Decimal
from pathlib import Path

import pytest

from lms.core.data_files import DataFileError
from lms.trainings.accrediting import FOLDER, find, load_accreditor, load_accreditors
from lms.trainings.checks import accreditor_errors, check_accreditors


def broken(tmp_path: Path, old: str, new: str) -> Path:
    """NASW with one thing changed."""
    text = (FOLDER / "nasw.yaml").read_text()
    assert old in text
    path = tmp_path / "nasw.yaml"
    path.write_text(text.replace(old, new, 1))
    return path


def test_all_that_ship_pass_the_system_check() -> None:
    assert check_accreditors(None) == []
    assert {"nasw", "nysed-social-work"} <= set(load_accreditors())


def test_new_york_takes_the_state_s_hours_and_not_the_national_ones() -> None:
    known = load_accreditors()
    state, national = known["nysed-social-work"], known["nasw"]
    assert (state.counts_in_new_york, state.refused_in_new_york) == (True, False)
    assert (national.counts_in_new_york, national.refused_in_new_york) == (False, True)


def test_the_state_s_rules() -> None:
    rules = load_accreditors()["nysed-social-work"]
    most = rules.self_study_most
    assert most is not None
    assert (most.hours, most.of_hours, most.years, rules.minutes_of_hour) == (12, 36, 3, 50)
    assert (rules.approval.months, rules.approval.per_training) == (36, False)


def test_the_national_rules() -> None:
    rules = load_accreditors()["nasw"]
    assert (rules.least_hours, rules.hours_step) == (Decimal(1), Decimal("0.5"))
    assert (rules.evaluation, rules.objectives, rules.approval.months) == (True, 3, 12)
    assert {"provider_number", "approval_number", "presenter"} <= set(rules.certificate_fields)


@pytest.mark.parametrize(
    ("hours", "items"), [("1", 10), ("1.5", 15), ("2", 15), ("2.5", 20), ("3", 20), ("0.5", 10)]
)
def test_each_begun_hour_asks_for_its_questions(hours: str, items: int) -> None:
    rule = load_accreditors()["nasw"].test
    assert rule is not None
    assert rule.items_for(Decimal(hours)) == items


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("pass_percent: 80", "pass_percent: 180", "test.pass_percent: 180 is greater"),
        ("id: nasw", "id: other", "id: the file is called nasw, so must the accreditor be"),
        ("checked_on: 2026-11-21", "checked_on: 2026-02-30", "is not a 'date'"),
        ("#{approval_number}", "#{licence}", "certificate.statement: "),
        ("types: [live, self_study]", "types: [radio]", "types.0: 'radio' is not one of"),
    ],
)
def test_a_broken_file_is_named_with_its_line(
    tmp_path: Path, old: str, new: str, words: str
) -> None:
    broken(tmp_path, old, new)
    [error] = accreditor_errors(tmp_path)
    assert error.msg.startswith("nasw.yaml, line ")
    assert words in error.msg


def test_a_missing_part_is_named(tmp_path: Path) -> None:
    path = broken(tmp_path, "evaluation: true\n", "")
    with pytest.raises(DataFileError, match="'evaluation' is a required property"):
        load_accreditor(path)


def test_found_by_id_and_by_the_name_once_typed() -> None:
    assert [row and row.id for row in (find("nasw"), find("NASW"), find("Somebody"))] == [
        "nasw",
        "nasw",
        None,
    ]
