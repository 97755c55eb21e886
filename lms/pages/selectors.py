"""What pages show of the dated data: whom to call, figures, questions."""

import logging
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar
from urllib.parse import urlsplit

import django.db
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext

from lms.core.time import new_york_today
from lms.pages.built_in import BUILT_IN
from lms.pages.enums import CHILD_SITUATIONS, QuestionAudience, Situation
from lms.pages.models import Contact, Fact, FaqItem

logger = logging.getLogger(__name__)
Row = TypeVar("Row", Fact, FaqItem)


@dataclass(frozen=True)
class ContactCard:
    """A contact in the words of one language. `language` says which, where it had to be another."""

    key: str
    name: str
    who_for: str
    note: str
    language: str
    call: str
    sms: str
    url: str
    email: str
    situation: str
    for_public: bool
    source: str
    checked_on: date

    @property
    def dial(self) -> str:
        """The telephone number as a device dials it: 911, or +1 and ten digits."""
        return _dialled(self.call)

    @property
    def site(self) -> str:
        """The name of the web page's site, as it is read."""
        return urlsplit(self.url).hostname or ""

    @property
    def text_number(self) -> str:
        """Where a text message goes, as it is read."""
        return self.sms.rpartition(" ")[2]

    @property
    def text_word(self) -> str:
        """What to write in the message; "" where nothing is prescribed."""
        found = re.match(r"Text ([A-Z]+) to ", self.sms)
        return found.group(1) if found else ""

    @property
    def text_link(self) -> str:
        """The address that opens a message to it; "?&" is what old and new telephones both read."""
        word = f"?&body={self.text_word}" if self.text_word else ""
        return f"{_dialled(self.text_number)}{word}"


def _dialled(number: str) -> str:
    digits = number.replace("-", "")
    return f"+1{digits}" if len(digits) == 10 else digits


@dataclass(frozen=True)
class HelpContacts:
    """The contacts of the help page, in its order.

    `hotline` can be called or texted; `nearby` are places to ask for, without a number.
    """

    danger: list[ContactCard]
    hotline: list[ContactCard]
    nearby: list[ContactCard]
    child: list[ContactCard]
    professional: list[ContactCard]

    def everything(self) -> list[ContactCard]:
        """All of them, for the list of sources."""
        return [*self.danger, *self.hotline, *self.child, *self.nearby, *self.professional]


def help_contacts(language: str) -> HelpContacts:
    """Whom to call, in the language where there are words in it.

    Never empty and never failing: a built-in contact stands in where its row is missing or hidden,
    and for all of them when the database does not answer.
    """
    cards = [*_built_in_cards(language)]
    try:
        rows = list(Contact.objects.prefetch_related("translations"))
    except django.db.Error:
        logger.exception("Contacts could not be read; the help page shows the built-in ones")
    else:
        there = {row.key for row in rows if row.for_public}
        missing = [card for card in cards if card.key not in there]
        cards = [*missing, *(_card(row, language) for row in rows)]
    return _grouped(cards)


def _grouped(cards: Iterable[ContactCard]) -> HelpContacts:
    cards = list(cards)
    public = [card for card in cards if card.for_public]
    trafficking = [card for card in public if card.situation == Situation.TRAFFICKING]
    child = [
        card for situation in CHILD_SITUATIONS for card in public if card.situation == situation
    ]
    return HelpContacts(
        danger=[card for card in public if card.situation == Situation.DANGER],
        hotline=[card for card in trafficking if card.call or card.sms],
        nearby=[card for card in trafficking if not card.call and not card.sms],
        child=child,
        professional=[
            card
            for card in cards
            if not card.for_public or card.situation == Situation.PROFESSIONAL
        ],
    )


def _built_in_cards(language: str) -> Iterable[ContactCard]:
    """The contacts in the code, in the words of the message catalogues."""
    with translation.override(language):
        words = [(gettext(contact.name), gettext(contact.who_for)) for contact in BUILT_IN]
    for contact, (name, who_for) in zip(BUILT_IN, words, strict=True):
        spoken = language if name != contact.name else settings.LANGUAGE_CODE
        yield _as_card(contact, name, who_for, "", spoken)


def _card(contact: Contact, language: str) -> ContactCard:
    """A row in the words of the language, else as it was written."""
    for words in contact.translations.all():
        if words.language == language:
            return _as_card(contact, words.name, words.who_for, words.note, language)
    return _as_card(contact, contact.name, contact.who_for, contact.note, settings.LANGUAGE_CODE)


# 888-373-7888 or 1-800-THE-LOST; between Arabic words its parts would change places.
_NUMBER = re.compile(r"[0-9]+(?:-[0-9A-Z]+)+")


def _readable(text: str, language: str) -> str:
    """The text with its telephone numbers held together from left to right (Unicode isolates)."""
    if not translation.get_language_info(language)["bidi"]:
        return text
    return _NUMBER.sub("\u2066\\g<0>\u2069", text)


def _as_card(contact: Contact, name: str, who_for: str, note: str, language: str) -> ContactCard:
    return ContactCard(
        key=contact.key,
        name=_readable(name, language),
        who_for=_readable(who_for, language),
        note=_readable(note, language),
        language=language,
        call=contact.call,
        sms=contact.sms,
        url=contact.url,
        email=contact.email,
        situation=contact.situation,
        for_public=contact.for_public,
        source=contact.source,
        checked_on=contact.checked_on,
    )


def questions(language: str, audience: str = "") -> list[FaqItem]:
    """The questions and answers, each in the language where it was translated.

    An unknown `audience` means all.
    """
    rows = FaqItem.objects.for_language(language).select_related("locale")
    if audience in QuestionAudience.values:
        rows = rows.filter(audience=audience)
    return _one_a_key(rows, language)


def figures(language: str, today: date | None = None) -> list[Fact]:
    """The figures that are not due for a second look on `today` (New York), newest year first."""
    rows = Fact.objects.for_language(language).select_related("locale")
    return _one_a_key(rows.current(today or new_york_today()), language)


def figure(key: str, language: str) -> Fact | None:
    """One figure, in the language where it was translated; None where there is none."""
    rows = Fact.objects.for_language(language).select_related("locale").filter(key=key)
    return next(iter(_one_a_key(rows, language)), None)


def _one_a_key(rows: Iterable[Row], language: str) -> list[Row]:
    """For each key the row in the language, else the one in the site's own; the order stays."""
    chosen: dict[str, Row] = {}
    for row in rows:
        if row.key not in chosen or row.locale.language_code == language:
            chosen[row.key] = row
    return list(chosen.values())


def figures_by_key(keys: Iterable[str], language: str) -> dict[str, Fact]:
    """The figures a text names, by their keys, in the language where they were translated.

    Those due for a second look are among them: the text around them was written with them. One
    query, or none without keys.
    """
    wanted = set(keys)
    if not wanted:
        return {}
    rows = Fact.objects.for_language(language).select_related("locale").filter(key__in=wanted)
    return {row.key: row for row in _one_a_key(rows, language)}


def contacts_by_situation(situations: Iterable[str], language: str) -> dict[str, list[ContactCard]]:
    """Whom to call in each of the situations a text names; two queries, or none without any."""
    wanted = set(situations)
    if not wanted:
        return {}
    found: dict[str, list[ContactCard]] = {situation: [] for situation in wanted}
    rows = Contact.objects.filter(situation__in=wanted).prefetch_related("translations")
    for row in rows:
        found[row.situation].append(_card(row, language))
    return found
