"""Taking a seat, or a place on the waiting list, and giving either back."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from events import letters
from events.enums import RegistrationMove, RegistrationStatus
from events.models import Registration, Session
from events.permissions import why_closed, why_full, why_kept
from events.services import approvals, seats, waiting
from events.services.asking import Said, answer_for, say
from lms.core.exceptions import Refused
from lms.people.models import Person
from lms.trainings.services.access import enter


@transaction.atomic
def register(
    *,
    session: Session,
    person: Person,
    actor: Person | None,
    wait_if_full: bool = False,
    by_office: bool = False,
    own_seat: bool = False,
    said: Said | None = None,
    answered: Mapping[int, str] | None = None,
    now: datetime | None = None,
) -> Registration:
    """Give `person` a seat: confirmation and invitation by mail, in the same transaction.

    Somebody who has a seat keeps it, and is told once. Somebody who gave it back gets the same
    calendar entry again; somebody to whom a seat is offered takes it. With `wait_if_full` a full
    session ends in a place on its waiting list. Seats are counted while the session is locked, so
    that there are never more people than seats, and the list is in the order of asking.
    A session with `approval` gets a request, which holds no seat until the office approves it.
    `said`: answers and needs, which are then complete; None where somebody else registers them.
    Then `answered` is what that one answered for them, by question; what is left open is asked of
    the person by mail, and what they need of nobody else.
    `by_office`: the registration window does not bind. `own_seat`: a free seat is this person's,
    though others wait, since it was added for them.

    Raises Refused: "not_in_audience", "cancelled", "started", "not_open", "closed", "full".
    """
    now = now or timezone.now()
    person = person.canonical
    registration = _register(
        session,
        person,
        actor=actor,
        wait_if_full=wait_if_full,
        by_office=by_office,
        own_seat=own_seat,
        now=now,
    )
    if said is not None:
        say(registration=registration, said=said, actor=actor, now=now)
    elif actor is not None and actor.canonical != person:
        _ask_by_mail(registration, answered or {}, actor=actor, now=now)
    return registration


def _ask_by_mail(
    registration: Registration, answered: Mapping[int, str], *, actor: Person, now: datetime
) -> None:
    """Keep what was answered for the person, and ask them the rest; once, with the seat."""
    still = answer_for(registration=registration, answers=answered, now=now)
    if still and registration.events.filter(actor=actor, at=now).exists():
        letters.tell_asked_more(registration, still, now=now)


def _register(
    session: Session,
    person: Person,
    *,
    actor: Person | None,
    wait_if_full: bool,
    by_office: bool,
    own_seat: bool,
    now: datetime,
) -> Registration:
    """The seat, the place on the list or the request; see register."""
    known = seats.seat_of(session, person)
    if known and known.is_pending and by_office:
        approvals.approve(session=session, registrations=[known], actor=actor, now=now)
        known = seats.seat_of(session, person)
    if known and _stands(known, wait_if_full=wait_if_full):
        return known
    if session.training.is_restricted:
        enter(person=person, training=session.training, actor=actor, now=now)
    # Asked before the lock too, so that a crowd at a full session does not queue for a "no".
    _refuse_unless_open(session, now, by_office=by_office)
    asks = session.approval and not by_office
    if not asks and not wait_if_full and not (known and known.is_offered):
        _refuse_if_full(session)

    locked = seats.lock_session(session)
    known = seats.seat_of(locked, person)
    if known and known.is_offered:
        return waiting.take_offered(known, actor=actor, now=now)
    if known and _stands(known, wait_if_full=wait_if_full):
        return known
    _refuse_unless_open(locked, now, by_office=by_office)
    if locked.approval and not by_office:
        return approvals.ask(locked, person, known, actor=actor, now=now)
    counted = locked.registrations.holding().count() if own_seat else seats.spoken_for(locked)
    full = why_full(locked, counted)
    if full and wait_if_full:
        return waiting.join(locked, person, known, actor=actor, now=now)
    if full:
        raise full
    return _seat(locked, person, known, actor=actor, now=now)


def _stands(known: Registration, *, wait_if_full: bool) -> bool:
    """Whether what the person has stays as it is; refused is a second wish while they wait."""
    if known.is_waiting and not wait_if_full:
        raise Refused(_("You are on the waiting list of this session."), code="full")
    return known.is_live or known.is_pending or known.is_waiting


def _seat(
    session: Session,
    person: Person,
    known: Registration | None,
    *,
    actor: Person | None,
    now: datetime,
) -> Registration:
    """The seat itself, under the session's lock, and its letter."""
    move = RegistrationMove.REGISTERED
    if known:
        seated_before = known.registered_at is not None
        move = RegistrationMove.REGISTERED_AGAIN if seated_before else move
        seats.seat(known, move, actor=actor, now=now)
        registration = known
    else:
        registration = Registration.objects.create(
            session=session, person=person, registered_at=now, updated_at=now
        )
        seats.note_move(registration, move, actor=actor, now=now)
    by_other = actor is not None and actor.canonical != person
    letters.tell_registered(registration, now=now, by_other=by_other)
    return registration


@transaction.atomic
def cancel_registration(
    *,
    registration: Registration,
    actor: Person | None,
    by_office: bool = False,
    now: datetime | None = None,
) -> Registration:
    """Give back what one has: a seat, a seat on offer, or a place on the waiting list.

    A freed seat goes to the next who waits, in the same transaction; the person's calendar drops
    the session. Whoever left is not on the list any more and is offered nothing. What was given
    back already is returned as it is. Raises Refused "started" from the session's beginning on,
    and "too_late" for a seat after the session's own deadline, which does not bind the office.
    """
    now = now or timezone.now()
    if registration.status == RegistrationStatus.CANCELLED:
        return registration
    registration = seats.as_locked(registration)
    if registration.status == RegistrationStatus.CANCELLED:
        return registration
    kept = why_kept(registration.session, now)
    if kept and (kept.code == "started" or (registration.is_live and not by_office)):
        raise kept
    cancelled = RegistrationStatus.CANCELLED
    if registration.is_pending:
        move = RegistrationMove.ASK_WITHDRAWN
        event = seats.change(registration, move, status=cancelled, actor=actor, now=now)
        letters.tell_ask_withdrawn(registration, event, now=now)
        return registration
    if registration.is_live:
        move = RegistrationMove.CANCELLED
        sequence = F("sequence") + 1
        seats.change(registration, move, status=cancelled, actor=actor, now=now, sequence=sequence)
        letters.tell_seat_cancelled(registration, by_office=by_office, now=now)
    else:
        offered = registration.is_offered
        move = RegistrationMove.OFFER_DECLINED if offered else RegistrationMove.LEFT_LIST
        event = seats.change(registration, move, status=cancelled, actor=actor, now=now)
        letters.tell_left_list(registration, event, by_office=by_office, now=now)
    waiting.fill(registration.session, actor=None, now=now)
    return registration


def _refuse_unless_open(session: Session, now: datetime, *, by_office: bool) -> None:
    if refusal := why_closed(session, now, by_office=by_office):
        raise refusal


def _refuse_if_full(session: Session) -> None:
    if refusal := why_full(session, seats.spoken_for(session)):
        raise refusal
