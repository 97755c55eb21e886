"""Reminders of duties: before and after the day, once, in digests, and none after it is met."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from lms.compliance.reminder_models import DutyReminder, WeekTold
from lms.compliance.reminders.services import remind_of_duties, tell_week
from lms.compliance.services import exempt
from lms.core.models import OutboxMessage
from lms.notices.services import choose_reminders
from lms.people.enums import OrganizationKind, Role
from lms.people.models import Employment, Organization, Person
from lms.people.services import change_post, end_employment, end_role, grant_role
from tests.factories.compliance import gbl205, make_completion, sign
from tests.factories.people import make_employment, make_facility, make_organization, make_person

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 3, 2)


def at(day: date, hour: int = 13) -> datetime:
    """A moment of the working day in New York."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def letters(template: str = "") -> list[OutboxMessage]:
    return list(
        OutboxMessage.objects.filter(key__startswith=f"compliance.{template}:").order_by("pk")
    )


def hire(
    place: Organization, *, day: date, person: Person | None = None, **more: Any
) -> Employment:
    return make_employment(place, person=person or make_person(), started_on=day, **more)


@pytest.fixture
def hotel() -> Organization:
    return make_facility()


@pytest.fixture
def manager(hotel: Organization) -> Person:
    person = make_person("boss@example.org", name="Bea Boss")
    grant_role(person=person, role=Role.MANAGER, organization=hotel, actor=None)
    return person


HIRED = date(2026, 1, 5)
DUE = HIRED + timedelta(days=59)  # March 5, the stricter count


@pytest.mark.parametrize(
    ("day", "stage"),
    [
        (DUE - timedelta(days=15), None),
        (DUE - timedelta(days=14), "soon"),
        (DUE - timedelta(days=4), "soon"),
        (DUE - timedelta(days=3), "last_days"),
        (DUE, "last_days"),
        (DUE + timedelta(days=1), "last_days"),  # hire + 60, the other count
        (DUE + timedelta(days=2), "overdue"),
        (DUE + timedelta(days=15), "overdue"),
        (DUE + timedelta(days=16), None),  # too late to be news; the week's letter counts it
    ],
)
def test_each_day_has_its_stage(hotel: Organization, day: date, stage: str | None) -> None:
    hire(hotel, day=HIRED)
    remind_of_duties(now=at(day))
    assert [row.stage for row in DutyReminder.objects.all()] == ([stage] if stage else [])
    assert len(letters("duty")) == (1 if stage else 0)


def test_leap_day_counts(hotel: Organization) -> None:
    hire(hotel, day=date(2028, 1, 1))
    remind_of_duties(now=at(date(2028, 2, 29)))
    assert DutyReminder.objects.get().due_on == date(2028, 2, 29)
    assert DutyReminder.objects.get().stage == "last_days"


def test_every_stage_is_told_once_however_often_the_task_runs(hotel: Organization) -> None:
    hire(hotel, day=HIRED)
    for back in range(20, -20, -1):
        day = DUE - timedelta(days=back)
        remind_of_duties(now=at(day, 13))
        remind_of_duties(now=at(day, 14))
    stages = DutyReminder.objects.order_by("told_at").values_list("stage", flat=True)
    assert list(stages) == ["soon", "last_days", "overdue"]
    assert len(letters("duty")) == 3


def test_nobody_is_reminded_of_what_is_met(hotel: Organization, manager: Person) -> None:
    met, open_ = hire(hotel, day=HIRED), hire(hotel, day=HIRED)
    sign(met, make_completion(met.person, occurred_on=HIRED))
    remind_of_duties(now=at(DUE))
    assert [row.employment for row in DutyReminder.objects.all()] == [open_]
    (letter,) = letters("duty")
    assert letter.payload["to"] == open_.person.email
    (told,) = letters("duty_day")
    assert "1 employee's training is due within three days" in told.payload["text"]


def test_trained_but_not_proven_is_the_managers_business_alone(
    hotel: Organization, manager: Person
) -> None:
    trained = hire(hotel, day=HIRED)
    make_completion(trained.person, occurred_on=HIRED)
    remind_of_duties(now=at(DUE))
    assert not letters("duty")
    tell_week(now=at(MONDAY))
    (week,) = letters("duty_week")
    assert "0 overdue, 0 due soon, 1 trained but not yet proven" in week.payload["text"]


def test_training_from_before_this_job_does_not_silence_the_letters(hotel: Organization) -> None:
    again = hire(hotel, day=HIRED)
    make_completion(again.person, occurred_on=HIRED - timedelta(days=30))
    for back in range(20, -20, -1):
        remind_of_duties(now=at(DUE - timedelta(days=back)))
    stages = DutyReminder.objects.order_by("told_at").values_list("stage", flat=True)
    assert list(stages) == ["soon", "last_days", "overdue"]


def test_letter_has_no_more_than_it_needs(hotel: Organization, manager: Person) -> None:
    hire(hotel, day=HIRED, person=make_person(name="Rosa Quispe", preferred_language="es"))
    remind_of_duties(now=at(DUE))
    (mine,), (told,) = letters("duty"), letters("duty_day")
    assert "5 de marzo de 2026" in mine.payload["subject"]
    assert hotel.name in mine.payload["text"]
    assert "tiempo pagado" in mine.payload["text"]
    assert "Rosa" not in told.payload["text"] + told.payload["html"]
    assert f"/facilities/{hotel.key}/?show=action" in told.payload["text"]


def test_without_an_address_only_the_manager_hears(hotel: Organization, manager: Person) -> None:
    hire(hotel, day=HIRED, person=make_person(None))
    remind_of_duties(now=at(DUE))
    assert not letters("duty")
    assert len(letters("duty_day")) == 1


def test_manager_gets_one_letter_for_many(hotel: Organization, manager: Person) -> None:
    for _employee in range(4):
        hire(hotel, day=HIRED)
    hire(hotel, day=HIRED - timedelta(days=5))
    remind_of_duties(now=at(DUE))
    (told,) = letters("duty_day")
    assert "The trainings of 4 employees are due within three days" in told.payload["text"]
    assert "1 employee's training is overdue now" in told.payload["text"]


def test_list_of_old_staff_does_not_become_many_letters(
    hotel: Organization, manager: Person
) -> None:
    for _employee in range(3):
        hire(hotel, day=date(2024, 6, 1))
    remind_of_duties(now=at(MONDAY))
    assert not letters("duty")
    assert not letters("duty_day")
    tell_week(now=at(MONDAY))
    assert "3 overdue" in letters("duty_week")[0].payload["text"]


def test_who_left_is_exempt_or_has_not_begun_hears_nothing(hotel: Organization) -> None:
    left, exempted = hire(hotel, day=HIRED), hire(hotel, day=HIRED)
    hire(hotel, day=DUE + timedelta(days=30))
    end_employment(employment=left, ended_on=DUE - timedelta(days=5), actor=None)
    exempt(
        employment=exempted,
        rule=gbl205(),
        reason="Works from another place.",
        starts_on=HIRED,
        actor=None,
    )
    assert remind_of_duties(now=at(DUE)) == 0


def test_post_that_begins_to_meet_guests_is_told_of(hotel: Organization) -> None:
    office = hire(
        hotel, day=date(2025, 1, 5), guest_contact=False, no_contact_reason="Works in the cellar."
    )
    change_post(employment=office, post="front_desk", guest_contact=True, starts_on=DUE, actor=None)
    remind_of_duties(now=at(DUE))
    assert DutyReminder.objects.get().employment == office


def test_merged_person_hears_under_the_address_that_counts(hotel: Organization) -> None:
    canonical = make_person("rosa@example.org")
    hire(hotel, day=HIRED, person=make_person(None, canonical_person=canonical))
    remind_of_duties(now=at(DUE))
    assert letters("duty")[0].payload["to"] == "rosa@example.org"


def test_who_does_not_want_them_gets_none(hotel: Organization, manager: Person) -> None:
    employee = hire(hotel, day=HIRED)
    for person in (employee.person, manager):
        choose_reminders(person=person, wanted=[], actor=person)
    remind_of_duties(now=at(DUE))
    tell_week(now=at(MONDAY))
    assert not letters("duty") + letters("duty_day") + letters("duty_week")


def test_manager_of_yesterday_and_of_another_hotel_hear_nothing(
    hotel: Organization, manager: Person
) -> None:
    other = make_facility()
    stranger = make_person("other@example.org")
    grant_role(person=stranger, role=Role.MANAGER, organization=other, actor=None)
    end_role(assignment=manager.roles.get(), actor=None)
    hire(hotel, day=HIRED)
    remind_of_duties(now=at(DUE))
    tell_week(now=at(MONDAY))
    assert not letters("duty_day") + letters("duty_week")


def test_week_is_told_once_and_a_missed_monday_on_tuesday(
    hotel: Organization, manager: Person
) -> None:
    hire(hotel, day=HIRED)
    tuesday = MONDAY + timedelta(days=1)
    assert tell_week(now=at(tuesday)) == 1
    assert tell_week(now=at(tuesday, 15)) == 0
    assert tell_week(now=at(MONDAY + timedelta(days=6))) == 0
    assert tell_week(now=at(MONDAY + timedelta(days=7))) == 1
    assert len(letters("duty_week")) == 2


def test_week_with_nothing_open_is_quiet(hotel: Organization, manager: Person) -> None:
    assert tell_week(now=at(MONDAY)) == 0
    assert WeekTold.objects.filter(organization=hotel).exists()
    assert not letters("duty_week")


def test_company_gets_one_letter_the_worst_hotel_first() -> None:
    company = make_organization(OrganizationKind.COMPANY)
    answers = make_person("company-boss@example.org")
    grant_role(person=answers, role=Role.COMPANY_MANAGER, organization=company, actor=None)
    quiet, bad, worse = [make_facility(parent=company, name=name) for name in "ABC"]
    hire(bad, day=HIRED - timedelta(days=30))
    for _employee in range(2):
        hire(worse, day=HIRED - timedelta(days=30))
    assert tell_week(now=at(MONDAY)) == 1
    text = letters("duty_week")[0].payload["text"]
    assert "3 overdue" in text
    assert text.index(f"- {worse.name}:") < text.index(f"- {bad.name}:")
    assert f"- {quiet.name}:" not in text


@pytest.mark.parametrize("count", [1, 3])
def test_costs_the_same_for_many_hotels(count: int, django_assert_num_queries: Any) -> None:
    for _hotel in range(count):
        place = make_facility()
        grant_role(person=make_person(), role=Role.MANAGER, organization=place, actor=None)
        hire(place, day=HIRED)
    remind_of_duties(now=at(DUE))
    with django_assert_num_queries(7):  # nothing new
        assert remind_of_duties(now=at(DUE)) == 0
