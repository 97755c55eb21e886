"""The waiting list: first come, first served; an offer holds a seat and ends.

Whatever frees a seat calls `fill` in its own transaction, under the session's lock; beat's `tend`
ends offers that nobody answered and closes lists when sessions begin, so that a worker that dies
loses nothing: the next run finds what is left.
"""

import logging
from datetime import datetime, time, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from events import letters
from events.enums import FreedSeats, RegistrationMove, RegistrationStatus
from events.models import Registration, RegistrationEvent, Session
from events.services import seats
from events.wall_time import instant
from lms.core import audit
from lms.core.exceptions import Refused
from lms.people.models import Person
from lms.trainings.access import why_not

logger = logging.getLogger("events.waiting")

# How long an offer holds the seat: (the session begins within, so long). Nearer, shorter, so that
# the seat still reaches somebody who can come.
HOLDS = (
    (timedelta(days=2), timedelta(hours=4)),
    (timedelta.max, timedelta(hours=24)),
)
HOLD_ON_THE_DAY = timedelta(hours=1)
# This near the session an offer is too short to take silence for a no.
SHORT_NOTICE = HOLDS[0][0]
# No offer ends while people sleep: one that would end in the night holds until the morning.
NIGHT_FROM, NIGHT_TO, MORNING = time(21), time(8), time(9)


def hold_until(session: Session, now: datetime) -> datetime:
    """When an offer made now ends: after 24 hours, 4 within two days of the session, 1 on its day.

    What would end between 9 pm and 8 am ends at 9 am. Day and night are those on the session's own
    clocks. Never later than the session's start.
    """
    if now.astimezone(session.zone_info).date() >= session.day:
        hold = HOLD_ON_THE_DAY
    else:
        left = session.starts_at - now
        hold = next(hold for within, hold in HOLDS if left <= within)
    return min(_by_day(now + hold, session), session.starts_at)


def _by_day(moment: datetime, session: Session) -> datetime:
    local = moment.astimezone(session.zone_info)
    if NIGHT_TO <= local.time() < NIGHT_FROM:
        return moment
    day = local.date() + timedelta(days=local.time() >= NIGHT_FROM)
    return instant(day, MORNING, session.zone_info)


def join(
    session: Session,
    person: Person,
    known: Registration | None,
    *,
    actor: Person | None,
    now: datetime,
) -> Registration:
    """The end of the list, under the session's lock; told by mail, without an invitation."""
    place = seats.next_place(session)
    if known:
        registration = known
        event = seats.change(
            known,
            RegistrationMove.JOINED_LIST,
            status=RegistrationStatus.WAITING,
            actor=actor,
            now=now,
            place=place,
        )
    else:
        registration = Registration.objects.create(
            session=session,
            person=person,
            status=RegistrationStatus.WAITING,
            registered_at=None,
            place=place,
            updated_at=now,
        )
        event = seats.note_move(registration, RegistrationMove.JOINED_LIST, actor=actor, now=now)
    letters.tell_waiting(registration, event, now=now)
    # Nothing is free, or this person would have a seat; but a list left standing moves on.
    fill(session, actor=None, now=now)
    registration.refresh_from_db()
    registration.session = session
    return registration


def fill(session: Session, *, actor: Person | None, now: datetime) -> int:
    """Give free seats to those who wait, in order: offered or at once, as the session says.

    Whom the training is not for any more is taken off the list when their turn comes. `session` is
    locked by the caller. Returns how many people got a seat. Does nothing once the session began.
    """
    if session.is_cancelled or session.starts_at <= now:
        return 0
    free = session.capacity - seats.holding(session)
    if free <= 0:
        return 0
    queue = session.registrations.waiting().select_related("person__canonical_person")
    served = 0
    for registration in list(queue if session.training.is_restricted else queue[:free]):
        if served == free:
            break
        registration.session = session
        if _outside(registration, now):
            continue
        served += 1
        if session.freed_seats == FreedSeats.GIVE:
            seats.seat(registration, RegistrationMove.PROMOTED, actor=actor, now=now)
            letters.tell_registered(registration, now=now, promoted=True)
        else:
            _offer(registration, actor=actor, now=now)
    return served


def _outside(registration: Registration, now: datetime) -> Refused | None:
    """Take somebody off the list whom the training is not for any more; why, if so."""
    person, training = registration.person.canonical, registration.session.training
    refusal = why_not(person, training, now) if training.is_restricted else None
    if refusal is None:
        return None
    event = seats.change(
        registration,
        RegistrationMove.ACCESS_ENDED,
        status=RegistrationStatus.CANCELLED,
        actor=None,
        now=now,
    )
    letters.tell_access_ended(registration, event, reason=_reason(registration, now), now=now)
    return refusal


def _reason(registration: Registration, now: datetime) -> str:
    """Why, in the language of the letter it stands in."""
    person = registration.person.canonical
    known = dict(settings.LANGUAGES)
    language = person.preferred_language
    with translation.override(language if language in known else settings.LANGUAGE_CODE):
        return str(why_not(person, registration.session.training, now))


def _offer(
    registration: Registration, *, actor: Person | None, now: datetime, note: str = ""
) -> None:
    event = seats.change(
        registration,
        RegistrationMove.OFFERED,
        status=RegistrationStatus.OFFERED,
        actor=actor,
        now=now,
        note=note,
        offered_until=hold_until(registration.session, now),
    )
    letters.tell_offered(registration, event, again=_was_silent(registration), now=now)


def accept_offer(
    *, registration: Registration, actor: Person | None, now: datetime | None = None
) -> Registration:
    """Take the seat that is held: confirmation and invitation by mail.

    Taken twice it is one seat. Raises Refused: "offer_over" after its time, "started", "cancelled",
    "not_offered" when there is none, and "not_in_audience" for somebody whom the training is not
    for any more: the seat then goes to the next, in a transaction of its own that stands.
    """
    now = now or timezone.now()
    refusal = _pass_on(registration, now)
    if refusal:
        message = _("%(why)s The seat goes to the next person.") % {"why": refusal}
        raise Refused(message, code=refusal.code)
    return _accept(registration, actor=actor, now=now)


@transaction.atomic
def _pass_on(registration: Registration, now: datetime) -> Refused | None:
    """Give the offer of somebody whom the training is not for to the next; why, if so."""
    if not registration.session.training.is_restricted:
        return None
    registration = seats.as_locked(registration)
    begun = registration.session.is_cancelled or registration.session.starts_at <= now
    refusal = None if begun or not registration.is_offered else _outside(registration, now)
    if refusal:
        fill(registration.session, actor=None, now=now)
    return refusal


@transaction.atomic
def _accept(registration: Registration, *, actor: Person | None, now: datetime) -> Registration:
    registration = seats.as_locked(registration)
    if registration.is_live:
        return registration
    return take_offered(registration, actor=actor, now=now)


def take_offered(
    registration: Registration, *, actor: Person | None, now: datetime
) -> Registration:
    """Turn an offer into a seat, under the session's lock."""
    seats.refuse_once_begun(registration.session, now)
    if registration.is_waiting:
        raise Refused(
            _("You are on the waiting list; no seat is held for you yet."), code="not_offered"
        )
    if not registration.is_offered or (
        registration.offered_until is not None and registration.offered_until <= now
    ):
        raise Refused(
            _("This seat was held for you for some time, and the time is over. You can join the"
              " waiting list again."),
            code="offer_over",
        )  # fmt: skip
    seats.seat(registration, RegistrationMove.OFFER_TAKEN, actor=actor, now=now)
    letters.tell_registered(registration, now=now)
    return registration


@transaction.atomic
def offer_out_of_order(
    *, registration: Registration, reason: str, actor: Person | None, now: datetime | None = None
) -> Registration:
    """Offer a seat to somebody who waits, before those ahead; `reason` stays in the history.

    Nobody loses a seat by it: when none is free, the session gets one more. An offer that stands
    is returned as it is. Raises Refused without a reason, once the session began, and for somebody
    who does not wait.
    """
    now = now or timezone.now()
    registration = seats.as_locked(registration)
    session = registration.session
    if registration.is_offered:
        return registration
    seats.refuse_once_begun(session, now)
    if not registration.is_waiting:
        raise Refused(_("This person does not wait for a seat any more."), code="not_waiting")
    if not reason.strip():
        raise Refused(_("Say why this person comes first."), code="no_reason")
    if session.registrations.holding().count() >= session.capacity:
        session.capacity = F("capacity") + 1
        session.updated_at = now
        session.save(update_fields=["capacity", "updated_at"])
        session.refresh_from_db(fields=["capacity"])
        audit.record("session.changed", session, actor=actor, now=now, fields=["capacity"])
    _offer(registration, actor=actor, now=now, note=reason)
    return registration


def tend(*, now: datetime | None = None) -> int:
    """End the offers whose time is over, serve the next, close lists of sessions that began.

    Each session is a transaction of its own, so one that fails keeps none of the others waiting.
    Run as often as one likes; returns how many sessions something happened in.
    """
    now = now or timezone.now()
    expired = Registration.objects.filter(session=OuterRef("pk"), offered_until__lte=now)
    waiting = Registration.objects.waiting().filter(session=OuterRef("pk"))
    asking = Registration.objects.pending().filter(session=OuterRef("pk"))
    free = Q(taken__lt=F("capacity"), starts_at__gt=now)
    sessions = (
        Session.objects.standing()
        .with_seats_taken()
        .filter(
            Exists(expired)
            | (Exists(waiting) & (free | Q(starts_at__lte=now)))
            | (Exists(asking) & Q(starts_at__lte=now))
        )
        .select_related("training__owner")
        .order_by("starts_at", "pk")
    )
    tended = 0
    for session in sessions:
        try:
            tended += _tend(session, now)
        except Exception:
            logger.exception("The waiting list of session %s could not be tended", session.pk)
    return tended


@transaction.atomic
def _tend(session: Session, now: datetime) -> bool:
    """One session, under its lock: what is over is asked again, since others may have been here."""
    session = seats.lock_session(session)
    begun = session.starts_at <= now
    queued = session.registrations.queued().select_related("person")
    unanswered = list(session.registrations.pending().select_related("person")) if begun else []
    for registration in unanswered:
        registration.session = session
        move = RegistrationMove.ASK_ENDED
        event = seats.change(
            registration, move, status=RegistrationStatus.CANCELLED, actor=None, now=now
        )
        letters.tell_ask_ended(registration, event, now=now)
    over = list(queued if begun else queued.filter(offered_until__lte=now))
    returned = []
    for registration in over:
        registration.session = session
        if not begun and _may_stay(registration, now):
            returned.append((registration, _put_back(registration, now)))
            continue
        offered = registration.is_offered
        move = RegistrationMove.OFFER_EXPIRED if offered else RegistrationMove.LIST_ENDED
        event = seats.change(
            registration, move, status=RegistrationStatus.CANCELLED, actor=None, now=now
        )
        if offered:
            letters.tell_offer_expired(registration, event, now=now)
        else:
            letters.tell_list_ended(registration, event, now=now)
    served = fill(session, actor=None, now=now)
    for registration, event in returned:
        registration.refresh_from_db()
        registration.session = session
        if registration.is_waiting:
            letters.tell_offer_returned(registration, event, now=now)
    return bool(over or unanswered or served)


def _may_stay(registration: Registration, now: datetime) -> bool:
    """Whether silence puts somebody back on the list: at short notice, once while they are on it.

    A second time it ends their place, or a seat would go round among those who do not answer.
    """
    if registration.session.starts_at - now > SHORT_NOTICE:
        return False
    return not _was_silent(registration)


def _was_silent(registration: Registration) -> bool:
    """Whether they let an offer end since they joined the list."""
    moves = (RegistrationMove.JOINED_LIST, RegistrationMove.OFFER_RETURNED)
    last = registration.events.filter(move__in=moves).last()
    return last is not None and last.move == RegistrationMove.OFFER_RETURNED


def _put_back(registration: Registration, now: datetime) -> RegistrationEvent:
    """To the end of the list, behind those who were not asked yet."""
    return seats.change(
        registration,
        RegistrationMove.OFFER_RETURNED,
        status=RegistrationStatus.WAITING,
        actor=None,
        now=now,
        place=seats.next_place(registration.session),
    )
