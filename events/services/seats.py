"""What every move of a seat shares: the lock, the count, the history row with its audit."""

from datetime import datetime
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from events.enums import RegistrationMove, RegistrationStatus
from events.models import Registration, RegistrationEvent, Session
from events.services import webex
from lms.core import audit
from lms.core.exceptions import Refused
from lms.core.locking import lock
from lms.core.prepared import Prepared, given, given_person
from lms.people.models import Person


def lock_session(session: Session) -> Session:
    """The session as it is now, locked; its training, fetched already, stays at hand."""
    locked = lock(session)
    locked.training = session.training
    return locked


_seat = Prepared(
    lambda: (
        Registration.objects.of(given_person("person"))
        .filter(session=given("session"))
        .current_first()
        .select_related("person")
    )
)


def seat_of(session: Session, person: Person) -> Registration | None:
    """The person's row in the session, whichever of their merged rows holds it."""
    seat = _seat.first(person=person, session=session)
    if seat:
        seat.session = session
    return seat


def as_locked(registration: Registration) -> Registration:
    """The row as it is now, under the lock of its session, with everything a letter needs."""
    session = lock_session(registration.session)
    seat = Registration.objects.select_related("person").get(pk=registration.pk)
    seat.session = session
    return seat


_spoken_for = Prepared(
    lambda: Registration.objects.filter(session=given("session")).spoken_for().counted()
)
_holding = Prepared(
    lambda: Registration.objects.filter(session=given("session")).holding().counted()
)
_last_place: Prepared[int | None] = Prepared(
    lambda: (
        Registration.objects.filter(session=given("session"), place__isnull=False)
        .order_by("-place")
        .values_list("place", flat=True)[:1]
    )
)


def spoken_for(session: Session) -> int:
    """Seats a newcomer cannot have: taken, held by offers, or next for those who wait."""
    return _spoken_for.first(session=session.pk) or 0


def holding(session: Session) -> int:
    """Seats that are taken, or held by an offer."""
    return _holding.first(session=session.pk) or 0


def next_place(session: Session) -> int:
    """The end of the waiting list; `session` is locked."""
    return (_last_place.first(session=session.pk) or 0) + 1


def seat(
    registration: Registration,
    move: RegistrationMove,
    *,
    actor: Person | None,
    now: datetime,
    note: str = "",
) -> RegistrationEvent:
    """Turn a row into a taken seat. Calendars that knew it before follow a higher SEQUENCE."""
    changes: dict[str, Any] = {"registered_at": now}
    if registration.registered_at is not None:
        changes["sequence"] = F("sequence") + 1
    return change(
        registration,
        move,
        status=RegistrationStatus.REGISTERED,
        actor=actor,
        now=now,
        note=note,
        **changes,
    )


def change(
    registration: Registration,
    move: RegistrationMove,
    *,
    status: RegistrationStatus,
    actor: Person | None,
    now: datetime,
    note: str = "",
    **changes: Any,
) -> RegistrationEvent:
    """Write the row's new status, what goes with it, its history and its audit."""
    queued = status in RegistrationStatus.QUEUED
    changes = {
        "cancelled_at": now if status == RegistrationStatus.CANCELLED else None,
        "offered_until": None,
        **({} if queued else {"place": None}),
        **changes,
    }
    Registration.objects.filter(pk=registration.pk).update(status=status, updated_at=now, **changes)
    fields = {"status", "updated_at", "sequence", "registered_at", "place", *changes}
    registration.refresh_from_db(fields=sorted(fields))
    return note_move(registration, move, actor=actor, now=now, note=note)


def note_move(
    registration: Registration,
    move: RegistrationMove,
    *,
    actor: Person | None,
    now: datetime,
    note: str = "",
) -> RegistrationEvent:
    """A history row and an audit row for what just happened."""
    event = RegistrationEvent.objects.create(
        registration=registration,
        move=move,
        sequence=registration.sequence,
        until=registration.offered_until,
        note=" ".join(note.split())[:300],
        at=now,
        actor=actor,
    )
    audit.record(f"registration.{move}", registration, actor=actor, now=now)
    webex.follow(registration.session, now=now)
    return event


def refuse_once_begun(session: Session, now: datetime) -> None:
    """Nothing is offered, taken or left on a list once the session began or was cancelled."""
    if session.is_cancelled:
        raise Refused(_("This session was cancelled."), code="cancelled")
    if session.starts_at <= now:
        raise Refused(
            _("This session has already begun. Please choose another date."), code="started"
        )
