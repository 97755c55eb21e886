"""Calendar feeds: what is in them, and a tag that changes when it does.

Asking whether a feed changed must cost next to nothing, since calendars ask all day: one query
gives the rows' states, and the tag is their hash.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db.models import QuerySet
from django.utils import translation

from events import calendars
from events.calendar_models import CalendarToken
from events.models import LiveTrainingPage, Registration, Session
from events.querysets import RegistrationQuerySet
from events.selectors import FEED_KEEPS
from events.series_models import SeriesPage
from lms.core.canonical import digest
from lms.core.prepared import Prepared, given, given_person
from lms.people.models import Person
from lms.trainings.enums import Access
from lms.trainings.models import Training

# Raise it when the way entries are written changes, so that kept copies are fetched anew.
FORM = 1
_KEPT = 6 * 60 * 60  # seconds


@dataclass(frozen=True)
class Feed:
    """A feed's content before it is written: what the tag is made of, and what reads the rows."""

    states: "Iterable[tuple[Any, ...]]"
    rows: "Callable[[], QuerySet[Any]]"
    name: str
    uid: str
    language: str
    personal: bool

    def tag(self) -> str:
        """A strong ETag: the hash of what the rows say, without writing them."""
        states = [[str(value) for value in row] for row in self.states]
        frame = [FORM, settings.SITE_ORIGIN, self.name, self.uid, self.language]
        return f'"{digest([frame, states])[:32]}"'

    def text(self, tag: str) -> str:
        """The calendar itself, kept under its tag: many calendars ask without one."""
        key = f"events.feed:{tag}"
        text: str | None = cache.get(key)
        if text is None:
            text = self._write()
            cache.set(key, text, timeout=_KEPT)
        return text

    def _write(self) -> str:
        with translation.override(self.language):
            if self.personal:
                return calendars.personal_feed(
                    self.rows().select_related("session__training"), uid=self.uid
                )
            return calendars.training_feed(
                self.rows().select_related("training"), name=self.name, uid=self.uid
            )


_STATE = ("pk", "sequence", "status", "updated_at")
_token = Prepared(
    lambda: (
        CalendarToken.objects.filter(
            token=given("token"), revoked_at__isnull=True, person__is_active=True
        )
        .select_related("person")
        .only("created_at", "person__canonical_person", "person__preferred_language")
    )
)
_states_of_seats = Prepared(
    lambda: _seats(given_person("person"), given("since")).values_list(
        *_STATE, "session__updated_at", "session__training__title"
    )
)


def _seats(person: Person, since: datetime) -> RegistrationQuerySet:
    return (
        Registration.objects.of(person)
        .ever_seated()
        .filter(session__ends_at__gt=since)
        .order_by("session__starts_at", "pk")
    )


def personal_feed(token: str, now: datetime) -> Feed | None:
    """The feed a secret address opens, or None for one that is unknown or revoked."""
    known = _token.first(token=token)
    if known is None:
        return None
    person: Person = known.person
    since = now - FEED_KEEPS
    wanted = person.preferred_language
    return Feed(
        states=_states_of_seats(person=person, since=since),
        rows=lambda: _seats(person, since),
        name="",
        uid=f"person-{known.pk}-{known.created_at:%Y%m%d%H%M%S}",
        language=wanted if wanted in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE,
        personal=True,
    )


def training_feed(slug: str, now: datetime) -> Feed | None:
    """The public feed of the live training whose page has this slug, or None.

    None too for a restricted training: whose seats they are has them in their own feed.
    """
    page = (
        LiveTrainingPage.objects.live()
        .public()
        .filter(slug=slug, locale__language_code=settings.LANGUAGE_CODE)
        .first()
    )
    if page is None:
        return None
    training = Training.objects.for_everybody().filter(key=page.translation_key).first()
    if training is None:
        return None
    rows = (
        Session.objects.announced()
        .filter(training=training, ends_at__gt=now - FEED_KEEPS)
        .order_by("starts_at", "pk")
    )
    return Feed(
        states=rows.values_list(*_STATE, "training__title"),
        rows=lambda: rows,
        name=training.title,
        uid=f"training-{training.key}",
        language=settings.LANGUAGE_CODE,
        personal=False,
    )


def series_feed(slug: str, now: datetime) -> Feed | None:
    """The public feed of a series: the open trainings' sessions of its program, or None.

    Empty while the program is only announced, so that a calendar may subscribe before.
    """
    page = (
        SeriesPage.objects.live()
        .public()
        .filter(slug=slug, locale__language_code=settings.LANGUAGE_CODE)
        .first()
    )
    if page is None:
        return None
    listed = page.program.values("session") if page.is_open else []
    rows = (
        Session.objects.announced()
        .filter(pk__in=listed, training__access=Access.OPEN, ends_at__gt=now - FEED_KEEPS)
        .order_by("starts_at", "pk")
    )
    return Feed(
        states=rows.values_list(*_STATE, "training__title"),
        rows=lambda: rows,
        name=page.title,
        uid=f"series-{page.translation_key}",
        language=settings.LANGUAGE_CODE,
        personal=False,
    )
