"""The daily count of where everybody stands: what it says, resumed, done twice, and at its cost."""

from datetime import date, datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from lms.compliance.count_models import CountRun, ShownBy, StandingCount
from lms.compliance.enums import Basis, StandingState
from lms.compliance.proofs.programs import ProgramSaid, add_program
from lms.compliance.proofs.selectors import listed_programs
from lms.compliance.proofs.services import accept_proof
from lms.compliance.review import counting
from lms.compliance.review.counting import count_part, count_standings, county_of
from lms.compliance.review.selectors import newest_counts
from lms.compliance.rules import get_rule
from lms.core.time import new_york_today
from lms.people.enums import Role
from lms.people.models import Employment, Organization
from tests.factories.compliance import describe, make_completion, make_program, train
from tests.factories.people import (
    make_employment,
    make_facility,
    make_state_office,
    make_with_role,
)
from tests.factories.worksheets import upload

pytestmark = pytest.mark.django_db
RULE = get_rule()
TODAY = new_york_today()


def hotel(county: str = "Monroe", **fields: Any) -> Organization:
    found = make_facility(county=county, **fields)
    describe(found)
    return found


def hired(place: Organization, days: int, **fields: Any) -> Employment:
    return make_employment(place, started_on=TODAY - timedelta(days=days), **fields)


def month(days: int) -> str:
    return f"{TODAY - timedelta(days=days):%Y-%m}"


def scan(place: Organization, *who: Employment, on: date = TODAY) -> None:
    office = make_state_office()
    add_program(
        office=office,
        said=ProgramSaid(
            title="Recognize the signs",
            provider="Lodging association",
            basis=Basis.STATE_LISTED,
            link="https://www.example.org/list",
            checked_on=TODAY,
            languages=("en",),
            topics=tuple(RULE.topic_codes),
        ),
        actor=make_with_role(Role.COORDINATOR, office),
    )
    accept_proof(
        facility=place,
        program=listed_programs(RULE)[0],
        held_on=on,
        place="Break room",
        on_premises=True,
        paid_time=True,
        language="en",
        employments=who,
        upload=upload("list.pdf"),
        actor=make_with_role(Role.MANAGER, place),
    )


def counted() -> dict[str, Any]:
    run = count_standings(rule=RULE)
    assert run.finished_at
    return run.totals


def test_each_state_and_basis_is_counted_by_county_and_month_of_hire() -> None:
    one, other = hotel("monroe County"), hotel("Monroe")
    hotel("Warren")  # nobody works there
    train(hired(one, 400), on=TODAY - timedelta(days=390))
    scan(other, hired(other, 30), hired(other, 30))
    unproven = hired(other, 30)
    make_completion(unproven.person, occurred_on=TODAY)
    hired(one, 5)
    hired(one, 100)
    hired(one, 100, guest_contact=False, no_contact_reason="Never meets guests.")
    assert counted() == {
        "counties": {
            "Monroe": {
                "facilities": 2,
                "people": {"met": 3, "not_proven": 1, "due": 1, "overdue": 1},
            },
            "Warren": {"facilities": 1, "people": {}},
        },
        "hired": {
            month(400): {"met state_made": 1},
            month(100): {"overdue": 1},
            **_merged(
                {month(30): {"met scan": 2, "not_proven state_made": 1}}, {month(5): {"due": 1}}
            ),
        },
    }
    row = StandingCount.objects.get(facility=other)
    assert row.bases == [ShownBy.SCAN, ShownBy.STATE_MADE]


def _merged(*parts: dict[str, dict[str, int]]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for part in parts:
        for key, counts in part.items():
            found.setdefault(key, {}).update(counts)
    return found


def test_of_several_trainings_the_weakest_counts_and_a_withdrawn_one_shows_nothing() -> None:
    place, topics = hotel(), sorted(RULE.topic_codes)
    both = hired(place, 30)
    own = {"basis": Basis.OTHER, "by": "Somebody", "link": "", "checked_on": ""}
    train(both, on=TODAY, version=make_program(topics=topics[:3]))
    train(both, on=TODAY, version=make_program(topics=topics[3:], approval=own))
    nothing = hired(place, 30)
    train(nothing, on=TODAY, version=make_program(approval={}))
    assert sorted(counted()["hired"][month(30)].items()) == [
        ("met other", 1),
        ("not_proven not_shown", 1),
    ]


def test_every_state_of_somebody_covered_is_in_a_column() -> None:
    assert set(counting.SHOWN_STATES) == StandingState.covered()


@pytest.mark.parametrize(
    ("typed", "shown"),
    [("warren County ", "Warren"), ("New York", "New York"), ("", ""), ("County", "County")],
)
def test_a_county_is_one_however_it_was_typed(typed: str, shown: str) -> None:
    assert county_of(Organization(county=typed)) == shown


def test_a_count_that_was_stopped_goes_on_where_it_stopped(monkeypatch: Any) -> None:
    monkeypatch.setattr(counting, "PART", 2)
    for _number in range(5):
        hired(hotel(), 5)
    run = count_standings(rule=RULE, seconds=0)
    assert (run.facilities_done, run.facilities_total, run.finished_at) == (2, 5, None)
    counts = newest_counts(RULE)
    assert (counts.done, counts.under_way) == (None, run)
    stale = CountRun.objects.get()
    count_part(run=run, rule=RULE, now=timezone.now())
    count_part(run=stale, rule=RULE, now=timezone.now())  # a second worker with an old row
    totals = counted()
    assert totals["counties"]["Monroe"] == {"facilities": 5, "people": {"due": 5}}
    assert StandingCount.objects.count() == 5


def test_a_day_that_is_done_is_not_counted_again_and_the_next_day_is() -> None:
    place = hotel()
    hired(place, 5)
    assert counted()["counties"]["Monroe"]["people"] == {"due": 1}
    hired(place, 5)
    assert counted()["counties"]["Monroe"]["people"] == {"due": 1}
    for days in (1, 2, 3):
        run = count_standings(rule=RULE, now=timezone.now() + timedelta(days=days))
        assert run.totals["counties"]["Monroe"]["people"] == {"due": 2}
    assert CountRun.objects.count() == 4
    assert StandingCount.objects.values("run").distinct().count() == counting.KEPT_RUNS
    assert newest_counts(RULE).done == run


def test_a_day_that_ended_before_its_count_is_given_up() -> None:
    hired(hotel(), 5)
    count_standings(rule=RULE, seconds=0, now=timezone.now() - timedelta(days=1))
    call_command("count_standings", verbosity=0)
    assert [row.day for row in CountRun.objects.all()] == [TODAY]


def test_the_day_is_the_one_in_new_york() -> None:
    late = datetime.fromisoformat("2026-11-23T03:30:00+00:00")
    assert count_standings(rule=RULE, now=late).day == date(2026, 11, 22)


@pytest.mark.parametrize("many", [1, 3])
def test_a_part_costs_the_same_for_many_facilities(
    many: int, django_assert_num_queries: Any
) -> None:
    for _number in range(many):
        place = hotel()
        train(hired(place, 30), on=TODAY)
    run = count_standings(rule=RULE, seconds=-1, now=timezone.now() - timedelta(days=1))
    CountRun.objects.filter(pk=run.pk).update(cursor=0, facilities_done=0, finished_at=None)
    StandingCount.objects.all().delete()
    with django_assert_num_queries(12):
        count_part(run=run, rule=RULE, now=timezone.now())


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_count_nothing_twice(monkeypatch: Any) -> None:
    monkeypatch.setattr(counting, "PART", 1)
    for _number in range(4):
        hired(hotel(), 5)
    together = Barrier(2)

    def work() -> None:
        together.wait()
        count_standings(rule=RULE)
        connection.close()

    workers = [Thread(target=work) for _number in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    run = CountRun.objects.get()
    assert run.facilities_done == 4
    assert run.totals["counties"]["Monroe"] == {"facilities": 4, "people": {"due": 4}}
