"""The demo's files become pages and rows, once, and editors keep what they changed."""

from pathlib import Path

import pytest
import yaml
from django.test import Client
from wagtail.models import ModelLogEntry, Page, PageLogEntry, Revision

import lms.portal.demo.load_pages as loader
from lms.pages import selectors
from lms.pages.models import (
    Contact,
    ContactTranslation,
    Fact,
    FaqItem,
    HomePage,
    Resource,
    StandardPage,
)
from tests.factories.people import make_person

pytestmark = pytest.mark.django_db
FOLDER = Path(loader.__file__).parent


def records(name: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = yaml.safe_load((FOLDER / name).read_text())
    return found


def state() -> list[object]:
    """Everything the loader may touch, as it is."""
    models = (Contact, ContactTranslation, Fact, FaqItem, Resource, HomePage, StandardPage)
    rows: list[object] = [list(model.objects.order_by("pk").values()) for model in models]
    return [*rows, Revision.objects.count(), Page.objects.count()]


def test_loading_brings_every_record_of_the_files() -> None:
    loader.load_pages(FOLDER)

    assert Contact.objects.count() == len(records("contacts.yaml"))
    assert Fact.objects.count() == len(records("facts.yaml"))
    assert FaqItem.objects.count() == len(records("faq.yaml"))
    assert Resource.objects.count() == len(records("resources.yaml"))
    assert ContactTranslation.objects.count() == 2 * Contact.objects.count()
    assert [
        door.value["link"] for door in HomePage.objects.get(locale__language_code="en").doors
    ] == [
        "/trainings/",
        "/desk/",
        "/facilities/",
    ]


def test_loading_twice_changes_nothing() -> None:
    loader.load_pages(FOLDER)
    before = state()

    loader.load_pages(FOLDER)

    assert state() == before


def test_loading_follows_a_newer_file() -> None:
    loader.load_pages(FOLDER)
    Contact.objects.filter(key="national-hotline").update(call="800-555-0100")
    StandardPage.objects.filter(slug="privacy").update(body="<p>Old.</p>")

    loader.load_pages(FOLDER)

    assert Contact.objects.get(key="national-hotline").call == "888-373-7888"
    assert "Old" not in StandardPage.objects.get(slug="privacy", locale__language_code="en").body


def test_what_an_editor_saved_stays() -> None:
    loader.load_pages(FOLDER)
    editor = make_person("editor@example.org", is_superuser=True)
    contact = Contact.objects.get(key="justice-center")
    contact.call = "800-555-0100"
    contact.save()
    ModelLogEntry.objects.log_action(contact, "wagtail.edit", user=editor)
    ContactTranslation.objects.filter(contact=contact, language="es").update(name="Otro nombre")
    page = StandardPage.objects.get(slug="about", locale__language_code="en")
    page.body = "<p>Ours.</p>"
    page.save_revision(user=editor).publish(user=editor)

    loader.load_pages(FOLDER)

    assert Contact.objects.get(key="justice-center").call == "800-555-0100"
    assert contact.translations.get(language="es").name == "Otro nombre"
    assert StandardPage.objects.get(pk=page.pk).body == "<p>Ours.</p>"
    assert PageLogEntry.objects.filter(page=page, user=editor).exists()


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/about/", "About this site"),
        ("/accessibility/", "WCAG"),
        ("/privacy/", "social security number"),
        ("/es/accessibility/", "Accesibilidad"),
        ("/es/privacy/", "seguro social"),
        ("/es/about/", "Acerca de este sitio"),
    ],
)
def test_pages_of_text_are_there(client: Client, path: str, words: str) -> None:
    loader.load_pages(FOLDER)

    response = client.get(path)

    assert response.status_code == 200
    assert words in response.content.decode()


def test_every_contact_has_its_words_in_spanish_and_arabic() -> None:
    loader.load_pages(FOLDER)

    for code in ("es", "ar"):
        contacts = selectors.help_contacts(code)
        cards = [*contacts.danger, *contacts.hotline, *contacts.child, *contacts.professional]
        assert {card.language for card in cards} == {code}
        assert all(card.who_for for card in cards)
        english = {contact.key: contact.note for contact in Contact.objects.all()}
        assert [card.key for card in cards if bool(card.note) != bool(english[card.key])] == []
