"""Another state is a file: its houses, posts, days, length, renewal and record. No database."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from lms.compliance.facts import ApprovalFact, Facts, PeriodFact, TrainingFact
from lms.compliance.rules import Rule, load_rule, load_rules
from lms.compliance.selectors import Summary, summarize
from lms.compliance.standing import Standing, standing

FOLDER = Path(__file__).parent / "rulesets"
TEXAS, FLORIDA, CALIFORNIA = (
    load_rule(FOLDER / f"{name}.yaml") for name in ("tx-bc-114", "fl-509-096", "ca-12950-3")
)
HIRED = date(2026, 1, 1)


def worked(
    rule: Rule,
    *trained: date,
    hired: date = HIRED,
    ended: date | None = None,
    posts: tuple[tuple[str, date], ...] = (),
    **training: Any,
) -> Facts:
    """Somebody in one post after another, trained on these days with every tick."""
    held = posts or (("front_desk", hired),)
    ends = [*(day - timedelta(days=1) for _post, day in held[1:]), ended]
    said: dict[str, Any] = {
        "program": "A program",
        "topics": rule.topic_codes,
        "approval": ApprovalFact("other", approved_by="The state"),
        "minutes": 30,
        **training,
    }
    return Facts(
        hired_on=hired,
        ended_on=ended,
        periods=tuple(
            PeriodFact(True, "", first, last, post)
            for (post, first), last in zip(held, ends, strict=True)
        ),
        trainings=tuple(
            TrainingFact(completion_id=f"c{day}", occurred_on=day, **said) for day in trained
        ),
    )


def judge(rule: Rule, facts: Facts, as_of: date) -> Standing:
    return standing(rule, facts, as_of)


def test_a_folder_of_states_is_loaded_by_name() -> None:
    assert sorted(load_rules(FOLDER)) == ["ca-12950-3", "fl-509-096", "tx-bc-114"]


# --- which houses ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "applies", "why"),
    [
        ({"rooms": 10, "state": "TX"}, True, "is for places that take transient guests"),
        ({"rooms": 9, "state": "TX"}, False, "is for places with at least 10 rooms for hire"),
        ({"rooms": None, "state": "TX"}, None, "Say how many rooms there are for hire, to be sure"),
        ({"rooms": 200, "state": "NY"}, False, "is for places in Texas, and this place is else"),
        ({"rooms": 200}, True, ""),
    ],
)
def test_a_state_says_which_houses_are_meant(
    said: dict[str, Any], applies: bool | None, why: str
) -> None:
    found = TEXAS.applies_to(owner_lives_there=True, is_dwelling=None, **said)
    assert found.applies is applies
    assert why in found.why


def test_gbl_205_is_not_for_a_house_in_texas() -> None:
    here = {"rooms": 200, "owner_lives_there": False, "is_dwelling": False}
    rule = load_rules()["ny-gbl-205"]
    assert rule.applies_to(**here, state="TX").applies is False  # type: ignore[arg-type]
    assert rule.applies_to(**here, state="NY", county="Erie").applies is True  # type: ignore[arg-type]


# --- which posts, and from when -------------------------------------------------------------------


def test_a_post_the_rule_does_not_name_is_not_covered() -> None:
    facts = worked(FLORIDA, posts=(("maintenance", HIRED),))
    found = judge(FLORIDA, facts, date(2026, 6, 1))
    assert found.state == "not_covered"
    assert found.why == (
        "Florida 509.096 is for those who clean rooms or work at the front desk; this post is not "
        "among them."
    )


def test_the_days_begin_with_the_post_where_the_law_says_so() -> None:
    facts = worked(FLORIDA, posts=(("maintenance", HIRED), ("housekeeping", date(2026, 5, 1))))
    found = judge(FLORIDA, facts, date(2026, 6, 1))
    assert (found.state, found.due_on, found.last_day) == (
        "due",
        date(2026, 6, 29),
        date(2026, 6, 30),
    )
    assert found.clock
    assert found.clock.words == (
        "In this post since May 1, 2026; June 29, 2026 is day 60, counting the first day."
    )
    assert judge(FLORIDA, facts, date(2026, 7, 1)).state == "overdue"


def test_between_two_named_posts_the_days_run_on() -> None:
    facts = worked(FLORIDA, posts=(("front_desk", HIRED), ("housekeeping", date(2026, 2, 1))))
    assert judge(FLORIDA, facts, date(2026, 2, 1)).due_on == date(2026, 3, 1)


def test_where_the_count_is_from_hiring_a_named_post_gets_no_further_days() -> None:
    rule = replace(FLORIDA, deadline=replace(FLORIDA.deadline, from_post=False))
    facts = worked(rule, posts=(("maintenance", HIRED), ("housekeeping", date(2026, 5, 1))))
    found = judge(rule, facts, date(2026, 5, 1))
    assert found.due_on == date(2026, 5, 1)
    assert found.clock
    assert found.clock.words.startswith("In a post that the rule names since May 1, 2026.")


@pytest.mark.parametrize(
    ("begins", "due_on", "last_day"),
    [
        (date(2026, 1, 15), date(2026, 7, 14), date(2026, 7, 15)),
        (date(2025, 8, 31), date(2026, 2, 27), date(2026, 2, 28)),
        (date(2023, 8, 29), date(2024, 2, 28), date(2024, 2, 29)),
    ],
)
def test_months_are_counted_on_the_calendar(begins: date, due_on: date, last_day: date) -> None:
    found = judge(CALIFORNIA, worked(CALIFORNIA, hired=begins), begins)
    assert (found.due_on, found.last_day) == (due_on, last_day)
    assert "is the last day of the first 6 months" in found.clock.words  # type: ignore[union-attr]


def test_a_law_that_ended_covers_nobody_any_more() -> None:
    facts = worked(CALIFORNIA)
    assert judge(CALIFORNIA, facts, date(2027, 12, 31)).state == "overdue"
    after = judge(CALIFORNIA, facts, date(2028, 1, 1))
    assert (after.state, after.why) == (
        "not_covered",
        "California 12950.3 was in force until Dec. 31, 2027.",
    )


# --- long enough ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("minutes", "state"), [(19, "trained_not_proven"), (20, "met_on_time")])
def test_a_training_must_be_as_long_as_the_law_asks(minutes: int, state: str) -> None:
    day = date(2026, 2, 1)
    found = judge(TEXAS, worked(TEXAS, day, minutes=minutes), date(2026, 3, 1))
    assert found.state == state
    assert ("that it took at least 20 minutes" in found.why) is (state != "met_on_time")


def test_without_a_training_its_length_is_among_what_is_missing() -> None:
    assert "that it took at least 20 minutes" in judge(TEXAS, worked(TEXAS), HIRED).why


# --- again ----------------------------------------------------------------------------------------


def test_met_says_by_when_it_is_to_be_renewed() -> None:
    found = judge(TEXAS, worked(TEXAS, date(2026, 2, 10)), date(2026, 3, 1))
    assert (found.state, found.due_on) == ("met_on_time", date(2027, 2, 10))
    assert found.why == "Trained on Feb. 10, 2026; every point is shown. Renew by Feb. 10, 2027."
    assert found.clock
    assert found.clock.words == (
        "Trained Feb. 10, 2026; to be taken again within 12 months: renew by Feb. 10, 2027."
    )


@pytest.mark.parametrize(
    ("as_of", "state", "why"),
    [
        (date(2027, 1, 10), "met_on_time", "Renew by Feb. 10, 2027."),
        (date(2027, 1, 11), "renew_soon", "asks for it again: renew by Feb. 10, 2027."),
        (date(2027, 2, 10), "renew_soon", "asks for it again: renew by Feb. 10, 2027."),
        (date(2027, 2, 11), "overdue", "it was to be renewed by Feb. 10, 2027."),
    ],
)
def test_the_renewal_comes_due(as_of: date, state: str, why: str) -> None:
    found = judge(TEXAS, worked(TEXAS, date(2026, 2, 10)), as_of)
    assert found.state == state
    assert found.why.endswith(why)
    assert found.is_met is (state != "overdue")


@pytest.mark.parametrize(
    ("trained", "due_on", "last_day"),
    [
        (date(2024, 2, 29), date(2025, 2, 28), date(2025, 3, 1)),
        (date(2023, 2, 28), date(2024, 2, 28), date(2024, 2, 28)),
        (date(2023, 3, 1), date(2024, 3, 1), date(2024, 3, 1)),
    ],
)
def test_a_year_over_a_leap_day(trained: date, due_on: date, last_day: date) -> None:
    facts = worked(TEXAS, trained, hired=date(2023, 1, 1))
    found = judge(TEXAS, facts, due_on)
    assert (found.due_on, found.last_day, found.state) == (due_on, last_day, "renew_soon")
    assert judge(TEXAS, facts, last_day).state == "renew_soon"
    assert judge(TEXAS, facts, last_day + timedelta(days=1)).state == "overdue"


def test_every_two_years_from_a_leap_day() -> None:
    facts = worked(CALIFORNIA, date(2024, 2, 29), hired=date(2024, 1, 1))
    assert judge(CALIFORNIA, facts, date(2024, 6, 1)).due_on == date(2026, 2, 28)


@pytest.mark.parametrize(
    ("again", "state"), [(date(2027, 2, 10), "met_on_time"), (date(2027, 2, 11), "met_late")]
)
def test_taken_again_starts_the_year_anew_and_late_is_said(again: date, state: str) -> None:
    found = judge(TEXAS, worked(TEXAS, date(2026, 2, 10), again), date(2027, 6, 1))
    assert (found.state, found.met_on, found.due_on) == (
        state,
        again,
        date(2028, again.month, again.day),
    )


def test_taken_early_counts_from_then() -> None:
    facts = worked(TEXAS, date(2026, 2, 10), date(2026, 8, 1))
    assert judge(TEXAS, facts, date(2026, 9, 1)).due_on == date(2027, 8, 1)


def test_a_part_taken_again_does_not_move_the_day() -> None:
    whole = worked(TEXAS, date(2026, 2, 10))
    part = replace(
        whole.trainings[0],
        completion_id="part",
        occurred_on=date(2026, 9, 1),
        topics=frozenset({"TX114-A"}),
    )
    rest = replace(
        part, completion_id="rest", occurred_on=date(2026, 10, 1), topics=frozenset({"TX114-B"})
    )
    half = judge(TEXAS, replace(whole, trainings=(*whole.trainings, part)), date(2026, 11, 1))
    assert half.due_on == date(2027, 2, 10)
    both = judge(TEXAS, replace(whole, trainings=(*whole.trainings, part, rest)), date(2026, 11, 1))
    assert (both.due_on, both.state) == (date(2027, 9, 1), "met_on_time")


def test_taken_again_without_proof_is_not_yet_proven() -> None:
    facts = worked(TEXAS, date(2026, 2, 10))
    short = replace(
        facts.trainings[0], completion_id="short", occurred_on=date(2027, 2, 1), minutes=10
    )
    found = judge(TEXAS, replace(facts, trainings=(*facts.trainings, short)), date(2027, 3, 1))
    assert found.state == "trained_not_proven"
    assert "that it took at least 20 minutes" in found.why
    # Long before the day it changes nothing: the first training still counts.
    early = replace(short, occurred_on=date(2026, 5, 1))
    found = judge(TEXAS, replace(facts, trainings=(*facts.trainings, early)), date(2026, 6, 1))
    assert found.state == "met_on_time"


@pytest.mark.parametrize(
    ("ended", "state"),
    [
        (date(2027, 2, 1), "met_on_time"),
        (date(2027, 2, 10), "met_on_time"),
        (date(2027, 3, 1), "left_not_trained"),
    ],
)
def test_who_left_stands_as_on_the_last_day(ended: date, state: str) -> None:
    facts = worked(TEXAS, date(2026, 2, 10), ended=ended)
    assert judge(TEXAS, facts, date(2027, 6, 1)).state == state


def test_a_renewal_is_never_due_before_the_rule_is_in_force() -> None:
    rule = replace(TEXAS, effective_from=date(2028, 1, 1))
    facts = worked(rule, date(2026, 2, 10))
    assert judge(rule, facts, date(2028, 1, 1)).due_on == date(2028, 1, 1)


def test_a_rule_that_only_repeats_asks_nobody_for_a_first_time() -> None:
    rule = replace(TEXAS, only_again=True)
    found = judge(rule, worked(rule), date(2026, 12, 1))
    assert (found.state, found.missing) == ("not_covered", ())
    assert "counts from the first one" in found.why


def test_the_headline_counts_who_is_to_renew() -> None:
    found = judge(TEXAS, worked(TEXAS, date(2026, 2, 10)), date(2027, 2, 1))

    class Line:
        standing = found

    summary: Summary = summarize([Line(), Line()])  # type: ignore[list-item]
    assert summary.sentence == "2 of 2 trained. 2 to renew by Feb. 10, 2027."
    assert (summary.met, summary.needing_action) == (2, 2)


# --- the record -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "trained", "kept"),
    [
        (TEXAS, date(2026, 2, 10), date(2028, 2, 10)),
        (TEXAS, date(2024, 2, 29), date(2026, 6, 30)),
        (TEXAS, None, date(2028, 6, 30)),
        (FLORIDA, date(2026, 2, 10), date(2027, 6, 30)),
    ],
)
def test_each_law_says_how_long_the_record_is_kept(
    rule: Rule, trained: date | None, kept: date
) -> None:
    assert rule.kept_until(date(2026, 6, 30), trained) == kept
