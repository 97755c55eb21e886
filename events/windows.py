"""The moments that move with a session's day: registration's window, and giving seats back."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from events import wall_time
from events.models import Session

MOMENTS = ("registration_opens_at", "registration_closes_at", "cancellation_closes_at")


@dataclass(frozen=True)
class Window:
    """One of the moments in words, as it was and as it is after a move."""

    name: str
    was: str
    is_now: str


def shifted(session: Session, shift: timedelta) -> dict[str, Any]:
    """Each moment as many days later on the session's own clocks; what is empty stays empty.

    The hour stays, also across a change of the clocks; one that they skip is an hour later.
    """
    return {name: _later(getattr(session, name), shift, session) for name in MOMENTS}


def _later(moment: datetime | None, shift: timedelta, session: Session) -> datetime | None:
    if moment is None or not shift:
        return moment
    return (moment.astimezone(session.zone_info) + shift).astimezone(UTC)


def windows(session: Session, before: Session | None = None) -> list[Window]:
    """The moments that are set, beside what they were in `before` (None: the session itself)."""
    names = {
        "registration_opens_at": _("Registration opens"),
        "registration_closes_at": _("Registration closes"),
        "cancellation_closes_at": _("People give seats back themselves until"),
    }
    rows = []
    for name, words in names.items():
        moment, was = getattr(session, name), getattr(before or session, name)
        if moment and was:
            zone = session.zone_info
            rows.append(Window(words, wall_time.moment(was, zone), wall_time.moment(moment, zone)))
    return rows
