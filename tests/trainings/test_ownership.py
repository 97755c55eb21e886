"""A training is edited and published by its own office's people only."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from wagtail.models import Locale, Page
from wagtail.test.utils.form_data import querydict_from_html
from wagtail_localize.models import TranslationSource

from events.models import LiveTrainingPage
from lms.pages.models import HomePage
from lms.people.enums import Role
from lms.people.models import Organization, Person
from lms.trainings.page_forms import TrainingPageForm
from tests.factories.courses import make_course
from tests.factories.events import make_live_page
from tests.factories.people import make_office, make_person, make_with_role

pytestmark = pytest.mark.django_db

ANSWERS = [
    "can_edit", "can_publish", "can_unpublish", "can_delete", "can_move", "can_copy", "can_lock",
    "can_set_view_restrictions", "can_reorder_children", "can_unschedule",
]  # fmt: skip


@pytest.fixture
def city() -> Organization:
    return make_office(name="City office")


@pytest.fixture
def coordinator(city: Organization) -> Person:
    return make_with_role(Role.COORDINATOR, city)


def answers(person: Person, page: Page) -> set[bool]:
    tester = Page.objects.get(pk=page.pk).permissions_for_user(person)
    return {getattr(tester, question)() for question in ANSWERS}


def test_own_offices_training_is_open(city: Organization, coordinator: Person) -> None:
    assert answers(coordinator, make_live_page(office=city)) == {True}


def test_other_offices_training_is_closed(coordinator: Person) -> None:
    page = make_live_page(office=make_office(name="State office"))
    assert answers(coordinator, page) == {False}


def test_lessons_follow_their_course(city: Organization, coordinator: Person) -> None:
    own = make_course(office=city).get_children().first()
    other = make_course(office=make_office(name="State office")).get_children().first()
    assert (answers(coordinator, own), answers(coordinator, other)) == ({True}, {False})


def test_pages_of_the_whole_site_are_every_editors(coordinator: Person) -> None:
    assert (
        Page.objects.get(pk=HomePage.objects.get().pk)
        .permissions_for_user(coordinator)
        .can_publish()
    )


def test_superuser_may_all() -> None:
    assert answers(make_person(is_superuser=True), make_live_page()) == {True}


def test_other_roles_at_the_office_do_not_edit(city: Organization) -> None:
    assert answers(make_with_role(Role.TRAINER, city), make_live_page(office=city)) == {False}


def test_coordinator_edits_and_publishes_the_own_training(
    client: Client, city: Organization, coordinator: Person
) -> None:
    page = make_live_page(office=city)
    client.force_login(coordinator)
    editor = f"/admin/pages/{page.pk}/edit/"
    data = querydict_from_html(client.get(editor).content.decode(), form_id="page-edit-form")
    # What scripts fill in in a browser.
    drawn = {"learn": '{"blocks": [], "entityMap": {}}', "credit_lines-count": "0"}
    changed = {"title": "Changed", "action-publish": "action-publish"}
    response = client.post(editor, {**data.dict(), **drawn, **changed})
    assert (response.status_code, LiveTrainingPage.objects.get(pk=page.pk).title) == (
        302,
        "Changed",
    )


@pytest.mark.parametrize("method", ["get", "post"])
def test_editor_of_another_office_is_told_whose_it_is(
    client: Client, coordinator: Person, method: str
) -> None:
    page = make_live_page(office=make_office(name="State office"), title="Kept")
    client.force_login(coordinator)
    response = getattr(client, method)(
        f"/admin/pages/{page.pk}/edit/", {"title": "Changed", "action-publish": "1"}, follow=True
    )
    assert response.redirect_chain == [(f"/admin/pages/{page.get_parent().pk}/", 302)]
    assert "This training belongs to State office" in response.content.decode()
    assert LiveTrainingPage.objects.get(pk=page.pk).title == "Kept"


@pytest.mark.parametrize("deed", ["unpublish", "delete", "copy"])
def test_other_doors_to_another_offices_training_are_closed(
    client: Client, coordinator: Person, deed: str
) -> None:
    page = make_live_page(office=make_office(name="State office"))
    client.force_login(coordinator)
    client.post(f"/admin/pages/{page.pk}/{deed}/", {"new_title": "Copy", "new_slug": "copy"})
    assert list(LiveTrainingPage.objects.values_list("pk", "live")) == [(page.pk, True)]


def test_training_is_given_to_an_own_office_only(city: Organization, coordinator: Person) -> None:
    make_office(name="State office")
    page = make_live_page(office=city)
    form_class = LiveTrainingPage.get_edit_handler().get_form_class()
    assert issubclass(form_class, TrainingPageForm)
    assert list(form_class(instance=page, for_user=coordinator).fields["office"].queryset) == [city]
    everything = form_class(instance=page, for_user=make_person(is_superuser=True))
    assert everything.fields["office"].queryset.count() == Organization.objects.offices().count()


def test_visitor_meets_the_sign_in_at_the_editors_door(client: Client) -> None:
    page = make_live_page()
    response = client.get(f"/admin/pages/{page.pk}/edit/")
    assert response["Location"] == f"/accounts/login/?next=/admin/pages/{page.pk}/edit/"


@pytest.mark.parametrize("own", [True, False])
def test_translation_is_started_and_renewed_by_the_owning_office_only(
    client: Client, city: Organization, coordinator: Person, own: bool
) -> None:
    page = make_live_page(office=city if own else make_office(name="State office"))
    coordinator.user_permissions.add(Permission.objects.get(codename="submit_translation"))
    spanish, _created = Locale.objects.get_or_create(language_code="es")
    client.force_login(coordinator)
    client.post(f"/admin/localize/submit/page/{page.pk}/", {"locales": [spanish.pk]})
    assert page.get_translations().exists() is own
    source, _created = TranslationSource.get_or_create_from_instance(page)
    before = source.last_updated_at
    client.post(f"/admin/localize/update/{source.pk}/")
    source.refresh_from_db()
    assert (source.last_updated_at > before) is own
