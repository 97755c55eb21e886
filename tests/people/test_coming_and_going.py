"""Coming, leaving and coming back at the calendar's edges, and what each day then says."""

from datetime import date, datetime
from typing import Any

import pytest

from lms.compliance.enums import StandingState
from lms.compliance.retention.selectors import kept_records
from lms.compliance.selectors import EmployeeStanding, Scope, standings
from lms.core.exceptions import Refused
from lms.core.time import NEW_YORK
from lms.people.corrections import correct_employment
from lms.people.models import Employment, Organization
from lms.people.moves import hire_again, transfer
from lms.people.services import end_employment, undo_end_employment
from tests.factories.compliance import gbl205, make_completion, train
from tests.factories.people import make_employment, make_facility, make_organization, make_person

pytestmark = pytest.mark.django_db


def lines(facility: Organization, day: date, scope: Scope = Scope.ALL) -> list[EmployeeStanding]:
    facility = Organization.objects.select_related("facility_profile").get(pk=facility.pk)
    return standings(facilities=[facility], rule=gbl205(), as_of=day, scope=scope)


def state(employment: Employment, day: date) -> tuple[StandingState, date | None]:
    (found,) = (
        line for line in lines(employment.organization, day) if line.employment == employment
    )
    return found.standing.state, found.standing.due_on


def hired(day: date, **fields: Any) -> Employment:
    return make_employment(make_facility(), person=make_person(None), started_on=day, **fields)


@pytest.mark.parametrize(
    ("day", "due"),
    [
        (date(2024, 2, 29), date(2024, 4, 28)),  # a leap day is a day
        (date(2024, 1, 1), date(2024, 2, 29)),  # and so is the one on which it ends
        (date(2026, 1, 10), date(2026, 3, 10)),  # clocks go forward in between
        (date(2026, 10, 1), date(2026, 11, 29)),  # and back
    ],
)
def test_sixty_days_are_calendar_days(day: date, due: date) -> None:
    employment = hired(day)
    assert state(employment, due) == (StandingState.DUE_SOON, due)
    assert state(employment, date.fromordinal(due.toordinal() + 2))[0] == StandingState.OVERDUE


def test_who_is_hired_for_a_later_day_is_not_due_and_can_be_corrected_to_today() -> None:
    today, later = date(2026, 11, 22), date(2027, 1, 4)
    employment = hired(later)
    assert state(employment, today) == (StandingState.NOT_DUE, date(2027, 3, 4))
    correct_employment(
        employment=employment,
        first_name=employment.person.first_name,
        last_name=employment.person.last_name,
        number="",
        started_on=today,
        sent_by="",
        reason="Began earlier.",
        actor=None,
        now=datetime(2026, 11, 22, 9, tzinfo=NEW_YORK),
    )
    employment.refresh_from_db()
    assert state(employment, today) == (StandingState.DUE, date(2027, 1, 20))


def test_a_return_begins_a_clock_of_its_own_and_the_old_record_stays() -> None:
    employment = hired(date(2024, 2, 29))
    train(employment, on=date(2024, 3, 15))
    end_employment(employment=employment, ended_on=date(2025, 12, 31), actor=None)
    again = hire_again(employment=employment, started_on=date(2026, 2, 28), actor=None)
    day = date(2026, 3, 20)
    assert state(employment, day)[0] == StandingState.MET_ON_TIME
    # What was done before cannot be signed for here again: it says so, and asks to train anew.
    assert state(again, day) == (StandingState.TRAINED_NOT_PROVEN, date(2026, 4, 28))


def test_the_day_after_the_last_one_is_early_enough_to_return() -> None:
    employment = hired(date(2025, 1, 2))
    end_employment(employment=employment, ended_on=date(2025, 3, 9), actor=None)
    with pytest.raises(Refused):
        hire_again(employment=employment, started_on=date(2025, 3, 9), actor=None)
    again = hire_again(employment=employment, started_on=date(2025, 3, 10), actor=None)
    assert {line.employment for line in lines(again.organization, date(2025, 3, 10))} == {
        employment,
        again,
    }
    with pytest.raises(Refused) as refusal:
        undo_end_employment(employment=employment, actor=None)
    assert refusal.value.code == "hired_again"


def test_who_left_on_a_leap_day_is_kept_a_day_longer_not_shorter() -> None:
    employment = hired(date(2023, 9, 1))
    end_employment(employment=employment, ended_on=date(2024, 2, 29), actor=None)
    place = employment.organization
    assert lines(place, date(2025, 2, 28), Scope.LEFT)
    [record] = kept_records(place, date(2025, 2, 28))
    assert record.until == date(2025, 3, 1)


def test_a_last_day_to_come_counts_as_working_here_until_it_is_over() -> None:
    employment = hired(date(2026, 1, 5))
    make_completion(employment.person, occurred_on=date(2026, 1, 20))
    end_employment(employment=employment, ended_on=date(2026, 11, 30), actor=None)
    place = employment.organization
    assert [line.employment for line in lines(place, date(2026, 11, 30), Scope.CURRENT)]
    assert not lines(place, date(2026, 12, 1), Scope.CURRENT)
    assert kept_records(place, date(2026, 11, 30)) == []
    assert kept_records(place, date(2026, 12, 1))[0].until == date(2027, 11, 30)


def test_a_move_across_the_change_of_clocks_leaves_no_day_without_a_place() -> None:
    company = make_organization("company")  # type: ignore[arg-type]
    here, there = make_facility(parent=company), make_facility(parent=company)
    employment = make_employment(here, started_on=date(2026, 1, 5))
    moved = transfer(employment=employment, to=there, first_day=date(2026, 3, 8), actor=None)
    for day, place in [(date(2026, 3, 7), here), (date(2026, 3, 8), there)]:
        working = Employment.objects.on(day).filter(person=employment.person)
        assert [row.organization for row in working] == [place]
    assert moved.started_on == date(2026, 3, 8)
