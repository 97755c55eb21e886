"""Checking in: at the door by whoever stands there, or by oneself with a poster or a code."""

from datetime import datetime

from django.core import signing
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from events.check_in_models import CheckIn
from events.models import Registration, Session
from events.permissions import CODE_TAKEN, DOOR_OPENS
from events.services import seats
from lms.core import audit
from lms.core.exceptions import Refused
from lms.core.locking import lock
from lms.people.models import Person

# Apart from the mails' tokens: whoever photographs a code at the door can give no seat back.
_DOOR = "events.door"
_POSTER = "events.poster"


@transaction.atomic
def check_in(
    *,
    registration: Registration,
    actor: Person | None,
    code: str | None = None,
    now: datetime | None = None,
) -> CheckIn:
    """Note that somebody with a seat is there; again, it changes nothing.

    `code`: what they typed, where they check in themselves; None at the door, where somebody saw
    them. Raises Refused: "cancelled", "too_early" (it opens an hour before), "over", "no_seat",
    "wrong_code".
    """
    now = now or timezone.now()
    registration = seats.as_locked(registration)
    session = registration.session
    refuse_unless_door_open(session, now, by_office=code is None)
    if not registration.is_live:
        raise Refused(_("There is no seat in this session under this name."), code="no_seat")
    wanted = session.check_in_code
    if code is not None and wanted and code.strip().casefold() != wanted.casefold():
        raise Refused(
            _("This is not the code of this session. It is shown in the room."), code="wrong_code"
        )
    there, new = CheckIn.objects.get_or_create(
        registration=registration, defaults={"at": now, "by": actor}
    )
    if new:
        audit.record("registration.checked_in", registration, actor=actor, now=now)
    return there


@transaction.atomic
def undo_check_in(
    *, registration: Registration, actor: Person, now: datetime | None = None
) -> None:
    """Take a mistake at the door back; without one, nothing happens."""
    registration = lock(registration)
    if CheckIn.objects.filter(registration=registration).delete()[0]:
        audit.record("registration.check_in_undone", registration, actor=actor, now=now)


def void_check_ins(session: Session, *, actor: Person | None, now: datetime) -> int:
    """The session moved to another day: who checked in was there on the wrong one.

    Within the caller's transaction, under the session's lock. Returns how many there were.
    """
    there = list(
        CheckIn.objects.filter(registration__session=session).select_related("registration")
    )
    for row in there:
        audit.record(
            "registration.check_in_voided",
            row.registration,
            actor=actor,
            now=now,
            at=row.at.isoformat(),
        )
    CheckIn.objects.filter(pk__in=[row.pk for row in there]).delete()
    return len(there)


def refuse_unless_door_open(session: Session, now: datetime, *, by_office: bool) -> None:
    """From an hour before the start on; for people themselves until a little after the end."""
    if session.is_cancelled:
        raise Refused(_("This session was cancelled."), code="cancelled")
    if now < session.starts_at - DOOR_OPENS:
        raise Refused(_("Check-in opens an hour before the session."), code="too_early")
    if not by_office and now >= session.ends_at + CODE_TAKEN:
        raise Refused(_("The session is over."), code="over")


def door_token(registration: Registration) -> str:
    """What the person's own code carries: it names the seat to whoever stands at the door."""
    return signing.dumps(registration.pk, salt=_DOOR)


def seat_of_door_token(token: str) -> int | None:
    """The seat's id, or None for a token we did not sign."""
    return _read(token, _DOOR)


def poster_token(session: Session) -> str:
    """What the poster in the room carries."""
    return signing.dumps(session.pk, salt=_POSTER)


def session_of_poster_token(token: str) -> int | None:
    """The session's id, or None for a token we did not sign."""
    return _read(token, _POSTER)


def _read(token: str, salt: str) -> int | None:
    try:
        return int(signing.loads(token, salt=salt))
    except signing.BadSignature:
        return None
