"""The language is chosen on any page, and pages without a language in their address follow it."""

import pytest
from django.conf import settings
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
    help_page = home.add_child(instance=Page(title="Help", slug="help"))
    home.add_child(instance=Page(title="Privacy", slug="privacy"))
    spanish = Locale.objects.get_or_create(language_code="es")[0]
    home.copy_for_translation(spanish).save_revision().publish()
    ayuda = help_page.copy_for_translation(spanish)
    ayuda.slug = "ayuda"
    ayuda.save_revision().publish()

    with translation.override("es"):
        assert [door(path) for path in ("/", "/help/", "/privacy/", "/my/")] == [
            "/es/",
            "/es/ayuda/",
            "/privacy/",
            "/my/",
        ]
    with translation.override("en"):
        assert door("/help/") == "/help/"


@pytest.mark.django_db
def test_language_leads_to_the_translated_page(client: Client) -> None:
    home = Site.objects.get(is_default_site=True).root_page
    help_page = home.add_child(instance=Page(title="Help", slug="help"))
    spanish = Locale.objects.get_or_create(language_code="es")[0]
    home.copy_for_translation(spanish).save_revision().publish()
    ayuda = help_page.copy_for_translation(spanish)
    ayuda.slug = "ayuda"
    ayuda.save_revision().publish()

    assert client.get("/language/es/?next=/help/").url == "/es/ayuda/"  # type: ignore[attr-defined]
    assert client.get("/language/en/?next=/es/ayuda/").url == "/help/"  # type: ignore[attr-defined]
    assert client.get("/language/ar/?next=/help/").url == "/help/"  # type: ignore[attr-defined]


@pytest.mark.django_db
def test_public_frame_keeps_nothing_about_its_reader(client: Client) -> None:
    response = client.get("/no-such-page/")

    assert list(response.cookies) == []
    assert "Cookie" not in response.headers.get("Vary", "")
    assert "csrfmiddlewaretoken" not in response.content.decode()
