"""Seats that the office gives: asked for, approved or refused with a reason.

A request holds no seat (docs/decisions/0015). Approved, it becomes a seat, or the end of the
waiting list when all are taken; requests approved together are served in the order of asking.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from events import letters
from events.enums import RegistrationMove, RegistrationStatus
from events.models import Registration, Session
from events.permissions import why_closed, why_full
from events.services import seats
from lms.core.exceptions import Refused
from lms.people.models import Person
from lms.trainings.services.access import enter


def ask(
    session: Session,
    person: Person,
    known: Registration | None,
    *,
    actor: Person | None,
    now: datetime,
) -> Registration:
    """Write a request, under the session's lock; told by mail, without an invitation."""
    if known:
        event = seats.change(
            known,
            RegistrationMove.ASKED,
            status=RegistrationStatus.PENDING,
            actor=actor,
            now=now,
        )
    else:
        known = Registration.objects.create(
            session=session,
            person=person,
            status=RegistrationStatus.PENDING,
            registered_at=None,
            updated_at=now,
        )
        event = seats.note_move(known, RegistrationMove.ASKED, actor=actor, now=now)
    letters.tell_asked(known, event, now=now)
    return known


@transaction.atomic
def approve(
    *,
    session: Session,
    registrations: Iterable[Registration],
    actor: Person | None,
    now: datetime | None = None,
) -> list[Registration]:
    """Give each a seat with its invitation, or a place at the end of the waiting list when full.

    What was answered already stays as it is. Raises Refused once the session began or was
    cancelled, and "not_in_audience" for somebody the training is not for any more.
    """
    now = now or timezone.now()
    locked = seats.lock_session(session)
    if refusal := why_closed(locked, now, by_office=True):
        raise refusal
    found = _pending(locked, registrations)
    for registration in found:
        enter(person=registration.person.canonical, training=locked.training, actor=actor, now=now)
        if why_full(locked, seats.spoken_for(locked)) is None:
            seats.seat(registration, RegistrationMove.APPROVED, actor=actor, now=now)
            letters.tell_registered(registration, now=now)
        else:
            event = seats.change(
                registration,
                RegistrationMove.APPROVED,
                status=RegistrationStatus.WAITING,
                actor=actor,
                now=now,
                place=seats.next_place(locked),
            )
            letters.tell_waiting(registration, event, now=now)
    return found


@transaction.atomic
def refuse(
    *,
    session: Session,
    registrations: Iterable[Registration],
    reason: str,
    actor: Person | None,
    now: datetime | None = None,
) -> list[Registration]:
    """Give no seat; each is told why by mail, and the reason stays in the history.

    What was answered already stays as it is. Raises Refused without a reason.
    """
    now = now or timezone.now()
    reason = " ".join(reason.split())[:300]
    if not reason:
        raise Refused(_("Say why; everybody you refuse reads it."), code="no_reason")
    locked = seats.lock_session(session)
    found = _pending(locked, registrations)
    for registration in found:
        event = seats.change(
            registration,
            RegistrationMove.REFUSED,
            status=RegistrationStatus.CANCELLED,
            actor=actor,
            now=now,
            note=reason,
        )
        letters.tell_refused(registration, event, reason=reason, now=now)
    return found


def _pending(session: Session, registrations: Iterable[Registration]) -> list[Registration]:
    """Those of them that still wait, as they are now, in the order of asking."""
    wanted = [registration.pk for registration in registrations]
    found = list(session.registrations.pending().filter(pk__in=wanted).select_related("person"))
    for registration in found:
        registration.session = session
    return found
