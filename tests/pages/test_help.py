"""The help page: for everyone, about nobody, and standing when nothing else does."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client

from tests.factories.pages import make_contact
from tests.factories.people import make_person

pytestmark = pytest.mark.django_db
ADDRESSES = ["/help/", "/es/help/", "/ar/help/"]


@pytest.mark.parametrize("path", ADDRESSES)
def test_help_names_911_and_the_hotline_without_any_row(client: Client, path: str) -> None:
    page = client.get(path).content.decode()

    assert 'href="tel:911"' in page
    assert 'href="tel:+18883737888"' in page
    assert 'href="sms:233733?&amp;body=HELP"' in page


@pytest.mark.parametrize("path", ADDRESSES)
def test_help_stands_when_the_database_does_not_answer(client: Client, path: str) -> None:
    def broken(execute: Callable[..., Any], *arguments: Any) -> None:
        raise OperationalError("server closed the connection")

    client.force_login(make_person())
    with connection.execute_wrapper(broken):
        response = client.get(path)

    assert response.status_code == 200
    assert 'href="tel:911"' in response.content.decode()
    assert 'href="tel:+18883737888"' in response.content.decode()


@pytest.mark.parametrize("path", ADDRESSES)
@pytest.mark.parametrize("session", [None, "", "expired", "signed in"])
def test_help_sets_no_cookie_and_is_the_same_for_everybody(
    client: Client, path: str, session: str | None
) -> None:
    before = client.get(path)
    if session == "signed in":
        client.force_login(make_person("reader@example.org", name="Rosa Reader"))
    elif session is not None:
        client.cookies["sessionid"] = session
        client.cookies["django_language"] = "es"
        client.cookies["csrftoken"] = "x" * 32

    response = client.get(path)

    assert response.status_code == 200
    assert response.cookies == {}
    assert not response.has_header("Set-Cookie")
    assert "Cookie" not in response.get("Vary", "")
    assert response["Cache-Control"] == "public, max-age=300"
    assert response.content == before.content


@pytest.mark.parametrize("path", ADDRESSES)
def test_help_has_nothing_to_fill_in_and_nothing_from_elsewhere(client: Client, path: str) -> None:
    client.force_login(make_person())

    page = client.get(path).content.decode()

    assert re.findall(r"<(?:form|input|textarea|select|iframe|img|button)\b", page) == []
    assert {src.partition("?")[0] for src in re.findall(r'src="([^"]+)"', page)} == {
        "/static/build/js/quick_exit.js",
        "/static/build/js/menu.js",
    }


def test_help_speaks_the_language_of_its_address_and_no_other(client: Client) -> None:
    client.cookies["django_language"] = "ar"
    browser = {"Accept-Language": "es"}

    english = client.get("/help/", headers=browser).content.decode()
    spanish = client.get("/es/help/").content.decode()
    arabic = client.get("/ar/help/", headers=browser).content.decode()

    assert '<html lang="en" dir="ltr">' in english
    assert "It is not your fault." in english
    assert '<html lang="es" dir="ltr">' in spanish
    assert "No es culpa suya." in spanish
    assert '<html lang="ar" dir="rtl">' in arabic
    assert "ليس الذنب ذنبك" in arabic


@pytest.mark.parametrize("path", ADDRESSES)
def test_help_links_to_itself_in_every_language(client: Client, path: str) -> None:
    page = client.get(path).content.decode()

    for address, code in zip(ADDRESSES, ["en", "es", "ar"], strict=True):
        current = ' aria-current="true"' if address == path else ""
        assert f'<a href="{address}" lang="{code}" hreflang="{code}"{current}>' in page
    assert "/language/" not in page


def test_help_link_leads_every_page_and_keeps_the_language(client: Client) -> None:
    for path, target in [("/", "/help/"), ("/faq/", "/help/"), ("/es/faq/", "/es/help/")]:
        page = client.get(path).content.decode()
        links = re.findall(r'href="([^"]+)"', page.partition("<body")[2])
        assert links[:2] == ["#main", target]


def test_help_lists_rows_in_the_words_of_the_language(client: Client) -> None:
    make_contact(key="missing", name="Missing line", call="800-555-0102", situation="missing_child")
    make_contact(key="providers", name="Local providers", call="", note="Ask the hotline.")
    make_contact(key="mailbox", name="Mailbox", email="box@example.org", for_public=False)

    english = client.get("/help/").content.decode()
    spanish = client.get("/es/help/").content.decode()

    order = ["Emergency", "National Human", "Missing line", "Local providers", "Mailbox"]
    places = [english.index(name) for name in order]
    assert places == sorted(places)
    assert 'href="mailto:box@example.org"' in english
    assert '<div lang="en" dir="auto">' not in english
    assert '<div lang="en" dir="auto">' in spanish


def test_help_says_where_its_numbers_come_from(client: Client) -> None:
    page = client.get("/help/").content.decode()

    assert "New York State Office of Temporary and Disability Assistance" in page
    assert "Checked on Nov. 21, 2026." in page


def test_help_is_light(client: Client) -> None:
    assert len(client.get("/ar/help/").content) < 40_000


@pytest.mark.parametrize("path", ADDRESSES)
def test_help_takes_nothing(client: Client, path: str) -> None:
    assert client.post(path, {"name": "somebody"}).status_code == 405
