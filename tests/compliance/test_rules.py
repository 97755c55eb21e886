"""Rule sets: what ships can be used, what is broken is named with its line, a state is a file."""

from datetime import date
from pathlib import Path

import pytest

from lms.compliance.checks import check_rule_sets, rule_set_errors
from lms.compliance.facts import ApprovalFact, Facts, PeriodFact, TrainingFact
from lms.compliance.rules import FOLDER, RuleSetError, get_rule, load_rule
from lms.compliance.standing import standing
from lms.trainings.models import Topic

TEXAS = Path(__file__).parent / "rulesets" / "tx-bc-114.yaml"


def broken(tmp_path: Path, old: str, new: str) -> Path:
    """GBL 205 with one thing changed."""
    text = (FOLDER / "ny-gbl-205.yaml").read_text()
    assert old in text
    path = tmp_path / "ny-gbl-205.yaml"
    path.write_text(text.replace(old, new))
    return path


def line_of(path: Path, words: str) -> int:
    """The line (from 1) that holds the words."""
    lines = path.read_text().splitlines()
    return next(number for number, line in enumerate(lines, 1) if words in line)


def test_gbl_205_asks_for_the_six_points_of_the_statute() -> None:
    rule = get_rule()
    assert sorted(rule.topic_codes) == [
        "NY205-T1",
        "NY205-T2",
        "NY205-T3",
        "NY205-T4",
        "NY205-T4A",
        "NY205-T4B",
    ]
    conditions = rule.conditions
    assert (conditions.approved_program, conditions.on_premises, conditions.paid_time) == (
        True,
        True,
        True,
    )
    assert (rule.is_law, rule.deadline.days, rule.retention_years) == (True, 60, 1)


def test_every_rule_that_ships_passes_the_system_check() -> None:
    assert check_rule_sets(None) == []


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("days: 60", "days: sixty", "days: 'sixty' is not of type 'integer'"),
        ("as_of: 2026-11-21", "as_of: 2026-02-30", "as_of: '2026-02-30' is not a 'date'"),
        ("kind: law", "kind: advice", "kind: 'advice' is not one of"),
        ("id: ny-gbl-205", "id: other", "id: the file is called ny-gbl-205"),
        ("code: NY205-T2", "code: t2", "topics.1.code: 't2' does not match"),
        ("renewal: null", "renewal: 12", "renewal: 12 is not of type 'object', 'null'"),
        ("state: NY", "state: New York", "applies_if.state: 'New York' does not match"),
        ("  guest_contact: true", "  guest_contact: true\n  posts: [pool]", "'pool' is not one of"),
    ],
)
def test_a_broken_rule_is_named_with_file_and_line(
    tmp_path: Path, old: str, new: str, words: str
) -> None:
    path = broken(tmp_path, old, new)
    [error] = rule_set_errors(tmp_path)
    assert error.msg.startswith(f"ny-gbl-205.yaml, line {line_of(path, new.splitlines()[-1])}: ")
    assert words in error.msg


def test_a_missing_part_is_named(tmp_path: Path) -> None:
    path = broken(tmp_path, "  on_premises: true\n", "")
    [error] = rule_set_errors(tmp_path)
    assert f"line {line_of(path, 'conditions:')}: conditions: 'on_premises' is a required" in (
        error.msg
    )


def test_days_and_months_together_are_refused(tmp_path: Path) -> None:
    path = broken(tmp_path, "  days: 60", "  days: 60\n  months: 2")
    [error] = rule_set_errors(tmp_path)
    assert f"line {line_of(path, 'deadline:')}: deadline: " in error.msg


def test_a_file_that_is_no_yaml_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text("id: bad\ntitle: [never closed\n")
    with pytest.raises(RuleSetError, match=r"^bad\.yaml, line \d+: "):
        load_rule(tmp_path / "bad.yaml")


@pytest.mark.parametrize(
    ("said", "applies"),
    [
        ({"rooms": 184, "owner_lives_there": False, "is_dwelling": False}, True),
        ({"rooms": 184, "owner_lives_there": True, "is_dwelling": False}, True),
        ({"rooms": 5, "owner_lives_there": False, "is_dwelling": False}, True),
        ({"rooms": 6, "owner_lives_there": True, "is_dwelling": False}, True),
        ({"rooms": 5, "owner_lives_there": True, "is_dwelling": False}, False),
        ({"rooms": 184, "owner_lives_there": False, "is_dwelling": True}, False),
        ({"rooms": 5, "owner_lives_there": None, "is_dwelling": False}, None),
        ({"rooms": None, "owner_lives_there": True, "is_dwelling": None}, None),
        ({"rooms": None, "owner_lives_there": False, "is_dwelling": None}, True),
    ],
)
def test_both_halves_of_the_small_house_exception_are_needed(
    said: dict[str, bool | int | None], applies: bool | None
) -> None:
    found = get_rule().applies_to(**said)  # type: ignore[arg-type]
    assert found.applies is applies
    assert "GBL 205" in found.why


@pytest.mark.parametrize(
    ("left", "kept_until"),
    [
        (date(2026, 3, 1), date(2027, 3, 1)),
        (date(2024, 2, 29), date(2025, 3, 1)),
    ],
)
def test_the_record_is_kept_a_year_after_leaving(left: date, kept_until: date) -> None:
    assert get_rule().kept_until(left) == kept_until


def test_the_oldest_record_to_keep_on_a_leap_day_is_on_the_safe_side() -> None:
    assert get_rule().kept_since(date(2024, 2, 29)) == date(2023, 2, 28)


def test_another_state_is_a_file() -> None:
    rule = load_rule(TEXAS)
    facts = Facts(
        hired_on=date(2026, 1, 1),
        ended_on=None,
        periods=(PeriodFact(False, "Works in the cellar", date(2026, 1, 1), None),),
        trainings=(
            TrainingFact(
                completion_id="a",
                occurred_on=date(2026, 3, 31),
                program="A program",
                topics=frozenset({"TX114-A", "TX114-B"}),
                approval=ApprovalFact("other", approved_by="Attorney general"),
                minutes=20,
            ),
        ),
    )
    found = standing(rule, facts, date(2026, 6, 1))
    assert (found.state, found.met_on) == ("met_on_time", date(2026, 3, 31))


@pytest.mark.django_db
def test_trainings_can_name_the_topics_of_every_rule() -> None:
    assert get_rule().topic_codes <= set(Topic.objects.values_list("code", flat=True))
