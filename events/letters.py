"""What people are told by mail about their seats, each with the calendar message that goes with it.

Letters are written in the reader's language, in the transaction of the change (DESIGN 4.11). Their
keys carry the seat's sequence, so that the same state of a seat is told once, whoever asks.
The mail holds no join link: it leads to the session's page, where "Join" opens for the people
registered, so that a forwarded mail lets nobody in.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils import translation

from events import calendars, wall_time
from events.asking_models import RegistrationQuestion
from events.enums import RegistrationMove, SurveyRule
from events.message_models import SessionMessage
from events.models import Registration, RegistrationEvent
from events.permissions import why_kept
from lms.core.mail import send_mail_later
from lms.core.prepared import Prepared, given
from lms.notices.enums import NoticeKind
from lms.notices.links import reminders_link

_SEAT = "events.seat"


def tell_registered(
    registration: Registration,
    *,
    now: datetime,
    promoted: bool = False,
    by_other: bool = False,
) -> None:
    """A seat was taken; or came free, and the waiting list gave it (`promoted`).

    `by_other`: somebody else registered them, so nobody has asked yet what they need.
    """
    _send(
        "registration_confirmed",
        registration,
        now=now,
        method="REQUEST",
        promoted=promoted,
        by_other=by_other,
    )


def tell_asked_more(
    registration: Registration, questions: Sequence[RegistrationQuestion], *, now: datetime
) -> None:
    """Somebody else registered them, and these questions are theirs to answer. Asked once."""
    _send("registration_questions", registration, now=now, state="asked", questions=questions)


def tell_seat_cancelled(registration: Registration, *, by_office: bool, now: datetime) -> None:
    """A seat was given back, or the office took it."""
    _send("registration_cancelled", registration, now=now, method="CANCEL", by_office=by_office)


def tell_session_changed(
    registration: Registration, *, previous: tuple[datetime, datetime, str], now: datetime
) -> None:
    """The session takes place at another time or place; `previous`: old start, end and zone."""
    start, end, zone = previous
    with translation.override(_language(registration)):
        moved = (start, end) != (registration.session.starts_at, registration.session.ends_at)
        context: dict[str, Any] = {
            "previously": wall_time.when(start, end, ZoneInfo(zone)) if moved else ""
        }
    if registration.is_live:
        _send("session_changed", registration, now=now, method="REQUEST", **context)
    else:  # on the waiting list: told, and no calendar knows of it
        state = f"list-{registration.session.sequence}"
        context |= {"waiting": True, "asked": registration.is_pending}
        _send("session_changed", registration, now=now, state=state, **context)


def tell_session_cancelled(registration: Registration, *, now: datetime) -> None:
    """The session does not take place."""
    reason = registration.session.cancel_reason
    seated = registration.registered_at is not None
    # Their status is "cancelled" by now; what they did last says what they were waiting for.
    before = registration.events.exclude(move=RegistrationMove.SESSION_CANCELLED).last()
    asked = not seated and before is not None and before.move == RegistrationMove.ASKED
    method = "CANCEL" if seated else None
    _send(
        "session_cancelled",
        registration,
        now=now,
        method=method,
        reason=reason,
        seated=seated,
        asked=asked,
    )


_ahead = Prepared(
    lambda: (
        Registration.objects.waiting()
        .filter(session=given("session"), place__lt=given("place"))
        .counted()
    )
)


def tell_waiting(registration: Registration, event: RegistrationEvent, *, now: datetime) -> None:
    """A place on the waiting list was taken. No seat, so no invitation."""
    ahead = _ahead.first(session=registration.session_id, place=registration.place) or 0
    _send_move("waiting_joined", registration, event, now=now, position=ahead + 1)


def tell_offered(
    registration: Registration, event: RegistrationEvent, *, again: bool, now: datetime
) -> None:
    """A seat is held for somebody who waits, until a moment; `again`: they were silent before."""
    _send_move("seat_offered", registration, event, now=now, again=again)


def tell_offer_expired(
    registration: Registration, event: RegistrationEvent, *, now: datetime
) -> None:
    """Nobody answered in time; the seat went to the next, or the session has begun."""
    begun = registration.session.starts_at <= now
    _send_move("offer_expired", registration, event, now=now, begun=begun)


def tell_offer_returned(
    registration: Registration, event: RegistrationEvent, *, now: datetime
) -> None:
    """Nobody answered at short notice; the seat went to the next, and the place stays."""
    _send_move("offer_expired", registration, event, now=now, stays=True)


def tell_left_list(
    registration: Registration, event: RegistrationEvent, *, by_office: bool, now: datetime
) -> None:
    """Somebody left the waiting list or passed the offered seat on, or the office took them off."""
    _send_move("waiting_left", registration, event, now=now, by_office=by_office)


def tell_list_ended(registration: Registration, event: RegistrationEvent, *, now: datetime) -> None:
    """The session began, and no seat had come free."""
    _send_move("waiting_ended", registration, event, now=now)


def tell_access_ended(
    registration: Registration, event: RegistrationEvent, *, reason: str, now: datetime
) -> None:
    """Somebody's turn came, and the training is not for them any more; with what they can do."""
    _send_move("waiting_access_ended", registration, event, now=now, reason=reason)


def tell_asked(registration: Registration, event: RegistrationEvent, *, now: datetime) -> None:
    """A seat was asked for. No seat, so no invitation."""
    _send_move("seat_asked", registration, event, now=now)


def tell_refused(
    registration: Registration, event: RegistrationEvent, *, reason: str, now: datetime
) -> None:
    """The office gives no seat; with its reason."""
    _send_move("seat_refused", registration, event, now=now, reason=reason)


def tell_ask_withdrawn(
    registration: Registration, event: RegistrationEvent, *, now: datetime
) -> None:
    """Somebody took their request back."""
    _send_move("ask_over", registration, event, now=now, withdrawn=True)


def tell_ask_ended(registration: Registration, event: RegistrationEvent, *, now: datetime) -> None:
    """The session began before the office answered."""
    _send_move("ask_over", registration, event, now=now)


def tell_message(registration: Registration, message: SessionMessage, *, now: datetime) -> None:
    """What the office wrote; as it wrote it."""
    paragraphs = [part.strip() for part in message.body.split("\n\n") if part.strip()]
    _send(
        "session_message",
        registration,
        now=now,
        state=f"message-{message.pk}",
        subject=message.subject,
        paragraphs=paragraphs,
    )


def tell_survey(registration: Registration, *, now: datetime) -> None:
    """How was it? Asked once, after the session; the link needs no sign-in."""
    _send(
        "session_survey",
        registration,
        now=now,
        state="survey",
        waits=registration.session.survey == SurveyRule.RULE,
        survey_url=settings.SITE_ORIGIN + reverse("events:survey", args=[seat_token(registration)]),
    )


def tell_reminder(registration: Registration, *, kind: NoticeKind, now: datetime) -> None:
    """The session comes near; with the link to choose other reminders, or none."""
    start = registration.session.starts_at
    _send(
        "session_reminder",
        registration,
        now=now,
        state=f"{kind}-{start:%Y%m%d%H%M}",
        soon=kind == NoticeKind.SESSION_HOUR,
        reminders_url=reminders_link(registration.person),
    )


def seat_token(registration: Registration) -> str:
    """What the mail's cancel link carries: it opens this one seat, and nothing else."""
    return signing.dumps(registration.pk, salt=_SEAT)


def seat_of_token(token: str) -> int | None:
    """The seat's id a token opens, or None for one we did not sign."""
    try:
        return int(signing.loads(token, salt=_SEAT))
    except signing.BadSignature:
        return None


def _send_move(
    template: str,
    registration: Registration,
    event: RegistrationEvent,
    *,
    now: datetime,
    **context: Any,
) -> None:
    """A letter about the waiting list: told once for each move, without a calendar entry."""
    zone = registration.session.zone_info
    with translation.override(_language(registration)):
        context["until"] = wall_time.moment(event.until, zone) if event.until else ""
    _send(template, registration, now=now, state=f"move-{event.pk}", **context)


def _send(
    template: str,
    registration: Registration,
    *,
    now: datetime,
    method: str | None = None,
    state: str = "",
    **context: Any,
) -> None:
    """Enqueue one letter; a person without an address reads the news on their page.

    `method`: the calendar message that goes with it, if any. `state` stands in the key in place of
    the seat's sequence where that does not change.
    """
    person, session = registration.person.canonical, registration.session
    if not person.email:
        return
    language = _language(registration)
    with translation.override(language):
        calendar = None
        # Calendars show no buttons for an invitation to oneself, and some drop the mail.
        if method and person.email != calendars.organizer_address().lower():
            write = calendars.invitation if method == "REQUEST" else calendars.withdrawal
            calendar = (method, write(registration, now=now))
        send_mail_later(
            key=f"events.{template}:{registration.pk}:{state or registration.sequence}",
            to=person.email,
            template=template,
            language=language,
            calendar=calendar,
            context={
                "person": person,
                "session": session,
                "kept": getattr(why_kept(session, now), "message", ""),
                "when": wall_time.when(session.starts_at, session.ends_at, session.zone_info),
                "answers_url": settings.SITE_ORIGIN + reverse("events:answers", args=[session.pk]),
                "session_url": calendars.session_address(session),
                "seat_url": settings.SITE_ORIGIN
                + reverse("events:seat_cancel", args=[seat_token(registration)]),
                "offer_url": settings.SITE_ORIGIN
                + reverse("events:seat_offer", args=[seat_token(registration)]),
                "office": session.training.owner,
                **context,
            },
        )


def _language(registration: Registration) -> str:
    wanted = registration.person.canonical.preferred_language
    return wanted if wanted in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
