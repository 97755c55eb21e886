"""The page of a published training is not deleted in the editor."""

from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from wagtail.models import Locale, Page

from events.models import LiveTrainingPage
from lms.pages.models import CataloguePage
from tests.factories.courses import make_course
from tests.factories.events import make_live_page, make_seat, make_session
from tests.factories.people import make_office, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def live_page() -> LiveTrainingPage:
    """A live training in which somebody has a seat."""
    page = make_live_page(title="Screening")
    make_seat(make_session(page.training()))
    return page


@pytest.fixture(autouse=True)
def _editor(client: Client) -> None:
    client.force_login(make_person(is_superuser=True))


def delete(client: Client, page: Page) -> Any:
    return client.post(reverse("wagtailadmin_pages:delete", args=[page.pk]))


def delete_together(client: Client, *pages: Page) -> Any:
    path = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "delete"])
    query = "&".join(f"id={page.pk}" for page in pages)
    return client.post(f"{path}?{query}", {"confirm": "true"})


def said(response: Any) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def test_live_training_with_a_seat_is_not_deleted(
    client: Client, live_page: LiveTrainingPage
) -> None:
    [message] = said(delete(client, live_page))
    assert "It cannot be deleted; unpublish it instead." in message
    assert LiveTrainingPage.objects.filter(pk=live_page.pk).exists()


def test_page_above_a_live_training_is_not_deleted(
    client: Client, live_page: LiveTrainingPage
) -> None:
    [message] = said(delete(client, CataloguePage.objects.get()))
    assert "or holds, a training" in message
    assert LiveTrainingPage.objects.filter(pk=live_page.pk).exists()


def test_several_pages_with_a_live_training_are_not_deleted(
    client: Client, live_page: LiveTrainingPage
) -> None:
    draft = draft_page()
    [message] = said(delete_together(client, draft, live_page))
    assert "“Screening”" in message
    assert LiveTrainingPage.objects.filter(pk__in=[draft.pk, live_page.pk]).count() == 2


def test_course_keeps_its_own_message_and_one_only(client: Client) -> None:
    course = make_course()
    for response in (delete(client, course), delete_together(client, course)):
        assert any("as part of a course" in message for message in said(response))
        assert not any("or holds, a training" in message for message in said(response))


def test_training_never_published_is_deleted(client: Client) -> None:
    draft = draft_page()
    delete(client, draft)
    assert not LiveTrainingPage.objects.filter(pk=draft.pk).exists()


def test_unpublished_training_is_kept_and_its_draft_translation_is_not(
    client: Client, live_page: LiveTrainingPage
) -> None:
    live_page.unpublish()
    delete(client, live_page)
    assert LiveTrainingPage.objects.filter(pk=live_page.pk).exists()
    spanish = draft_page()
    language = Locale.objects.get_or_create(language_code="es")[0]
    LiveTrainingPage.objects.filter(pk=spanish.pk).update(
        translation_key=live_page.translation_key, locale=language
    )
    delete(client, spanish)
    assert not LiveTrainingPage.objects.filter(pk=spanish.pk).exists()


def draft_page() -> LiveTrainingPage:
    """A live training nobody has published."""
    page = LiveTrainingPage(
        title="A thought",
        slug="a-thought",
        summary="Not yet.",
        audiences=["public"],
        minutes=60,
        min_minutes=50,
        office=make_office(),
        live=False,
    )
    Page.objects.get(pk=CataloguePage.objects.get().pk).add_child(instance=page)
    return page
