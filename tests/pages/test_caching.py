"""Public pages are kept for a minute for those who are not signed in, and for nobody else."""

from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page

from lms.pages.models import HomePage
from tests.factories.pages import make_contact
from tests.factories.people import make_person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _kept(settings: Any) -> None:
    cache.clear()
    settings.LMS_PUBLIC_PAGES_SECONDS = 60


def queries(client: Client, path: str) -> tuple[int, str]:
    """How many queries the page took, and its text."""
    with CaptureQueriesContext(connection) as captured:
        response = client.get(path)
    assert response.status_code == 200
    return len(captured), response.content.decode()


@pytest.mark.parametrize("path", ["/", "/trainings/", "/help/", "/faq/"])
def test_second_visitor_asks_the_database_nothing(path: str) -> None:
    first, drawn = queries(Client(), path)
    second, kept = queries(Client(), path)

    assert first > 0
    assert second == 0
    assert kept == drawn


def test_kept_page_has_the_same_headers() -> None:
    first, second = Client().get("/"), Client().get("/")

    assert dict(second.items()) == dict(first.items())
    assert "Content-Security-Policy" in second.headers
    assert not second.cookies


def test_a_saved_page_is_seen_at_once(django_capture_on_commit_callbacks: Any) -> None:
    queries(Client(), "/")
    home = HomePage.objects.live().filter(locale__language_code="en").get()
    home.title = "Another front door"
    with django_capture_on_commit_callbacks(execute=True):
        home.save_revision().publish()

    assert "Another front door" in queries(Client(), "/")[1]


def test_a_saved_contact_is_seen_at_once(django_capture_on_commit_callbacks: Any) -> None:
    queries(Client(), "/help/")
    with django_capture_on_commit_callbacks(execute=True):
        make_contact(key="night-line", name="Night line")

    assert "Night line" in queries(Client(), "/help/")[1]


def test_who_is_signed_in_gets_a_page_drawn_anew() -> None:
    queries(Client(), "/")
    Page.objects.filter(depth=2, locale__language_code="en").update(title="Changed in silence")
    reader = Client()
    reader.force_login(make_person())

    assert "Changed in silence" in queries(reader, "/")[1]
    assert "Changed in silence" not in queries(Client(), "/")[1]


@pytest.mark.parametrize("path", ["/accounts/login/", "/verify/", "/trainings/?kind=live"])
def test_pages_that_ask_or_answer_somebody_are_not_kept(path: str) -> None:
    first = Client().get(path)
    second = Client().get(path)

    assert first.status_code == second.status_code == 200
    assert not [key for key in _keys() if path in key]


def test_languages_are_kept_apart() -> None:
    english, spanish = queries(Client(), "/help/")[1], queries(Client(), "/es/help/")[1]

    assert queries(Client(), "/help/")[1] == english
    assert queries(Client(), "/es/help/")[1] == spanish
    assert english != spanish


def test_a_cache_that_is_away_fails_no_page(settings: Any) -> None:
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
        }
    }

    assert Client().get("/help/").status_code == 200


def _keys() -> list[str]:
    return list(getattr(cache, "_cache", {}))
