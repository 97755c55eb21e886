"""Legal holds that offices place on a person, within their reach."""

import pytest
from django.test import Client
from django.urls import reverse

from lms.compliance.retention_models import HoldEnd, LegalHold
from lms.core.time import new_york_today
from lms.people.enums import Role
from lms.people.models import Organization, Person
from tests.factories.completions import make_completion
from tests.factories.people import make_facility, make_office, make_person, make_with_role
from tests.factories.trainings import make_training, make_version

pytestmark = pytest.mark.django_db
HOLD = {"since": new_york_today().isoformat(), "reason": "A claim was announced."}


@pytest.fixture
def office() -> Organization:
    return make_office(name="City office")


@pytest.fixture
def person(office: Organization) -> Person:
    person = make_person(name="Ana Near")
    make_completion(person, version=make_version(make_training(owner=office)))
    return person


def client_of(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_a_hold_is_placed_and_ended_with_its_history(office: Organization, person: Person) -> None:
    client = client_of(make_with_role(Role.COORDINATOR, office, name="Ana Rivera"))
    page = reverse("desk_people:holds", args=[person.pk])
    assert page in client.get(reverse("desk_people:person", args=[person.pk])).content.decode()
    assert "No hold on this person" in client.get(page).content.decode()
    found = client.post(page, HOLD, follow=True).content.decode()
    assert "placed by Ana Rivera: A claim was announced." in found
    hold = LegalHold.objects.get()
    assert hold.person == person
    end = reverse("desk_people:hold_end", args=[person.pk, hold.pk])
    assert end in found
    found = client.post(end, {"reason": "Settled."}, follow=True).content.decode()
    assert "by Ana Rivera: Settled." in found
    assert end not in found


def test_a_hold_needs_a_reason_and_a_day_that_has_come(
    office: Organization, person: Person
) -> None:
    client = client_of(make_with_role(Role.COORDINATOR, office))
    page = reverse("desk_people:holds", args=[person.pk])
    for wrong in ({"reason": ""}, {"since": "2999-01-01"}):
        assert "error" in client.post(page, {**HOLD, **wrong}).content.decode()
    assert LegalHold.objects.count() == 0


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.MANAGER, Role.REVIEWER])
def test_nobody_out_of_reach_gets_in(office: Organization, person: Person, role: Role) -> None:
    inside = client_of(make_with_role(Role.COORDINATOR, office))
    page = reverse("desk_people:holds", args=[person.pk])
    inside.post(page, HOLD)
    end = reverse("desk_people:hold_end", args=[person.pk, LegalHold.objects.get().pk])
    place = make_facility() if role == Role.MANAGER else make_office()
    outsider = client_of(make_with_role(role, place))
    for path in (page, end):
        assert outsider.get(path).status_code == 404
        assert outsider.post(path, HOLD).status_code == 404
    assert LegalHold.objects.count() == 1
    assert HoldEnd.objects.count() == 0
