"""People in the administrator's list: found, made, changed, given roles, never deleted."""

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from lms.core.exceptions import Refused
from lms.core.models import AuditEntry
from lms.people import services
from lms.people.enums import Role
from lms.people.models import Organization, Person
from tests.factories.people import make_facility, make_office, make_person, make_with_role

pytestmark = pytest.mark.django_db

LIST = "/admin/users/"


@pytest.fixture
def admin(client: Client) -> Person:
    """The administrator, signed in."""
    admin = make_person("admin@example.org", name="Alex Kim", is_superuser=True)
    client.force_login(admin)
    return admin


def edit(client: Client, person: Person, **changes: Any) -> Any:
    """Send the form back with changes."""
    page = f"{LIST}edit/{person.pk}/"
    initial = client.get(page).context["form"].initial
    data = {name: value for name, value in initial.items() if value not in (None, False)}
    return client.post(page, {**data, **changes})


def errors(response: Any) -> dict[str, Any]:
    return dict(response.context["form"].errors)


def test_list_shows_people_with_and_without_address_and_their_roles(
    client: Client, admin: Person
) -> None:
    make_person(None, name="Tsering Sherpa")
    make_with_role(Role.MANAGER, make_facility(name="Hudson House"), name="Ravi Menon")
    page = client.get(LIST).content.decode()
    assert [text in page for text in ("Tsering Sherpa", "Facility manager, Hudson House")] == [
        True,
        True,
    ]


@pytest.mark.parametrize("number", [1, 3])
def test_list_costs_the_same_for_one_and_three(
    client: Client,
    admin: Person,
    django_assert_num_queries: DjangoAssertNumQueries,
    number: int,
) -> None:
    for _time in range(number):
        make_with_role(Role.COORDINATOR, make_office())
    client.get(LIST)
    with django_assert_num_queries(10):
        client.get(LIST)


@pytest.mark.parametrize("words", ["nunez", "Núñez Ángel", "angel@example"])
def test_list_finds_names_without_accents_and_addresses(
    client: Client, admin: Person, words: str
) -> None:
    found = make_person("angel@example.org", name="Ángel Núñez")
    make_person(name="Somebody Else")
    assert list(client.get(LIST, {"q": words}).context["page_obj"]) == [found]


def test_list_is_narrowed_by_a_role_held_now(client: Client, admin: Person) -> None:
    coordinator = make_with_role(Role.COORDINATOR, make_office())
    ended = make_with_role(Role.COORDINATOR, make_office())
    services.end_role(assignment=ended.roles.get(), actor=admin)
    assert list(client.get(LIST, {"role": "coordinator"}).context["page_obj"]) == [coordinator]


def test_person_is_made_without_address_and_without_password(client: Client, admin: Person) -> None:
    form = client.get(f"{LIST}new/").context["form"]
    assert list(form.fields) == ["first_name", "last_name", "email", "preferred_language"]
    typed = {"first_name": "Mei", "last_name": "Chen", "email": "", "preferred_language": "zh-hans"}
    for _time in range(2):
        assert client.post(f"{LIST}new/", typed).status_code == 302
    made = Person.objects.filter(first_name="Mei")
    assert [(person.email, person.has_usable_password()) for person in made] == [(None, False)] * 2
    assert AuditEntry.objects.filter(action="person.created", actor=admin).count() == 2


def test_person_with_a_known_address_is_not_made_again(client: Client, admin: Person) -> None:
    make_person("ana@example.org", name="Ana Rivera")
    typed = {
        "first_name": "A",
        "last_name": "R",
        "email": "ANA@example.org",
        "preferred_language": "en",
    }
    response = client.post(f"{LIST}new/", typed)
    assert errors(response) == {"email": ["Ana Rivera has this address already."]}


def test_change_is_kept_with_its_audit(client: Client, admin: Person) -> None:
    person = make_person("ana@example.org", name="Ana Rivera")
    assert edit(client, person, last_name="Rivera Soto").status_code == 302
    person.refresh_from_db()
    assert (person.last_name, person.sort_name) == ("Rivera Soto", "rivera soto ana")
    [entry] = AuditEntry.objects.filter(action="person.changed")
    assert (entry.actor, entry.data) == (admin, {"fields": ["last_name"]})


def test_new_address_must_be_confirmed_and_the_old_one_is_gone(
    client: Client, admin: Person
) -> None:
    person = make_person("old@example.org")
    services.confirm_address(person=person, email="old@example.org")
    edit(client, person, email="New@example.org")
    person.refresh_from_db()
    assert person.email == "new@example.org"
    assert EmailAddress.objects.filter(user=person).exists() is False


def test_address_may_be_taken_away(client: Client, admin: Person) -> None:
    person = make_person("old@example.org")
    edit(client, person, email="")
    person.refresh_from_db()
    assert person.email is None


def test_closing_an_account_ends_its_session(client: Client, admin: Person) -> None:
    person = make_person("ana@example.org")
    session = Client()
    session.force_login(person)
    assert session.get("/accounts/email/").status_code == 200
    page = f"{LIST}edit/{person.pk}/"
    form = client.get(page).context["form"].initial
    kept = {name: value for name, value in form.items() if value and name != "is_active"}
    client.post(page, kept)
    assert session.get("/accounts/email/").status_code == 302


def test_administrator_cannot_lock_themselves_out(client: Client, admin: Person) -> None:
    fields = client.get(f"{LIST}edit/{admin.pk}/").context["form"].fields
    assert {"is_active", "is_superuser"} & set(fields) == set()
    edit(client, admin, last_name="Kimm")
    admin.refresh_from_db()
    assert (admin.last_name, admin.is_active, admin.is_superuser) == ("Kimm", True, True)
    with pytest.raises(Refused) as refusal:
        services.change_person(
            person=admin,
            first_name="Alex",
            last_name="Kim",
            email=admin.email,
            language="en",
            is_active=False,
            is_superuser=True,
            actor=admin,
        )
    assert refusal.value.code == "own_account"


def test_role_is_given_and_ended(client: Client, admin: Person) -> None:
    person, office = make_person(), make_office(name="City office")
    edit(client, person, new_role="coordinator", new_role_for=office.pk)
    [held] = person.roles.all()
    assert (held.role, held.organization, held.ended_at) == ("coordinator", office, None)
    assert person.groups.count() == 1
    edit(client, person, ended_roles=[held.pk])
    held.refresh_from_db()
    assert (held.ended_at is not None, person.groups.count()) == (True, 0)


@pytest.mark.parametrize(
    ("role", "kind", "field"),
    [
        ("manager", "office", "new_role_for"),
        ("manager", None, "new_role_for"),
        ("", "office", "new_role"),
    ],
)
def test_role_needs_its_kind_of_organization(
    client: Client, admin: Person, role: str, kind: str | None, field: str
) -> None:
    person = make_person()
    organization: Organization | None = make_office() if kind else None
    response = edit(
        client, person, new_role=role, new_role_for=organization.pk if organization else ""
    )
    assert list(errors(response)) == [field]
    assert person.roles.count() == 0


def test_nobody_is_deleted(client: Client, admin: Person) -> None:
    person = make_person()
    client.post(f"{LIST}delete/{person.pk}/")
    for action in ("delete", "assign_role", "set_active_state"):
        client.post(f"/admin/bulk/people/person/{action}/?id={person.pk}", {"role": 1})
    person.refresh_from_db()
    assert (person.is_active, person.groups.count()) == (True, 0)
    assert "delete" not in client.get(f"{LIST}edit/{person.pk}/").content.decode().lower().replace(
        "nobody is deleted", ""
    )


def test_coordinator_does_not_see_the_list(client: Client) -> None:
    client.force_login(make_with_role(Role.COORDINATOR, make_office()))
    assert client.get(LIST)["Location"] == "/admin/"
