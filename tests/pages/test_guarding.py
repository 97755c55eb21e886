"""What all offices share is written by every editor and taken away by superusers only."""

import pytest
from django.test import Client
from wagtail.models import Page, PageViewRestriction

from lms.pages.models import CataloguePage, HomePage, StandardPage
from lms.people.enums import Role
from lms.people.models import Person
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
