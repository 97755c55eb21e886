"""What all offices share is written by every editor and taken away by superusers only."""

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.test import Client
from wagtail.models import Page, PageViewRestriction

from lms.pages.models import CataloguePage, Contact, HomePage, StandardPage
from lms.people.enums import Role
from lms.people.models import Person
from lms.people.receivers import let_editors_edit
from tests.factories.pages import make_contact
from tests.factories.people import make_office, make_person, make_with_role

pytestmark = pytest.mark.django_db

TAKING_AWAY = ["can_unpublish", "can_delete", "can_move", "can_set_view_restrictions"]


@pytest.fixture
def editor() -> Person:
    return make_with_role(Role.EDITOR, make_office())


@pytest.fixture(params=[HomePage, CataloguePage, StandardPage])
def page(request: pytest.FixtureRequest) -> Page:
    """One of the site's pages, as Wagtail's views find it: without its kind."""
    if request.param is StandardPage:
        HomePage.objects.get().add_child(instance=StandardPage(title="About us", slug="about-us"))
    return Page.objects.get(pk=request.param.objects.get().pk)


def test_editor_writes_in_the_sites_pages_and_takes_none_away(page: Page, editor: Person) -> None:
    tester = page.permissions_for_user(editor)
    assert [tester.can_edit(), tester.can_publish()] == [True, True]
    assert [question for question in TAKING_AWAY if getattr(tester, question)()] == []


def test_superuser_may_take_the_sites_pages_away(page: Page) -> None:
    tester = page.permissions_for_user(make_person(is_superuser=True))
    assert [question for question in TAKING_AWAY if getattr(tester, question)()] == TAKING_AWAY


@pytest.mark.parametrize("deed", ["unpublish", "delete", "privacy"])
def test_editors_own_doors_leave_the_catalogue_open(
    client: Client, editor: Person, deed: str
) -> None:
    catalogue = CataloguePage.objects.get()
    client.force_login(editor)
    client.post(f"/admin/pages/{catalogue.pk}/{deed}/", {"restriction_type": "login"})
    assert CataloguePage.objects.live().get() == catalogue
    assert not PageViewRestriction.objects.exists()


@pytest.mark.parametrize("model", ["contact", "fact", "faqitem", "resource"])
def test_editor_keeps_dated_data_and_deletes_none(editor: Person, model: str) -> None:
    let_editors_edit(app_config=apps.get_app_config("pages"))
    asked = [f"pages.{deed}_{model}" for deed in ("add", "change", "view", "delete")]
    assert [editor.has_perm(permission) for permission in asked] == [True, True, True, False]


@pytest.mark.parametrize("granted", [False, True])
def test_editor_deletes_no_contact_even_with_a_stray_grant(
    client: Client, editor: Person, granted: bool
) -> None:
    contact = make_contact()
    if granted:
        Group.objects.get(name="Editors").permissions.add(
            Permission.objects.get(codename="delete_contact")
        )
    client.force_login(editor)
    client.post(f"/admin/snippets/pages/contact/delete/{contact.pk}/")
    assert Contact.objects.get() == contact
    listed = client.get("/admin/snippets/pages/contact/").content.decode()
    assert f"/contact/edit/{contact.pk}/" in listed


def test_editor_deletes_no_contacts_together(client: Client, editor: Person) -> None:
    contact = make_contact()
    client.force_login(editor)
    client.post(f"/admin/bulk/pages/contact/delete/?id={contact.pk}")
    assert Contact.objects.get() == contact


def test_superuser_deletes_a_line_that_was_closed(client: Client) -> None:
    contact = make_contact()
    client.force_login(make_person(is_superuser=True))
    client.post(f"/admin/snippets/pages/contact/delete/{contact.pk}/")
    assert not Contact.objects.exists()
