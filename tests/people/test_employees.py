"""Hiring by name and address, and taking a leaving back."""

from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from lms.core.exceptions import Refused
from lms.core.models import AuditEntry
from lms.people import services
from lms.people.models import Employment, Organization, Person
from tests.factories.people import make_employment, make_facility, make_person

pytestmark = pytest.mark.django_db
DAY = date(2026, 1, 5)


def hire(organization: Organization, **given: Any) -> Employment:
    defaults: dict[str, Any] = {
        "first_name": "Rosa",
        "last_name": "Núñez",
        "email": "",
        "started_on": DAY,
        "actor": None,
    }
    return services.hire(organization=organization, **{**defaults, **given})


def test_hiring_without_an_address_makes_a_new_person_each_time() -> None:
    facility = make_facility()
    first, second = hire(facility), hire(facility)
    assert first.person != second.person
    assert (first.person.email, first.started_on) == (None, DAY)


def test_hiring_finds_the_person_by_address() -> None:
    known = make_person("rosa@example.org", name="Rosa Nunez")
    assert hire(make_facility(), email="Rosa@example.org").person == known


def test_an_address_of_somebody_with_another_name_is_refused_without_naming_them() -> None:
    make_person("boss@example.org", name="Vera Stone")
    facility = make_facility()
    with pytest.raises(Refused) as refusal:
        hire(facility, email="boss@example.org")
    assert refusal.value.code == "other_name"
    assert "Stone" not in str(refusal.value)
    assert Employment.objects.count() == 0


@pytest.mark.parametrize("signed_in", [True, False])
def test_a_known_person_is_not_hired_under_another_first_name(signed_in: bool) -> None:
    last_login = timezone.now() if signed_in else None
    known = make_person("rosa@example.org", name="Marta Nunez", last_login=last_login)
    if not signed_in:
        make_employment(make_facility(), person=known, started_on=DAY)
    facility = make_facility()
    with pytest.raises(Refused) as refusal:
        hire(facility, email="rosa@example.org")
    assert refusal.value.code == "other_name"
    assert not Employment.objects.filter(organization=facility).exists()
    assert hire(facility, email="rosa@example.org", first_name="MARTA").person == known


def test_hiring_somebody_who_works_here_is_refused() -> None:
    facility = make_facility()
    hire(facility, email="rosa@example.org")
    with pytest.raises(Refused) as refusal:
        hire(facility, email="rosa@example.org")
    assert refusal.value.code == "already_employed"
    assert Person.objects.filter(email="rosa@example.org").count() == 1


def test_taking_a_leaving_back_opens_the_employment_and_its_post() -> None:
    employment = make_employment(make_facility(), started_on=DAY)
    services.end_employment(employment=employment, ended_on=date(2026, 3, 1), actor=None)
    for _time in range(2):
        services.undo_end_employment(employment=employment, actor=None)
    employment.refresh_from_db()
    assert employment.ended_on is None
    assert [period.ends_on for period in employment.periods.all()] == [None]
    assert AuditEntry.objects.filter(action="employment.reopened").count() == 1


def test_a_leaving_is_not_taken_back_after_a_rehire() -> None:
    facility = make_facility()
    employment = make_employment(facility, started_on=DAY)
    services.end_employment(employment=employment, ended_on=date(2026, 3, 1), actor=None)
    make_employment(facility, person=employment.person, started_on=date(2026, 4, 1))
    with pytest.raises(Refused) as refusal:
        services.undo_end_employment(employment=employment, actor=None)
    assert refusal.value.code == "hired_again"


def test_a_leaving_is_not_taken_back_when_the_number_was_given_away() -> None:
    facility = make_facility()
    employment = make_employment(facility, started_on=DAY, number="17")
    services.end_employment(employment=employment, ended_on=date(2026, 3, 1), actor=None)
    make_employment(facility, started_on=date(2026, 4, 1), number="17")
    with pytest.raises(Refused) as refusal:
        services.undo_end_employment(employment=employment, actor=None)
    assert refusal.value.code == "number_taken"
