"""Pages on which a manager puts right what was recorded, hires again, and moves somebody."""

import pytest
from django.test import Client
from django.utils import timezone

from lms.people.enums import OrganizationKind, Role
from lms.people.models import Employment, Organization
from lms.people.services import change_post, end_employment
from tests.factories.people import (
    make_facility,
    make_organization,
    make_person,
    make_with_role,
)
from tests.portal.test_facilities import ago, as_person, page, staff, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def hotel() -> Organization:
    company = make_organization(OrganizationKind.COMPANY)
    return make_facility(name="Hudson House", key="hudson", parent=company)


@pytest.fixture
def manager(hotel: Organization) -> Client:
    return as_person(make_with_role(Role.MANAGER, hotel, name="Ravi Menon"))


def said(employment: Employment, **given: str) -> dict[str, str]:
    facts = {
        "first_name": employment.person.first_name,
        "last_name": employment.person.last_name,
        "started_on": employment.started_on.isoformat(),
        "number": employment.number,
        "sent_by": "",
        "reason": "Typing mistake.",
    }
    return {**facts, **given}


def at(employment: Employment, rest: str) -> str:
    return f"/facilities/hudson/people/{employment.pk}/{rest}/"


def test_a_correction_is_told_on_the_employees_page(hotel: Organization, manager: Client) -> None:
    employment = staff(hotel, 100, name="Rosa Almonte")
    form = text(manager.get(at(employment, "correct")))
    assert 'value="Almonte"' in form
    data = said(employment, started_on=ago(20).isoformat())
    found = text(manager.post(at(employment, "correct"), data, follow=True))
    assert "Corrected. What was recorded before is listed" in found
    told = found.partition("What was corrected</h2>")[2]
    for words in ["Hired on: ", "until corrected on", "by Ravi Menon", "because: Typing mistake."]:
        assert words in told
    assert "Overdue" not in found.partition("<h1>")[2][:400]


def test_the_name_of_somebody_who_signs_in_is_shown_and_not_taken(
    hotel: Organization, manager: Client
) -> None:
    employment = staff(hotel, 100, name="Rosa Almonte")
    employment.person.last_login = timezone.now()
    employment.person.save()
    assert "own to change, in their profile" in text(manager.get(at(employment, "correct")))
    manager.post(at(employment, "correct"), said(employment, last_name="Other", number="9"))
    assert [fixed.kind for fixed in employment.corrections.all()] == ["number"]
    employment.person.refresh_from_db()
    assert employment.person.last_name == "Almonte"


def test_a_post_is_corrected_from_its_list(hotel: Organization, manager: Client) -> None:
    employment = staff(hotel, 100)
    period = employment.periods.get()
    address = at(employment, f"posts/{period.pk}/correct")
    assert address in text(manager.get(at(employment, "correct")))
    data = {
        "post": "maintenance",
        "starts_on": employment.started_on.isoformat(),
        "guest_contact": "no",
        "no_contact_reason": "Boilers",
        "reason": "Chose the wrong line.",
    }
    found = text(manager.post(address, data, follow=True))
    assert "The post does not meet guests: Boilers" in found
    assert "It was Front desk since" in found


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"reason": ""}, "This field is required."),
        ({"started_on": "soon"}, "Enter a valid date."),
        ({"number": "17"}, "Employee number 17 is already used"),
    ],
)
def test_what_cannot_be_corrected_is_said_and_nothing_is_lost(
    hotel: Organization, manager: Client, change: dict[str, str], words: str
) -> None:
    staff(hotel, 100, name="Somebody Else", number="17")
    employment = staff(hotel, 100, name="Rosa Almonte")
    found = text(manager.post(at(employment, "correct"), said(employment, **change)))
    assert words in found
    assert 'value="Almonte"' in found
    assert not employment.corrections.exists()


def test_an_employment_recorded_as_overlapping_is_refused_in_words(
    hotel: Organization, manager: Client
) -> None:
    employment = staff(hotel, 100)
    change_post(
        employment=employment, post="bell", guest_contact=True, starts_on=ago(50), actor=None
    )  # type: ignore[arg-type]
    data = said(employment, started_on=ago(40).isoformat())
    found = text(manager.post(at(employment, "correct"), data))
    assert "Correct that post first." in found


@pytest.mark.parametrize("rest", ["correct", "posts/{}/correct", "again", "move"])
def test_another_facilitys_manager_finds_none_of_it(hotel: Organization, rest: str) -> None:
    employment = staff(hotel, 100)
    outsider = as_person(make_with_role(Role.MANAGER, make_facility()))
    address = at(employment, rest.format(employment.periods.get().pk))
    assert outsider.get(address).status_code == 404
    assert outsider.post(address, {}).status_code == 404


def test_another_employees_post_cannot_be_corrected_here(
    hotel: Organization, manager: Client
) -> None:
    employment, other = staff(hotel, 100), staff(hotel, 90, name="Other")
    address = at(employment, f"posts/{other.periods.get().pk}/correct")
    assert manager.get(address).status_code == 404


def test_who_left_is_hired_again_as_the_same_person(hotel: Organization, manager: Client) -> None:
    employment = staff(hotel, 300, name="Rosa Almonte")
    assert manager.get(at(employment, "again")).status_code == 404
    end_employment(employment=employment, ended_on=ago(100), actor=None)
    assert at(employment, "again") in page(manager, "employee", hotel.key, employment.pk)
    data = {"started_on": ago(3).isoformat(), "post": "bell", "guest_contact": "yes"}
    early = {**data, "started_on": ago(100).isoformat()}
    assert "already worked here from" in text(manager.post(at(employment, "again"), early))
    found = text(manager.post(at(employment, "again"), data, follow=True))
    assert "Rosa Almonte is hired again." in found
    assert Employment.objects.filter(person=employment.person).count() == 2


def test_adding_somebody_of_the_name_of_one_who_left_asks_first(
    hotel: Organization, manager: Client
) -> None:
    gone = staff(hotel, 300, name="Rosa Almonte")
    end_employment(employment=gone, ended_on=ago(100), actor=None)
    rosa = {
        "first_name": "Rosa", "last_name": "Almonte", "started_on": ago(3).isoformat(),
        "post": "bell", "guest_contact": "yes", "language": "es", "sent_by": "Night Staff Inc.",
    }  # fmt: skip
    found = text(manager.post("/facilities/hudson/people/add/", rosa))
    assert "Somebody with this name worked here." in found
    assert at(gone, "again") in found
    assert Employment.objects.count() == 1
    manager.post("/facilities/hudson/people/add/", {**rosa, "same_name": "on"})
    assert Employment.objects.exclude(pk=gone.pk).get().sent_by == "Night Staff Inc."


def test_who_answers_for_both_places_moves_somebody_in_one_step(hotel: Organization) -> None:
    other = make_facility(name="Lakeside Inn", key="lakeside", parent=hotel.parent)
    strange = make_facility(name="Strange Inn")
    employment = staff(hotel, 100, name="Rosa Almonte")
    assert hotel.parent
    boss = as_person(make_with_role(Role.COMPANY_MANAGER, hotel.parent))
    form = text(boss.get(at(employment, "move")))
    assert "Lakeside Inn" in form
    assert "Strange Inn" not in form
    data = {
        "to": str(other.pk), "first_day": ago(1).isoformat(), "post": "bell",
        "guest_contact": "yes",
    }  # fmt: skip
    answer = boss.post(at(employment, "move"), {**data, "to": str(strange.pk)})
    assert "Select a valid choice" in text(answer)
    found = text(boss.post(at(employment, "move"), data, follow=True))
    assert "Rosa Almonte works at Lakeside Inn from" in found
    employment.refresh_from_db()
    assert employment.ended_on == ago(2)


def test_who_answers_for_one_place_only_is_not_offered_a_move(
    hotel: Organization, manager: Client
) -> None:
    make_facility(parent=hotel.parent)
    employment = staff(hotel, 100)
    assert at(employment, "move") not in page(manager, "employee", hotel.key, employment.pk)
    assert manager.get(at(employment, "move")).status_code == 404
    nobody = as_person(make_person())
    assert nobody.get(at(employment, "move")).status_code == 404
