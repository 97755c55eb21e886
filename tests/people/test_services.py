"""People's changes: each move, and each refusal."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction

from lms.core.exceptions import Refused
from lms.core.models import AuditEntry
from lms.people import services
from lms.people.enums import Post, Role
from lms.people.models import Person
from lms.people.permissions import has_role, manages_facility
from tests.factories.people import (
    make_employment,
    make_facility,
    make_organization,
    make_person,
    make_with_role,
)

pytestmark = pytest.mark.django_db


def test_ensure_person_finds_the_same_address_in_another_case() -> None:
    first = services.ensure_person(
        email="Maria@Example.org", first_name="Maria", last_name="Ng", actor=None
    )
    second = services.ensure_person(
        email="maria@example.ORG", first_name="Other", last_name="Name", actor=None
    )
    assert (second.pk, second.first_name) == (first.pk, "Maria")


@pytest.mark.django_db(transaction=True)
def test_ensure_person_asked_twice_at_once_makes_one() -> None:
    together = Barrier(2)

    def ensure(_number: int) -> int:
        together.wait()
        try:
            person = services.ensure_person(
                email="ana@example.org", first_name="Ana", last_name="Rivera", actor=None
            )
        finally:
            connection.close()
        return person.pk

    for _round in range(5):
        Person.objects.filter(email="ana@example.org").update(email=None)
        with ThreadPoolExecutor(2) as pool:
            assert len(set(pool.map(ensure, range(2)))) == 1


def test_address_is_unique_in_any_case_in_the_database() -> None:
    make_person("ana@example.org")
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.bulk_create([Person(email="ANA@example.org", password="x")])


def test_names_are_folded_for_sorting_and_finding() -> None:
    person = make_person(name="Ángel Núñez")
    assert (person.sort_name, person.search_name) == ("nunez angel", "angel nunez")
    assert list(Person.objects.matching("nunez ANGEL")) == [person]


def test_employ_twice_returns_the_open_employment() -> None:
    facility = make_facility()
    first = make_employment(facility, started_on=date(2026, 1, 5))
    second = make_employment(facility, person=first.person, started_on=date(2026, 2, 1))
    assert second == first


def test_employ_refuses_a_number_in_use() -> None:
    facility = make_facility()
    make_employment(facility, number="17")
    with pytest.raises(Refused) as refusal:
        make_employment(facility, number="17")
    assert refusal.value.code == "number_taken"


def test_change_post_ends_the_old_period_the_day_before() -> None:
    employment = make_employment(make_facility(), started_on=date(2026, 1, 5))
    services.change_post(
        employment=employment,
        post=Post.MAINTENANCE,
        guest_contact=False,
        no_contact_reason="Works in the boiler house only",
        starts_on=date(2026, 3, 1),
        actor=None,
    )
    periods = list(employment.periods.values_list("post", "starts_on", "ends_on"))
    assert periods == [
        ("front_desk", date(2026, 1, 5), date(2026, 2, 28)),
        ("maintenance", date(2026, 3, 1), None),
    ]


def test_change_post_without_a_reason_for_no_contact_is_refused() -> None:
    employment = make_employment(make_facility(), started_on=date(2026, 1, 5))
    with pytest.raises(Refused) as refusal:
        services.change_post(
            employment=employment,
            post=Post.OFFICE,
            guest_contact=False,
            starts_on=date(2026, 3, 1),
            actor=None,
        )
    assert refusal.value.code == "reason_missing"


def test_end_employment_keeps_the_record_and_is_done_once() -> None:
    employment = make_employment(make_facility(), started_on=date(2026, 1, 5))
    for _time in range(2):
        services.end_employment(employment=employment, ended_on=date(2026, 6, 1), actor=None)
    employment.refresh_from_db()
    assert employment.ended_on == date(2026, 6, 1)
    assert AuditEntry.objects.filter(action="employment.ended").count() == 1


def test_company_manager_manages_each_of_its_facilities_and_no_other() -> None:
    company = make_organization("company")
    own, other = make_facility(parent=company), make_facility()
    manager = make_with_role(Role.COMPANY_MANAGER, company)
    assert (manages_facility(manager, own), manages_facility(manager, other)) == (True, False)


def test_ended_role_gives_nothing() -> None:
    facility = make_facility()
    manager = make_with_role(Role.MANAGER, facility)
    services.end_role(assignment=manager.roles.get(), actor=None)
    assert has_role(Person.objects.get(pk=manager.pk), Role.MANAGER, facility) is False
