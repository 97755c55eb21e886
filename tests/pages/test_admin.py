"""Editing the dated data in /admin/."""

from datetime import date

import pytest
from django.test import Client

from lms.pages.models import Contact, Fact
from tests.factories.pages import make_contact, make_fact
from tests.factories.people import make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client: Client) -> Client:
    """Somebody who may edit everything."""
    client.force_login(make_person("editor@example.org", is_superuser=True))
    return client


def test_listing_marks_contacts_that_nobody_checked(editor: Client) -> None:
    make_contact(name="Fresh line", checked_on=date.today())
    page = editor.get("/admin/snippets/pages/contact/").content.decode()
    assert "Fresh line" in page
    assert "Check it again" not in page

    make_contact(name="Old line", checked_on=date(2020, 1, 1))
    assert "Check it again" in editor.get("/admin/snippets/pages/contact/").content.decode()


def test_listing_marks_figures_to_look_at_again(editor: Client) -> None:
    make_fact(review_on=date(2020, 1, 1))

    assert "Look for a newer one" in editor.get("/admin/snippets/pages/fact/").content.decode()


def test_editor_adds_a_contact_with_a_translation(editor: Client) -> None:
    response = editor.post(
        "/admin/snippets/pages/contact/add/",
        {
            "key": "new-line",
            "name": "New line",
            "who_for": "Anyone",
            "call": "800-555-0100",
            "sms": "",
            "url": "",
            "email": "",
            "situation": "trafficking",
            "for_public": "on",
            "order": "3",
            "source": "Its page",
            "checked_on": "2026-11-20",
            "note": "",
            "translations-TOTAL_FORMS": "1",
            "translations-INITIAL_FORMS": "0",
            "translations-MIN_NUM_FORMS": "0",
            "translations-MAX_NUM_FORMS": "1000",
            "translations-0-language": "es",
            "translations-0-name": "Línea nueva",
            "translations-0-who_for": "",
            "translations-0-note": "",
            "translations-0-DELETE": "",
            "translations-0-id": "",
        },
    )

    assert response.status_code == 302, response.content.decode()
    contact = Contact.objects.get(key="new-line")
    assert [words.name for words in contact.translations.all()] == ["Línea nueva"]


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("call", "call us", "Digits and hyphens"),
        ("sms", "write us", "A number, or"),
        ("source", "", "required"),
    ],
)
def test_editor_is_told_what_is_wrong_with_a_contact(
    editor: Client, field: str, value: str, message: str
) -> None:
    contact = make_contact()
    form = {
        "key": contact.key,
        "name": contact.name,
        "situation": contact.situation,
        "order": "3",
        "source": contact.source,
        "checked_on": "2026-11-20",
        "translations-TOTAL_FORMS": "0",
        "translations-INITIAL_FORMS": "0",
        field: value,
    }

    page = editor.post(f"/admin/snippets/pages/contact/edit/{contact.pk}/", form)

    assert page.status_code == 200
    assert message in page.content.decode()


def test_outsider_edits_nothing(client: Client) -> None:
    make_contact()
    client.force_login(make_person("outsider@example.org"))

    response = client.get("/admin/snippets/pages/contact/")

    assert response.status_code == 404
    assert Fact.objects.count() == 0
