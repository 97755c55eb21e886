"""Roles open the editors' pages, and nothing else does."""

import pytest
from django.test import Client
from wagtail.models import GroupPagePermission

from lms.pages.models import Contact
from lms.people import services
from lms.people.enums import Role
from lms.people.models import Person
from tests.factories.people import make_facility, make_office, make_person, make_with_role

pytestmark = pytest.mark.django_db

NOT_EDITING = [role for role in Role if role not in Role.editing()]


def fresh(person: Person) -> Person:
    """The person without what the object remembers of permissions."""
    return Person.objects.get(pk=person.pk)


@pytest.mark.parametrize("role", Role.editing())
def test_editing_role_opens_the_admin_until_it_ends(client: Client, role: Role) -> None:
    person = make_with_role(role, make_office())
    client.force_login(person)
    assert client.get("/admin/").status_code == 200
    services.end_role(assignment=person.roles.get(), actor=None)
    assert client.get("/admin/")["Location"] == "/accounts/login/?next=/admin/"


@pytest.mark.parametrize("role", NOT_EDITING)
def test_other_roles_do_not_open_the_admin(client: Client, role: Role) -> None:
    client.force_login(make_with_role(role, make_facility()))
    assert client.get("/admin/")["Location"] == "/accounts/login/?next=/admin/"


def test_person_without_access_is_told_so_and_not_sent_in_circles(client: Client) -> None:
    client.force_login(make_person(name="Ana Rivera"))
    response = client.get("/admin/", follow=True)
    assert response.status_code == 403
    assert (
        "You are signed in as Ana Rivera. This account does not open" in response.content.decode()
    )


def test_visitor_signs_in_first(client: Client) -> None:
    response = client.get("/admin/", follow=True)
    assert response.redirect_chain == [("/accounts/login/?next=/admin/", 302)]
    assert response.status_code == 200


def test_one_of_two_roles_ending_leaves_the_admin_open() -> None:
    person = make_with_role(Role.COORDINATOR, make_office())
    services.grant_role(person=person, role=Role.EDITOR, organization=make_office(), actor=None)
    services.end_role(assignment=person.roles.get(role=Role.EDITOR), actor=None)
    assert fresh(person).has_perm("wagtailadmin.access_admin") is True
    services.end_role(assignment=person.roles.get(role=Role.COORDINATOR), actor=None)
    assert fresh(person).has_perm("wagtailadmin.access_admin") is False


def test_editors_publish_the_whole_tree_and_edit_contacts_but_not_people() -> None:
    editors = GroupPagePermission.objects.filter(group__name="Editors", page__depth=1)
    codenames = set(editors.values_list("permission__codename", flat=True))
    assert codenames == {
        "add_page", "change_page", "publish_page", "lock_page", "unlock_page"
    }  # fmt: skip
    person = fresh(make_with_role(Role.EDITOR, make_office()))
    label = Contact._meta.app_label
    asked = [f"{label}.add_contact", f"{label}.change_contact", "people.change_person"]
    assert [person.has_perm(permission) for permission in asked] == [True, True, False]
