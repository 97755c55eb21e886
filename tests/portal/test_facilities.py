"""A facility's pages: what a manager reads, who else gets nothing, and what each page costs."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from lms.compliance.models import FacilityProfile
from lms.core.time import new_york_today
from lms.people.enums import OrganizationKind, Role
from lms.people.models import Organization, Person
from lms.people.services import end_employment, grant_role
from lms.trainings.models import TrainingVersion
from tests.factories.compliance import describe, make_completion, make_program, train
from tests.factories.people import (
    make_employment,
    make_facility,
    make_office,
    make_organization,
    make_person,
    make_with_role,
)

pytestmark = pytest.mark.django_db


def as_person(person: Person) -> Client:
    """A browser in which the person is signed in."""
    client = Client()
    client.force_login(person)
    return client


def ago(days: int) -> date:
    return new_york_today() - timedelta(days=days)


@pytest.fixture
def hotel() -> Organization:
    facility = make_facility(name="Hudson House", key="hudson")
    describe(facility)
    return facility


@pytest.fixture
def manager(hotel: Organization) -> Client:
    return as_person(make_with_role(Role.MANAGER, hotel, name="Ravi Menon"))


def staff(hotel: Organization, hired: int, *, name: str = "Rosa Almonte", **fields: Any) -> Any:
    """Somebody hired so many days ago."""
    person = make_person(None, name=name)
    return make_employment(hotel, person=person, started_on=ago(hired), **fields)


def text(response: Any) -> str:
    """The page's words, spaces folded."""
    return " ".join(response.content.decode().split())


def page(client: Client, name: str, *arguments: Any, **query: Any) -> str:
    response = client.get(reverse(f"facilities:{name}", args=arguments), query)
    assert response.status_code == 200
    return text(response)


# --- who gets in ----------------------------------------------------------------------------------

ADDRESSES = [
    "",
    "about/",
    "today/",
    "record/",
    "record.csv",
    "sign/",
    "sign/confirm/",
    "people/add/",
]
OF_ONE = ["", "post/", "leaving/", "leaving/undo/"]


def addresses(hotel: Organization, employee: int) -> list[str]:
    base = f"/facilities/{hotel.key}/"
    return [base + tail for tail in ADDRESSES] + [f"{base}people/{employee}/{t}" for t in OF_ONE]


def answer(client: Client, address: str) -> int:
    method = client.post if address.endswith("undo/") else client.get
    return method(address).status_code


@pytest.mark.parametrize(
    "role", [Role.MANAGER, Role.COMPANY_MANAGER, Role.COORDINATOR, Role.REVIEWER, None]
)
def test_to_anybody_else_a_facility_does_not_exist(hotel: Organization, role: Role | None) -> None:
    employee = staff(hotel, 20)
    elsewhere = {
        Role.MANAGER: make_facility,
        Role.COMPANY_MANAGER: lambda: make_organization(OrganizationKind.COMPANY),
    }.get(role or Role.EDITOR, make_office)()
    outsider = make_with_role(role, elsewhere) if role else make_person()
    client = as_person(outsider)
    found = {address: answer(client, address) for address in addresses(hotel, employee.pk)}
    assert set(found.values()) == {404}


def test_strangers_are_asked_to_sign_in(hotel: Organization, client: Client) -> None:
    employee = staff(hotel, 20)
    found = {address: answer(client, address) for address in addresses(hotel, employee.pk)}
    assert set(found.values()) == {302}


def test_an_employee_does_not_see_the_facilitys_pages(hotel: Organization) -> None:
    employment = make_employment(hotel, person=make_person(), started_on=ago(20))
    client = as_person(employment.person)
    assert client.get(f"/facilities/{hotel.key}/").status_code == 404
    assert client.get(f"/facilities/{hotel.key}/people/{employment.pk}/").status_code == 404


def test_another_facilitys_employee_is_not_found_under_ones_own_address(
    hotel: Organization, manager: Client
) -> None:
    theirs = make_employment(make_facility(), started_on=ago(20))
    for tail in OF_ONE:
        address = f"/facilities/{hotel.key}/people/{theirs.pk}/{tail}"
        assert answer(manager, address) == 404


def test_a_company_manager_opens_each_of_its_facilities() -> None:
    company = make_organization(OrganizationKind.COMPANY)
    hotel = make_facility(parent=company)
    client = as_person(make_with_role(Role.COMPANY_MANAGER, company))
    assert client.get(f"/facilities/{hotel.key}/").status_code == 200


def test_pages_about_people_are_kept_by_nobody(hotel: Organization, manager: Client) -> None:
    assert "no-store" in manager.get(f"/facilities/{hotel.key}/")["Cache-Control"]


# --- landing --------------------------------------------------------------------------------------


def test_a_manager_of_one_facility_lands_there(hotel: Organization, manager: Client) -> None:
    assert manager.get("/facilities/")["Location"] == "/facilities/hudson/"


def test_a_company_manager_lands_at_the_company() -> None:
    company = make_organization(OrganizationKind.COMPANY, key="empire")
    make_facility(parent=company)
    client = as_person(make_with_role(Role.COMPANY_MANAGER, company))
    assert client.get("/facilities/")["Location"] == "/facilities/company/empire/"


def test_a_manager_of_two_facilities_reads_both(hotel: Organization) -> None:
    second = make_facility(name="Lake Inn")
    person = make_with_role(Role.MANAGER, hotel)
    grant_role(person=person, role=Role.MANAGER, organization=second, actor=None)
    staff(hotel, 90)
    found = page(as_person(person), "home")
    assert "Hudson House" in found
    assert "Lake Inn" in found


def test_a_visitor_reads_what_the_law_asks_with_its_source(client: Client) -> None:
    make_office(name="State office", contact_email="state@example.org")
    found = page(client, "home")
    for words in [
        "every employee who is likely to interact",
        "first 60 days",
        "On your premises, on paid time.",
        "What trafficking is, in labor and in sex",
        "checked on Nov. 21, 2026",
        "This is not legal advice",
        "state@example.org",
        "/accounts/login/?next=/facilities/",
    ]:
        assert words.lower() in found.lower()


def test_a_person_without_a_facility_is_told_how_to_get_one(client: Client) -> None:
    client.force_login(make_person())
    assert "Say which place you run" in page(client, "home")


# --- the table ------------------------------------------------------------------------------------


def test_the_page_opens_with_the_sentence_and_says_why(
    hotel: Organization, manager: Client
) -> None:
    train(staff(hotel, 200, name="Mei Chen"), on=ago(180))
    staff(hotel, 100, name="Lucia Quispe")
    unsigned = staff(hotel, 300, name="Imran Qureshi")
    make_completion(unsigned.person, occurred_on=ago(290))
    found = page(manager, "facility", hotel.key)
    assert "2 of 3 trained. 1 of them is not yet proven. 1 overdue." in found
    assert "No training is recorded. It was due by" in found
    assert "Not yet shown: that it was on the premises; that the time was paid." in found
    assert "Sign for 1 training" in found


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({}, {"Mei", "Lucia", "Imran", "Diego"}),
        ({"show": "action"}, {"Lucia", "Imran"}),
        ({"show": "overdue"}, {"Lucia"}),
        ({"show": "left"}, {"Beatriz"}),
        ({"show": "nonsense"}, {"Mei", "Lucia", "Imran", "Diego"}),
        ({"q": "QUISPE lucía"}, {"Lucia"}),
        ({"q": "hh-7"}, {"Diego"}),
        ({"q": "nobody"}, set()),
    ],
)
def test_filters_and_search_work_without_a_script(
    hotel: Organization, manager: Client, query: dict[str, str], names: set[str]
) -> None:
    train(staff(hotel, 200, name="Mei Chen"), on=ago(180))
    staff(hotel, 100, name="Lucia Quispe")
    unsigned = staff(hotel, 300, name="Imran Qureshi")
    make_completion(unsigned.person, occurred_on=ago(290))
    staff(hotel, 2, name="Diego Salazar", number="HH-7")
    gone = staff(hotel, 400, name="Beatriz Gomes")
    end_employment(employment=gone, ended_on=ago(30), actor=None)
    found = page(manager, "facility", hotel.key, **query)
    everyone = {"Mei", "Lucia", "Imran", "Diego", "Beatriz"}
    assert {name for name in everyone if f"{name} " in found} == names
    assert "2 of 4 trained." in found


def test_an_empty_facility_says_what_to_do(hotel: Organization, manager: Client) -> None:
    found = page(manager, "facility", hotel.key)
    assert "Nobody who works here needs this training today." in found
    assert "No employees yet" in found


def test_a_name_is_text_never_markup(hotel: Organization, manager: Client) -> None:
    staff(hotel, 20, name="<script>alert(1)</script> Doe")
    assert "<script>alert" not in page(manager, "facility", hotel.key)


def people(hotel: Organization, count: int, version: TrainingVersion) -> None:
    """Each kind of line, so many times."""
    for _one in range(count):
        train(staff(hotel, 200), on=ago(180), version=version)
        make_completion(staff(hotel, 200).person, version, occurred_on=ago(180))
        staff(hotel, 100)


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("asked", [("facility", 10), ("today", 11), ("record", 9), ("sign", 9)])
def test_a_page_costs_the_same_however_many_employees(
    hotel: Organization,
    manager: Client,
    asked: tuple[str, int],
    count: int,
    django_assert_num_queries: Any,
) -> None:
    name, queries = asked
    people(hotel, count, make_program())
    with django_assert_num_queries(queries):
        page(manager, name, hotel.key)


@pytest.mark.parametrize("count", [1, 3])
def test_an_employees_page_costs_the_same_however_long_the_history(
    hotel: Organization, manager: Client, count: int, django_assert_num_queries: Any
) -> None:
    employment = staff(hotel, 200)
    version = make_program()
    for place in range(count):
        train(employment, on=ago(180 - place), version=version)
    with django_assert_num_queries(13):  # in which role, and that the page was opened that day
        page(manager, "employee", hotel.key, employment.pk)
    with django_assert_num_queries(11):
        page(manager, "employee", hotel.key, employment.pk)


@pytest.mark.parametrize("count", [1, 3, 12])
def test_a_companys_page_costs_the_same_however_many_hotels(
    count: int, django_assert_num_queries: Any
) -> None:
    company = make_organization(OrganizationKind.COMPANY)
    client = as_person(make_with_role(Role.COMPANY_MANAGER, company))
    version = make_program()
    for _one in range(count):
        people(make_facility(parent=company), 1, version)
    with django_assert_num_queries(11):
        found = page(client, "company", company.key)
    assert f"{2 * count} of {3 * count} trained." in found


def test_a_companys_page_is_not_for_a_facilitys_manager() -> None:
    company = make_organization(OrganizationKind.COMPANY)
    client = as_person(make_with_role(Role.MANAGER, make_facility(parent=company)))
    assert client.get(f"/facilities/company/{company.key}/").status_code == 404


# --- about the place ------------------------------------------------------------------------------


def test_saying_what_the_place_is_changes_whom_the_law_is_for(
    hotel: Organization, manager: Client
) -> None:
    address = f"/facilities/{hotel.key}/about/"
    manager.post(address, {"rooms_for_hire": "4", "owner_lives_there": "yes", "is_dwelling": "no"})
    profile = FacilityProfile.objects.get()
    assert (profile.rooms_for_hire, profile.owner_lives_there) == (4, True)
    assert "is not for a house with at most 5 rooms" in page(manager, "about", hotel.key)


def test_what_is_not_known_can_be_left_open(hotel: Organization, manager: Client) -> None:
    address = f"/facilities/{hotel.key}/about/"
    manager.post(address, {"rooms_for_hire": "", "owner_lives_there": "", "is_dwelling": ""})
    assert "We take it that GBL 205 applies." in page(manager, "facility", hotel.key)


def test_no_rooms_is_an_error_beside_the_field(hotel: Organization, manager: Client) -> None:
    response = manager.post(f"/facilities/{hotel.key}/about/", {"rooms_for_hire": "0"})
    assert "greater than or equal to 1" in text(response)
