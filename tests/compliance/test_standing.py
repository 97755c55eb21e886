"""Standing: every state, and the calendar's edges. Pure: no database."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from lms.compliance.enums import StandingState
from lms.compliance.facts import (
    ApprovalFact,
    ExemptionFact,
    Facts,
    PeriodFact,
    SignatureFact,
    TrainingFact,
)
from lms.compliance.rules import Applicability, get_rule
from lms.compliance.standing import Standing, standing

HIRED = date(2026, 1, 5)
RULE = get_rule()
STATE_MADE = ApprovalFact("state_made", approved_by="State office")
SIGNED = SignatureFact(on_premises=True, paid_time=True, signed_on=date(2026, 6, 1))
ALL_TOPICS = RULE.topic_codes


def facts(hired_on: date = HIRED, **known: Any) -> Facts:
    """Somebody at the front desk since the hire date, with nothing recorded."""
    defaults: dict[str, Any] = {
        "ended_on": None,
        "periods": (PeriodFact(True, "", hired_on, known.get("ended_on")),),
    }
    return Facts(hired_on=hired_on, **{**defaults, **known})


def training(occurred_on: date, completion_id: str = "a", **known: Any) -> TrainingFact:
    """A training with every tick."""
    defaults: dict[str, Any] = {
        "program": "Awareness for lodging staff",
        "topics": ALL_TOPICS,
        "approval": STATE_MADE,
        "signature": SIGNED,
    }
    return TrainingFact(completion_id, occurred_on, **{**defaults, **known})


def judge(known: Facts, as_of: date) -> Standing:
    return standing(RULE, known, as_of)


def lacks(found: Standing) -> list[str]:
    """What is missing, as codes."""
    return [str(lack.code or lack.kind) for lack in found.missing]


# --- the clock ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("as_of", "state"),
    [
        (HIRED - timedelta(days=1), "not_due"),
        (HIRED, "due"),
        (HIRED + timedelta(days=44), "due"),
        (HIRED + timedelta(days=45), "due_soon"),
        (HIRED + timedelta(days=59), "due_soon"),
        (HIRED + timedelta(days=60), "due_soon"),
        (HIRED + timedelta(days=61), "overdue"),
    ],
)
def test_untrained_stands_by_the_calendar(as_of: date, state: str) -> None:
    assert judge(facts(), as_of).state == state


def test_due_day_is_the_stricter_count_and_the_last_day_the_other() -> None:
    found = judge(facts(), HIRED)
    assert (found.due_on, found.last_day) == (date(2026, 3, 5), date(2026, 3, 6))
    assert "day 60" in found.clock.words


@pytest.mark.parametrize(
    ("hired_on", "due_on"),
    [
        (date(2024, 1, 1), date(2024, 2, 29)),  # a leap year's February
        (date(2024, 2, 29), date(2024, 4, 28)),  # hired on the leap day
        (date(2025, 1, 1), date(2025, 3, 1)),  # no leap day
        (date(2026, 2, 1), date(2026, 4, 1)),  # the clocks go forward in between
        (date(2026, 10, 1), date(2026, 11, 29)),  # the clocks go back in between
        (date(2026, 11, 15), date(2027, 1, 13)),  # over the end of the year
    ],
)
def test_days_are_counted_on_the_calendar(hired_on: date, due_on: date) -> None:
    found = judge(facts(hired_on), hired_on)
    assert found.due_on == due_on
    assert judge(facts(hired_on), due_on + timedelta(days=1)).state == "due_soon"
    assert judge(facts(hired_on), due_on + timedelta(days=2)).state == "overdue"


def test_on_the_day_between_the_counts_both_are_said() -> None:
    found = judge(facts(), HIRED + timedelta(days=60))
    assert found.why.startswith(
        "Today is the last day if the day of hire is not counted; March 5, 2026 if it is. Missing: "
    )


@pytest.mark.parametrize(
    ("hired_on", "due_on"),
    [
        (date(2019, 4, 1), date(2023, 11, 20)),
        (date(2023, 7, 19), date(2023, 11, 20)),
        (date(2023, 7, 20), date(2023, 9, 17)),
    ],
)
def test_staff_from_before_the_law_have_the_laws_date(hired_on: date, due_on: date) -> None:
    assert judge(facts(hired_on), date(2023, 8, 1)).due_on == due_on


def test_staff_from_before_the_law_are_overdue_the_day_after() -> None:
    known = facts(date(2019, 4, 1))
    states = [judge(known, date(2023, 11, day)).state for day in (20, 21)]
    assert states == ["due_soon", "overdue"]


def test_before_the_law_nobody_is_covered() -> None:
    assert judge(facts(date(2019, 4, 1)), date(2023, 7, 19)).state == "not_covered"


def test_hired_for_a_later_day_is_not_due_and_knows_when_it_will_be() -> None:
    found = judge(facts(date(2026, 12, 1)), date(2026, 11, 21))
    assert (found.state, found.due_on) == ("not_due", date(2027, 1, 29))
    assert found.why == "Starts work on Dec. 1, 2026; due by Jan. 29, 2027."


# --- met ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "state"),
    [(0, "met_on_time"), (59, "met_on_time"), (60, "met_on_time"), (61, "met_late")],
)
def test_trained_with_every_tick_is_met(days: int, state: str) -> None:
    day = HIRED + timedelta(days=days)
    found = judge(facts(trainings=(training(day),)), date(2026, 11, 21))
    assert (found.state, found.met_on, found.missing) == (state, day, ())


def test_met_on_the_day_between_the_counts_says_so() -> None:
    day = HIRED + timedelta(days=60)
    found = judge(facts(trainings=(training(day),)), date(2026, 11, 21))
    assert "by the stricter count it was due on March 5, 2026" in found.why


def test_met_late_says_how_late() -> None:
    day = HIRED + timedelta(days=63)
    found = judge(facts(trainings=(training(day),)), date(2026, 11, 21))
    assert found.why.startswith("Trained on March 9, 2026, 3 days after March 6, 2026;")


def test_signing_late_does_not_make_the_training_late() -> None:
    late_signature = replace(SIGNED, signed_on=date(2026, 10, 1))
    known = facts(trainings=(training(HIRED, signature=late_signature),))
    assert judge(known, date(2026, 11, 21)).state == "met_on_time"


def test_a_training_after_the_day_asked_for_does_not_count_yet() -> None:
    known = facts(trainings=(training(date(2026, 2, 1)),))
    assert [judge(known, date(2026, month, 1)).state for month in (1, 2)] == [
        "not_due",
        "met_on_time",
    ]


def test_topics_may_be_met_by_several_trainings_together() -> None:
    first = training(date(2026, 1, 10), "a", topics=frozenset({"NY205-T1", "NY205-T2"}))
    second = training(date(2026, 1, 20), "b", topics=ALL_TOPICS - {"NY205-T1"})
    found = judge(facts(trainings=(second, first)), date(2026, 11, 21))
    assert (found.state, found.met_on) == ("met_on_time", date(2026, 1, 20))
    assert [used.completion_id for used in found.trainings] == ["a", "b"]


def test_an_earlier_unproven_training_does_not_spoil_a_later_proven_one() -> None:
    unsigned = training(date(2026, 1, 10), "a", signature=None)
    proven = training(date(2026, 1, 20), "b")
    found = judge(facts(trainings=(unsigned, proven)), date(2026, 11, 21))
    assert (found.state, found.met_on) == ("met_on_time", date(2026, 1, 20))


# --- trained, not yet proven ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("known", "missing"),
    [
        ({"signature": None}, ["premises", "paid"]),
        ({"signature": replace(SIGNED, on_premises=False)}, ["premises"]),
        ({"signature": replace(SIGNED, paid_time=False)}, ["paid"]),
        ({"approval": None}, ["approval"]),
        ({"approval": ApprovalFact("state_listed", link="https://example.org")}, ["approval"]),
        ({"approval": ApprovalFact("state_listed", checked_on=HIRED)}, ["approval"]),
        ({"approval": ApprovalFact("other")}, ["approval"]),
        ({"approval": ApprovalFact("own_with_worksheet")}, ["approval"]),
        ({"approval": ApprovalFact("withdrawn", approved_by="Office")}, ["approval"]),
        ({"approval": ApprovalFact("hearsay", approved_by="Office")}, ["approval"]),
        ({"approval": None, "signature": None}, ["approval", "premises", "paid"]),
    ],
)
def test_topics_alone_are_trained_not_yet_proven(known: dict[str, Any], missing: list[str]) -> None:
    found = judge(facts(trainings=(training(HIRED, **known),)), date(2026, 11, 21))
    assert (found.state, lacks(found), found.met_on) == ("trained_not_proven", missing, None)
    assert "Not yet shown" in found.why


@pytest.mark.parametrize(
    "approval",
    [
        STATE_MADE,
        ApprovalFact("state_listed", link="https://example.org", checked_on=HIRED),
        ApprovalFact("own_with_worksheet", approved_by="Trainer"),
        ApprovalFact("other", approved_by="Federal office"),
    ],
)
def test_each_basis_of_approval_counts_when_it_is_whole(approval: ApprovalFact) -> None:
    known = facts(trainings=(training(HIRED, approval=approval),))
    assert judge(known, date(2026, 11, 21)).state == "met_on_time"


def test_what_was_signed_as_untrue_is_said() -> None:
    signature = replace(SIGNED, paid_time=False)
    found = judge(facts(trainings=(training(HIRED, signature=signature),)), date(2026, 11, 21))
    assert found.why == (
        "Trained on Jan. 5, 2026. Not yet shown: "
        "that the time was paid: it was signed that it was not."
    )


def test_of_two_trainings_only_the_one_that_lacks_something_is_named() -> None:
    first = training(date(2026, 1, 10), "a", topics=frozenset({"NY205-T1"}))
    second = training(date(2026, 1, 20), "b", topics=ALL_TOPICS - {"NY205-T1"}, signature=None)
    found = judge(facts(trainings=(first, second)), date(2026, 11, 21))
    assert (found.state, found.to_sign) == ("trained_not_proven", ("b",))


def test_a_part_of_the_topics_leaves_it_due_and_names_the_rest() -> None:
    part = training(date(2026, 1, 10), topics=ALL_TOPICS - {"NY205-T2"})
    found = judge(facts(trainings=(part,)), date(2026, 2, 1))
    assert (found.state, lacks(found)) == ("due", ["NY205-T2"])
    assert "topics still missing: How the law defines it" in found.why


def test_a_training_without_any_of_the_topics_is_no_part() -> None:
    other = training(date(2026, 1, 10), topics=frozenset({"CPR"}))
    found = judge(facts(trainings=(other,)), date(2026, 6, 1))
    assert (found.state, found.trainings) == ("overdue", ())


# --- rehires, transfers, leavers ------------------------------------------------------------------


@pytest.mark.parametrize("signature", [None, SIGNED])
def test_an_earlier_training_is_shown_but_no_signature_here_proves_it(
    signature: SignatureFact | None,
) -> None:
    before = training(date(2025, 3, 1), signature=signature)
    found = judge(facts(trainings=(before,)), date(2026, 2, 1))
    assert (found.state, lacks(found)) == ("trained_not_proven", ["premises", "paid"])
    assert found.to_sign == ()
    assert "cannot be signed for here; it must be taken again" in found.why


def test_of_an_earlier_and_a_new_training_the_new_one_is_signed() -> None:
    known = (training(date(2025, 3, 1)), training(date(2026, 1, 20), "b", signature=None))
    assert judge(facts(trainings=known), date(2026, 2, 1)).to_sign == ("b",)


def two_posts(changed_on: date, *, contact_first: bool) -> tuple[PeriodFact, PeriodFact]:
    return (
        PeriodFact(contact_first, "" if contact_first else "Boilers", HIRED,
                   changed_on - timedelta(days=1)),
        PeriodFact(not contact_first, "Boilers" if contact_first else "", changed_on, None),
    )  # fmt: skip


def test_contact_that_begins_within_the_sixty_days_keeps_the_clock_from_hire() -> None:
    known = facts(periods=two_posts(date(2026, 2, 1), contact_first=False))
    assert judge(known, date(2026, 1, 20)).state == "not_covered"
    assert judge(known, date(2026, 2, 1)).due_on == date(2026, 3, 5)


def test_contact_that_begins_later_is_due_that_day() -> None:
    begins = date(2026, 8, 1)
    known = facts(periods=two_posts(begins, contact_first=False))
    found = [judge(known, begins + timedelta(days=days)) for days in (-1, 0, 1)]
    assert [one.state for one in found] == ["not_covered", "due_soon", "overdue"]
    assert found[1].due_on == begins
    assert "gives no further days for a new post" in found[1].clock.words


def test_trained_before_the_contact_begins_is_in_time() -> None:
    known = facts(
        periods=two_posts(date(2026, 8, 1), contact_first=False),
        trainings=(training(date(2026, 7, 30)),),
    )
    assert judge(known, date(2026, 8, 1)).state == "met_on_time"


def test_without_guest_contact_nobody_is_covered_and_the_reason_is_said() -> None:
    known = facts(periods=two_posts(date(2026, 8, 1), contact_first=True))
    found = judge(known, date(2026, 8, 1))
    assert (found.state, found.why) == (
        "not_covered",
        "The post does not meet guests: Boilers",
    )
    assert judge(known, date(2026, 7, 31)).state == "overdue"


def test_a_second_post_with_contact_does_not_restart_the_clock() -> None:
    periods = (
        PeriodFact(True, "", HIRED, date(2026, 6, 30)),
        PeriodFact(True, "", date(2026, 7, 1), None),
    )
    found = judge(facts(periods=periods), date(2026, 7, 2))
    assert (found.state, found.due_on) == ("overdue", date(2026, 3, 5))


@pytest.mark.parametrize(
    ("ended_on", "as_of", "state"),
    [
        (date(2026, 2, 1), date(2026, 2, 1), "due"),  # the last day is still a day of work
        (date(2026, 2, 1), date(2026, 2, 2), "left_before_due"),
        (date(2026, 3, 6), date(2026, 11, 1), "left_before_due"),
        (date(2026, 3, 7), date(2026, 11, 1), "left_not_trained"),
        (date(2026, 3, 20), date(2026, 3, 20), "overdue"),
    ],
)
def test_left_without_training(ended_on: date, as_of: date, state: str) -> None:
    assert judge(facts(ended_on=ended_on), as_of).state == state


def test_a_training_after_leaving_does_not_count() -> None:
    known = facts(ended_on=date(2026, 2, 1), trainings=(training(date(2026, 2, 2)),))
    assert judge(known, date(2026, 11, 1)).state == "left_before_due"


def test_who_left_trained_stays_met() -> None:
    known = facts(ended_on=date(2026, 6, 1), trainings=(training(date(2026, 2, 2)),))
    assert judge(known, date(2026, 11, 1)).state == "met_on_time"


def test_who_left_before_the_law_is_not_covered() -> None:
    known = facts(date(2019, 4, 1), ended_on=date(2023, 7, 19))
    assert judge(known, date(2023, 11, 1)).state == "not_covered"


# --- exempt, facility -----------------------------------------------------------------------------


def test_exempt_only_between_its_days_and_with_its_reason() -> None:
    exemption = ExemptionFact("On leave", date(2026, 5, 1), date(2026, 5, 31))
    known = facts(exemption=exemption)
    days = [date(2026, 4, 30), date(2026, 5, 1), date(2026, 5, 31), date(2026, 6, 1)]
    assert [judge(known, day).state for day in days] == ["overdue", "exempt", "exempt", "overdue"]
    assert judge(known, date(2026, 5, 2)).why == "Exempt: On leave"


def test_a_facility_outside_the_law_covers_nobody() -> None:
    known = facts(facility=Applicability(applies=False, why="A small house."))
    found = judge(known, date(2026, 11, 21))
    assert (found.state, found.why) == ("not_covered", "A small house.")


def test_a_facility_we_know_too_little_about_is_treated_as_covered() -> None:
    known = facts(facility=Applicability(applies=None, why="Say how many rooms."))
    assert judge(known, date(2026, 11, 21)).state == "overdue"


def test_no_sentence_gives_a_verdict() -> None:
    known = facts(trainings=(training(HIRED),))
    found = [judge(known, date(2026, 11, 21)), judge(facts(), date(2026, 11, 21))]
    words = [one.why for one in found] + [str(state.label) for state in StandingState]
    assert not [sentence for sentence in words if "complian" in sentence.lower()]


@pytest.mark.parametrize("as_of", [date(2026, 2, 1), date(2026, 3, 1), date(2026, 11, 21)])
def test_without_any_training_all_four_points_are_missing(as_of: date) -> None:
    found = judge(facts(), as_of)
    kinds = [str(lack.kind) for lack in found.missing]
    assert kinds == ["topic"] * len(ALL_TOPICS) + ["approval", "premises", "paid"]
    assert found.to_sign == ()
    assert found.why.endswith(
        f"Missing: the training itself ({len(ALL_TOPICS)} topics); an established or approved "
        "program; that it was on the premises; that the time was paid."
    )


def test_who_left_untrained_lacks_all_four_points() -> None:
    found = judge(facts(ended_on=date(2026, 6, 1)), date(2026, 11, 1))
    assert {str(lack.kind) for lack in found.missing} == {"topic", "approval", "premises", "paid"}
