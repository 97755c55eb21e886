"""Taking a seat and giving it back."""

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from events import letters
from events.enums import RegistrationMove, RegistrationStatus
from events.models import Registration, RegistrationEvent, Session
from events.permissions import why_closed, why_full
from lms.core import audit
from lms.core.exceptions import Refused
from lms.core.locking import lock
from lms.people.models import Person
from lms.trainings.services.access import enter


@transaction.atomic
def register(
    *, session: Session, person: Person, actor: Person | None, now: datetime | None = None
) -> Registration:
    """Give `person` a seat: confirmation and invitation by mail, in the same transaction.

    Somebody who has a seat keeps it, and is told once. Somebody who gave it back gets the same
    calendar entry again. Seats are counted while the session is locked, so that there are never
    more people than seats. Raises Refused: "not_in_audience", "cancelled", "started", "not_open",
    "closed", "full".
    """
    now = now or timezone.now()
    person = person.canonical
    known = _seat_of(session, person)
    if known and known.is_live:
        return known
    enter(person=person, training=session.training, actor=actor, now=now)
    # Asked before the lock too, so that a crowd at a full session does not queue for a "no".
    _refuse_unless_open(session, now)

    locked = lock(session)
    locked.training = session.training  # fetched already, with its owner
    known = _seat_of(locked, person)
    if known and known.is_live:
        return known
    _refuse_unless_open(locked, now)
    if known:
        Registration.objects.filter(pk=known.pk).update(
            status=RegistrationStatus.REGISTERED,
            registered_at=now,
            cancelled_at=None,
            updated_at=now,
            sequence=F("sequence") + 1,
        )
        known.refresh_from_db()
        registration, move = known, RegistrationMove.REGISTERED_AGAIN
    else:
        registration = Registration.objects.create(
            session=locked, person=person, registered_at=now, updated_at=now
        )
        move = RegistrationMove.REGISTERED
    registration.session = locked
    _note(registration, move, actor=actor, now=now)
    letters.tell_registered(registration, now=now)
    return registration


@transaction.atomic
def cancel_registration(
    *, registration: Registration, actor: Person | None, now: datetime | None = None
) -> Registration:
    """Give a seat back: it is free at once, the person's calendar drops the session.

    A seat already given back is returned as it is. Needs no lock on the session, since it only
    frees. Raises Refused "started" from the session's beginning on.
    """
    now = now or timezone.now()
    if not registration.is_live:
        return registration
    if registration.session.starts_at <= now:
        raise Refused(
            _("The session has begun, so your seat can no longer be given back."), code="started"
        )
    changed = (
        Registration.objects.live()
        .filter(pk=registration.pk)
        .update(
            status=RegistrationStatus.CANCELLED,
            cancelled_at=now,
            updated_at=now,
            sequence=F("sequence") + 1,
        )
    )
    session = registration.session
    registration.refresh_from_db()
    registration.session = session
    if changed:
        _note(registration, RegistrationMove.CANCELLED, actor=actor, now=now)
        letters.tell_seat_cancelled(registration, now=now)
    return registration


def _seat_of(session: Session, person: Person) -> Registration | None:
    return Registration.objects.of(person).filter(session=session).select_related("person").first()


def _refuse_unless_open(session: Session, now: datetime) -> None:
    refusal = why_closed(session, now) or why_full(session, session.registrations.live().count())
    if refusal:
        raise refusal


def _note(
    registration: Registration, move: RegistrationMove, *, actor: Person | None, now: datetime
) -> None:
    RegistrationEvent.objects.create(
        registration=registration,
        move=move,
        sequence=registration.sequence,
        at=now,
        actor=actor,
    )
    audit.record(f"registration.{move}", registration, actor=actor, now=now)
