"""The language is chosen on any page, and pages without a language in their address follow it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.db import OperationalError, connection
from django.test import Client
from django.utils import translation
from wagtail.models import Locale, Page, Site

from lms.core.templatetags.components import door


@pytest.mark.django_db
def test_language_is_remembered_and_leads_back(client: Client) -> None:
    response = client.get("/language/ar/?next=/styleguide/")

    assert (response.status_code, response.url) == (302, "/styleguide/")  # type: ignore[attr-defined]
    assert response.cookies[settings.LANGUAGE_COOKIE_NAME].value == "ar"
    page = client.get("/styleguide/")
    assert '<html lang="ar" dir="rtl">' in page.content.decode()
    assert "Cookie" in page["Vary"]


@pytest.mark.django_db
def test_language_follows_the_browser_where_none_was_chosen(client: Client) -> None:
    page = client.get("/styleguide/", headers={"Accept-Language": "es"})

    assert '<html lang="es" dir="ltr">' in page.content.decode()


@pytest.mark.django_db
def test_language_that_is_not_offered_is_not_found(client: Client) -> None:
    assert client.get("/language/xx/").status_code == 404


@pytest.mark.parametrize(
    "target", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:1"]
)
@pytest.mark.django_db
def test_language_never_leads_to_another_site(client: Client, target: str) -> None:
    response = client.get("/language/es/", {"next": target})

    assert response.url == "/"  # type: ignore[attr-defined]


@pytest.mark.django_db
def test_missing_page_says_what_to_do(client: Client) -> None:
    response = client.get("/no-such-page/")

    assert response.status_code == 404
    assert "We cannot find that page" in response.content.decode()
    assert 'href="/help/"' in response.content.decode()


@pytest.mark.django_db
def test_door_leads_to_the_translation_where_there_is_one() -> None:
    home = Site.objects.get(is_default_site=True).root_page
    about = home.add_child(instance=Page(title="About", slug="about"))
    home.add_child(instance=Page(title="Privacy", slug="privacy"))
    spanish = Locale.objects.get_or_create(language_code="es")[0]
    home.copy_for_translation(spanish).save_revision().publish()
    acerca = about.copy_for_translation(spanish)
    acerca.slug = "acerca"
    acerca.save_revision().publish()

    with translation.override("es"):
        assert [door(path) for path in ("/", "/about/", "/privacy/", "/my/")] == [
            "/es/",
            "/es/acerca/",
            "/privacy/",
            "/my/",
        ]
    with translation.override("en"):
        assert door("/about/") == "/about/"


@pytest.mark.django_db
def test_language_leads_to_the_translated_page(client: Client) -> None:
    home = Site.objects.get(is_default_site=True).root_page
    about = home.add_child(instance=Page(title="About", slug="about"))
    spanish = Locale.objects.get_or_create(language_code="es")[0]
    home.copy_for_translation(spanish).save_revision().publish()
    acerca = about.copy_for_translation(spanish)
    acerca.slug = "acerca"
    acerca.save_revision().publish()

    assert client.get("/language/es/?next=/about/").url == "/es/acerca/"  # type: ignore[attr-defined]
    assert client.get("/language/en/?next=/es/acerca/").url == "/about/"  # type: ignore[attr-defined]
    assert client.get("/language/ar/?next=/about/").url == "/about/"  # type: ignore[attr-defined]


@pytest.mark.django_db
def test_door_leads_to_a_view_that_speaks_its_address() -> None:
    with translation.override("ar"):
        assert door("/help/") == "/ar/help/"
    with translation.override("en"):
        assert door("/help/") == "/help/"


@pytest.mark.parametrize(
    ("code", "path", "target"),
    [("es", "/help/", "/es/help/"), ("ar", "/es/faq/", "/ar/faq/"), ("en", "/ar/help/", "/help/")],
)
@pytest.mark.django_db
def test_language_leads_to_the_view_in_that_language(
    client: Client, code: str, path: str, target: str
) -> None:
    assert client.get(f"/language/{code}/", {"next": path}).url == target  # type: ignore[attr-defined]


@pytest.mark.django_db
def test_door_stands_when_the_database_does_not_answer() -> None:
    def broken(execute: Callable[..., Any], *arguments: Any) -> None:
        raise OperationalError("server closed the connection")

    with connection.execute_wrapper(broken), translation.override("es"):
        assert door("/privacy/") == "/privacy/"
        assert door("/help/") == "/es/help/"


@pytest.mark.django_db
def test_public_frame_keeps_nothing_about_its_reader(client: Client) -> None:
    response = client.get("/no-such-page/")

    assert list(response.cookies) == []
    assert "Cookie" not in response.headers.get("Vary", "")
    assert "csrfmiddlewaretoken" not in response.content.decode()
