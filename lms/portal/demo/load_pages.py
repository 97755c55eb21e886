"""The demo's contacts, figures, questions, resources and pages of text, from the files beside this.

The rule: a row or page that is missing is made (also one that somebody deleted); one that is there
follows its file; one that a person has saved in /admin/ stays as that person left it, and Wagtail's
own log says which those are. So loading twice changes nothing, and loading a newer file undoes no
editor's work.
"""

from pathlib import Path
from typing import Any, TypeVar

import yaml
from django.db import models, transaction
from django.utils.text import slugify
from wagtail.log_actions import registry
from wagtail.models import Locale, Page, Site

from lms.pages.models import (
    Contact,
    ContactTranslation,
    Fact,
    FaqItem,
    HomePage,
    Resource,
    StandardPage,
)

# Languages with files of their own: contacts.<code>.yaml and pages.<code>.yaml.
TRANSLATED = ("es", "ar")
Model = TypeVar("Model", bound=models.Model)
STANDARD_PAGES = ("about", "accessibility", "privacy")


@transaction.atomic
def load_pages(folder: Path) -> None:
    """Bring rows and pages in line with the files in `folder`; one transaction."""
    english = Locale.objects.get(language_code="en")
    _load_contacts(folder)
    for record in _read(folder / "facts.yaml"):
        _keep(Fact, {"key": record.pop("key"), "locale": english}, record)
    for order, record in enumerate(_read(folder / "faq.yaml"), start=1):
        key = {"key": slugify(record["question"])[:100], "locale": english}
        _keep(FaqItem, key, {**record, "order": order})
    for order, record in enumerate(_read(folder / "resources.yaml"), start=1):
        key = {"key": record.pop("key")}
        audiences = record.pop("audience")
        _keep(Resource, key, {**record, "audiences": audiences, "order": order})
    home = Site.objects.get(is_default_site=True).root_page.specific
    _load_site(home, _read(folder / "pages.yaml"))
    for code in TRANSLATED:
        locale, _created = Locale.objects.get_or_create(language_code=code)
        texts = _read(folder / f"pages.{code}.yaml")
        _load_site(_translation(home, locale), texts)


def _read(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def _load_contacts(folder: Path) -> None:
    """Contacts first, then their words in the other languages."""
    rows = {}
    for record in _read(folder / "contacts.yaml"):
        key = record.pop("key")
        rows[key] = _keep(Contact, {"key": key}, record)
    for code in TRANSLATED:
        for key, words in _read(folder / f"contacts.{code}.yaml").items():
            if not _saved_by_a_person(rows[key]):
                _keep(ContactTranslation, {"contact": rows[key], "language": code}, words)


def _keep(model: type[Model], key: dict[str, Any], values: dict[str, Any]) -> Model:
    """The row with this key, made or brought in line, unless a person has saved it since."""
    row = model._default_manager.filter(**key).first()  # noqa: SLF001 - documented
    if row is None:
        row = model(**key, **values)
        row.full_clean()
        row.save()
        return row
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    if changed and not _saved_by_a_person(row):
        for name in changed:
            setattr(row, name, values[name])
        row.full_clean()
        row.save(update_fields=changed)
    return row


def _saved_by_a_person(row: models.Model) -> bool:
    return registry.get_logs_for_instance(row).filter(user__isnull=False).exists()


def _load_site(home: Page, texts: dict[str, Any]) -> None:
    """The home page and the pages of text below it, in the language of `home`."""
    _keep_home(home, texts["home"])
    for slug in STANDARD_PAGES:
        if slug in texts:
            _keep_standard_page(home, slug, texts[slug])


def _keep_home(home: HomePage, words: dict[str, Any]) -> None:
    values = {"title": words["title"], "intro": words["intro"], "body": words["html"]}
    doors = [
        {key: door.get(key, "") for key in ("title", "text", "link", "shape")}
        for door in words["doors"]
    ]
    same = all(getattr(home, name) == value for name, value in values.items())
    if home.live and same and [dict(block.value) for block in home.doors] == doors:
        return
    if _saved_by_a_person(home):
        return
    for name, value in values.items():
        setattr(home, name, value)
    home.doors = [("door", door) for door in doors]
    home.save_revision().publish()


def _keep_standard_page(home: Page, slug: str, words: dict[str, Any]) -> None:
    page = StandardPage.objects.child_of(home).filter(slug=slug).first()
    if page is None:
        page = _new_standard_page(home, slug, words["title"])
    if page.live and (page.title, page.body) == (words["title"], words["html"]):
        return
    if _saved_by_a_person(page):
        return
    page.title = words["title"]
    page.body = words["html"]
    page.save_revision().publish()


def _new_standard_page(home: Page, slug: str, title: str) -> StandardPage:
    """A draft below `home`; in another language it is the translation of the English page."""
    original = StandardPage.objects.filter(slug=slug, locale__language_code="en").first()
    if original is not None and original.locale_id != home.locale_id:
        return _translation(original, home.locale)
    page = StandardPage(title=title, slug=slug, locale=home.locale, live=False)
    home.add_child(instance=page)
    return page


def _translation(page: Page, locale: Locale) -> Any:
    """The page in the other language; a draft with the same words where there was none."""
    found = page.get_translation_or_none(locale)
    return (found or page.copy_for_translation(locale)).specific
