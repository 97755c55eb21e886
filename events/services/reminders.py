"""Reminders: a week, a day and an hour before a session, to those who want them.

Beat writes one outbox row for each reminder that is due; its handler spreads it into letters. Both
have keys that name the session's start, so that a run that dies and starts again tells nobody twice
and leaves nobody out, and a session that is moved reminds anew at its new time.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from events import letters
from events.enums import RegistrationMove
from events.models import Registration, RegistrationEvent, Session
from events.wall_time import instant
from lms.core import outbox
from lms.core.exceptions import Refused
from lms.notices.enums import NoticeKind
from lms.notices.selectors import declined

KIND = "events.session_reminder"
_DAYS = {NoticeKind.SESSION_WEEK: 7, NoticeKind.SESSION_DAY: 1}
# Nothing is due earlier than this before a session; an hour more for a change of the clocks.
_FIRST = timedelta(days=7, hours=1)


def due_at(session: Session, kind: NoticeKind) -> datetime:
    """When the reminder is due: at the session's own time of day, so many days before.

    Days are counted on its own clocks (DESIGN 4.12), an hour is an hour. A time that the clocks
    skip on the day of the reminder is an hour later.
    """
    if kind not in _DAYS:
        return session.starts_at - timedelta(hours=1)
    day = session.day - timedelta(days=_DAYS[kind])
    try:
        return instant(day, session.start_time, session.zone_info)
    except Refused:
        return session.starts_at - timedelta(days=_DAYS[kind])


def due_kind(session: Session, now: datetime) -> NoticeKind | None:
    """The reminder that is due at `now`: the nearest, so that nobody gets two at once."""
    if now >= session.starts_at:
        return None
    return next(
        (
            kind
            for kind in (NoticeKind.SESSION_HOUR, NoticeKind.SESSION_DAY, NoticeKind.SESSION_WEEK)
            if due_at(session, kind) <= now
        ),
        None,
    )


def send_due_reminders(*, now: datetime | None = None) -> int:
    """Enqueue every reminder that is due; run as often as one likes. Returns how many sessions."""
    now = now or timezone.now()
    sessions = Session.objects.standing().filter(
        reminders=True, starts_at__gt=now, starts_at__lte=now + _FIRST
    )
    found = 0
    for session in sessions:
        kind = due_kind(session, now)
        if kind:
            outbox.enqueue(
                kind=KIND,
                key=f"{KIND}:{session.pk}:{kind}:{session.starts_at:%Y%m%d%H%M}",
                payload={
                    "session": session.pk,
                    "kind": kind.value,
                    "starts_at": session.starts_at.isoformat(),
                },
            )
            found += 1
    return found


def remind_everyone(payload: dict[str, Any], *, now: datetime | None = None) -> None:
    """The outbox's handler: a letter to each person with a seat who wants this reminder.

    Nobody gets one who took the seat, or was told of a change, after it was due: they know.
    A session that was moved, cancelled or begun meanwhile reminds of nothing.
    """
    now = now or timezone.now()
    session = Session.objects.select_related("training__owner").get(pk=payload["session"])
    moved = session.starts_at != datetime.fromisoformat(payload["starts_at"])
    if moved or session.is_cancelled or not session.reminders or session.starts_at <= now:
        return
    kind = NoticeKind(payload["kind"])
    due = due_at(session, kind)
    told_since = RegistrationEvent.objects.filter(
        registration=OuterRef("pk"), move=RegistrationMove.SESSION_MOVED, at__gte=due
    )
    seats = list(
        Registration.objects.live()
        .filter(~Exists(told_since), session=session, registered_at__lt=due)
        .select_related("person__canonical_person")
        .order_by("pk")
    )
    unwanted = declined(kind, [seat.person.canonical.pk for seat in seats])
    with transaction.atomic():
        for seat in seats:
            if seat.person.canonical.pk not in unwanted:
                seat.session = session
                letters.tell_reminder(seat, kind=kind, now=now)
