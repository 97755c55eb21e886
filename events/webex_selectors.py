"""Where a session stands with Webex, in words for who coordinates it."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import F
from django.utils.translation import gettext as _

from events.enums import WebexKind
from events.models import Registration, Session
from events.querysets import SessionQuerySet
from events.webex import is_configured
from events.webex_models import WebexMeeting
from lms.people.models import Person

# Of those whom Webex does not have, so many are named.
NAMED = 10


@dataclass(frozen=True)
class WebexState:
    """What the desk shows of a session's meeting, and what can be done about it.

    `mood` is the kind of a status pill; `error` is why Webex could not be told, `missing` names who
    has a seat and is not there.
    """

    label: str
    mood: str
    text: str = ""
    error: str = ""
    missing: str = ""
    can_make: bool = False
    can_be_webinar: bool = False
    can_retry: bool = False
    can_remove: bool = False


def webex_state(session: Session, now: datetime) -> WebexState | None:
    """The state of a session's meeting at Webex; None where Webex has no part in it."""
    if not is_configured():
        return None
    meeting = WebexMeeting.objects.filter(session=session).first()
    coming = session.starts_at > now and not session.is_cancelled
    failing = meeting is not None and meeting.error
    if not coming and not failing and (session.is_cancelled or not (meeting and meeting.wanted)):
        return None
    if meeting is None or (not meeting.wanted and meeting.is_settled):
        return WebexState(
            _("No meeting made"),
            "neutral",
            text=_("People join by the link above. A meeting can be made at Webex instead."),
            can_make=True,
            can_be_webinar=bool(settings.WEBEX["webinar_type"]),
        )
    if meeting.error and not meeting.is_settled:
        return WebexState(
            _("Webex could not be told"),
            "overdue",
            text=_("It is tried again by itself. If this stays, paste a link of your own."),
            error=meeting.error,
            missing=_missing(meeting) if meeting.meeting_id and meeting.wanted else "",
            can_retry=meeting.try_at is not None,
            can_remove=coming and meeting.wanted,
        )
    if not meeting.is_settled and meeting.try_at is not None:
        return WebexState(
            _("Being sent to Webex"), "soon", text=_("This usually takes less than a minute.")
        )
    webinar = meeting.kind == WebexKind.WEBINAR
    return WebexState(
        _("Webinar at Webex") if webinar else _("Meeting at Webex"),
        "ok",
        text=_("Time, title and people follow this page by themselves."),
        can_remove=coming,
    )


def _missing(meeting: WebexMeeting) -> str:
    """The names of those who are not there, the first few."""
    people = [str(seat.person) for seat in missing(meeting)]
    more = len(people) - NAMED
    names = ", ".join(people[:NAMED])
    if more <= 0:
        return names
    return _("%(names)s and %(count)s more") % {"names": names, "count": more}


def missing(meeting: WebexMeeting) -> list[Registration]:
    """Those with a seat and an address of whom Webex does not know."""
    seats = Registration.objects.live().filter(session=meeting.session, webex_seat__isnull=True)
    return list(seats.with_address().select_related("person__canonical_person").order_by("pk"))


def has_meeting(session: Session) -> bool:
    """Whether Webex can be asked who was there."""
    there = WebexMeeting.objects.filter(session=session).exclude(meeting_id="").exists()
    return is_configured() and there


def is_being_asked(session: Session) -> bool:
    """Whether a worker is asking Webex who was there."""
    return WebexMeeting.objects.filter(session=session, asked_at__isnull=False).exists()


def attendance_error(session: Session) -> str:
    """Why Webex did not tell who was there, the last time it was asked."""
    found = WebexMeeting.objects.filter(session=session).values_list("attendance_error", flat=True)
    return found.first() or ""


def untold_sessions(person: Person, now: datetime) -> SessionQuerySet:
    """Coming sessions the person coordinates that Webex could not be told of."""
    failing = WebexMeeting.objects.exclude(error="").exclude(settled_at=F("changed_at"))
    return (
        Session.objects.managed_by(person)
        .filter(webex__in=failing, starts_at__gt=now)
        .select_related("training")
        .order_by("starts_at", "pk")
    )
