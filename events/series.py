"""What a series shows: its program by day, and what overlaps for somebody who takes part."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations, groupby

from django.utils import formats
from django.utils.translation import gettext as _

from events.models import Session
from events.selectors import SessionFacts, coming_seats_of, facts
from events.series_models import SeriesPage
from events.speakers import ShownSpeakers, shown
from lms.core.time import time_range
from lms.people.models import Person
from lms.trainings.enums import Access


@dataclass(frozen=True)
class ProgramRow:
    """A session in a program."""

    facts: SessionFacts
    track: str
    note: str
    shown: ShownSpeakers

    @property
    def session(self) -> Session:
        return self.facts.session

    @property
    def time(self) -> str:
        """From when to when, on the session's clocks."""
        session = self.session
        return time_range(session.starts_at, session.ends_at, session.zone_info)

    @property
    def where(self) -> str:
        """Track and place, as far as they are known."""
        return ", ".join(filter(None, [self.track, self.session.location]))

    @property
    def speakers(self) -> str:
        """Who speaks, as far as they want to be named."""
        return ", ".join(self.shown.names)


@dataclass(frozen=True)
class ProgramDay:
    """One day of a program, its sessions in order."""

    day: dt.date
    rows: list[ProgramRow]

    @property
    def name(self) -> str:
        return formats.date_format(self.day, _("l, F j, Y"))


def program(page: SeriesPage, now: datetime) -> list[ProgramDay]:
    """The program by day; nothing while it is only announced.

    Sessions of restricted trainings and those kept back are left out: they do not exist yet.
    """
    if not page.is_open:
        return []
    items = {item.session_id: item for item in page.program.all()}
    sessions = list(
        Session.objects.announced()
        .filter(pk__in=items, training__access=Access.OPEN)
        .select_related("training__owner")
        .with_seats_taken()
        .order_by("day", "starts_at", "pk")
    )
    speak = shown(sessions)
    rows = [
        ProgramRow(
            facts(session, now), items[session.pk].track, items[session.pk].note, speak[session.pk]
        )
        for session in sessions
    ]
    rows.sort(key=lambda row: (row.session.day, row.session.starts_at, row.track.casefold()))
    return [
        ProgramDay(day, list(group)) for day, group in groupby(rows, lambda row: row.session.day)
    ]


def rows_of(days: Iterable[ProgramDay]) -> list[ProgramRow]:
    """Every row of the program, in order."""
    return [row for day in days for row in day.rows]


def is_indexed(days: Iterable[ProgramDay]) -> bool:
    """Whether search engines may list the program: everybody it names allows it."""
    return all(row.shown.indexed for row in rows_of(days))


def overlaps(sessions: Sequence[Session], person: Person, now: datetime) -> list[str]:
    """Sentences about sessions at the same time: among the chosen, and with seats one has."""
    held = [
        seat.session
        for seat in coming_seats_of(person, now)
        if seat.session_id not in {session.pk for session in sessions}
    ]
    found = [
        _("“%(first)s” and “%(second)s” are at the same time.")
        % {"first": first.name, "second": second.name}
        for first, second in combinations(sessions, 2)
        if _at_once(first, second)
    ]
    found += [
        _("“%(first)s” is at the same time as “%(second)s”, for which you are registered.")
        % {"first": session.name, "second": other.name}
        for session in sessions
        for other in held
        if _at_once(session, other)
    ]
    return found


def _at_once(first: Session, second: Session) -> bool:
    return first.starts_at < second.ends_at and second.starts_at < first.ends_at
