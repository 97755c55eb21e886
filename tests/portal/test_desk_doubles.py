"""The desk's pages for facilities that may be here twice."""

from typing import Any

import pytest
from django.test import Client

from lms.compliance.double_models import FacilityMerge
from lms.people.enums import Role
from lms.people.models import Organization
from tests.factories.people import (
    make_employment,
    make_facility,
    make_office,
    make_person,
    make_state_office,
    make_with_role,
)
from tests.portal.test_facilities import as_person, text

pytestmark = pytest.mark.django_db
WHERE = {"street": "12 North Elm Street", "city": "Albany", "postcode": "12207"}
HOME = "/desk/facilities/doubles/"


@pytest.fixture
def desk() -> Client:
    return as_person(make_with_role(Role.COORDINATOR, make_state_office()))


@pytest.fixture
def pair() -> tuple[Organization, Organization]:
    return make_facility(name="Elm Court Hotel", **WHERE), make_facility(name="The Elm", **WHERE)


def test_from_the_suggestion_to_one_page_and_back(
    desk: Client, pair: tuple[Organization, Organization]
) -> None:
    one, other = pair
    manager = as_person(make_with_role(Role.MANAGER, other))
    make_employment(other, person=make_person(None, name="Rosa Almonte"))
    page = text(desk.get(HOME))
    url = f"{HOME}{one.pk}/{other.pk}/"
    assert url in page
    page = text(desk.get(url))
    assert "Elm Court Hotel stays; The Elm is joined to it." in page
    assert "Employments 1 · Managers 1 · Shared devices 0" in page
    assert "Say what shows" in text(desk.post(url, {"action": "join", "reason": ""}))
    answer = desk.post(url, {"action": "join", "reason": "One door."}, follow=True)
    assert "The Elm was joined to Elm Court Hotel" in text(answer)
    page = text(manager.get(f"/facilities/{other.key}/"))
    assert "Elm Court Hotel" in page
    assert "Rosa Almonte" in page
    merge = FacilityMerge.objects.get()
    answer = desk.post(f"{HOME}merges/{merge.pk}/undo/", follow=True)
    assert "Undone on" in text(answer)
    assert "The Elm" in text(manager.get(f"/facilities/{other.key}/"))


def test_a_collision_is_shown_before_anything_is_tried(
    desk: Client, pair: tuple[Organization, Organization]
) -> None:
    for place in pair:
        make_employment(place, number="7")
    page = text(desk.get(f"{HOME}{pair[0].pk}/{pair[1].pk}/"))
    assert "They cannot be joined yet" in page
    assert "Employee number 7 is used in both." in page


def test_two_places_are_not_suggested_again(
    desk: Client, pair: tuple[Organization, Organization]
) -> None:
    desk.post(f"{HOME}{pair[0].pk}/{pair[1].pk}/", {"action": "two"})
    assert "No facility seems to be here twice" in text(desk.get(HOME))


def test_the_pages_are_the_states_offices_alone(pair: tuple[Organization, Organization]) -> None:
    one, other = pair
    addresses = [HOME, f"{HOME}{one.pk}/{other.pk}/"]
    for person in (
        make_with_role(Role.COORDINATOR, make_office()),
        make_with_role(Role.MANAGER, one),
        make_person(),
    ):
        client = as_person(person)
        assert {client.get(address).status_code for address in addresses} == {404}
        assert client.post(addresses[1], {"action": "join", "reason": "x"}).status_code == 404
        assert client.post(f"{HOME}merges/1/undo/").status_code == 404


def test_the_list_costs_the_same_for_one_and_three(
    desk: Client, pair: tuple[Organization, Organization], django_assert_num_queries: Any
) -> None:
    desk.get(HOME)
    with django_assert_num_queries(7):
        desk.get(HOME)
    for _number in range(2):
        make_facility(name="Elm", **WHERE)
    with django_assert_num_queries(7):
        desk.get(HOME)
