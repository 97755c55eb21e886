"""Who was there, asked of Webex instead of uploaded as a file.

What it answers is written as a report like the one coordinators download, in UTC, and taken in by
the same road: kept as evidence, matched, reviewed, applied by a person. Asked once soon after the
end and once a day later, since Webex corrects itself within that time.
"""

import csv
import io
import logging
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from events.models import Session
from events.report_models import AttendanceReport
from events.services.attendance_reports import take_in_report
from events.webex import Webex, WebexError, connect, is_configured
from events.webex.client import instant
from events.webex_models import WebexMeeting
from events.webex_selectors import attendance_error
from lms.core import audit
from lms.core.exceptions import Refused
from lms.core.locking import lock
from lms.people.models import Person

logger = logging.getLogger("events.webex")

# After the end: first when what Webex knows is usually there, again when it is certainly.
SOON, LATER = timedelta(minutes=15), timedelta(hours=24)
# Webex forgets; and a report nobody wanted for so long is nobody's business any more.
_LAST = timedelta(days=7)
_SILENCE = timedelta(minutes=2)
HEADING = (
    "Meeting Name", "Meeting Start Time", "Meeting End Time", "Display Name", "Role",
    "Attendee Email", "Join Time", "Leave Time", "Connection Type", "Session Name",
)  # fmt: skip


def fetch_attendance(
    *, session: Session, actor: Person | None, now: datetime | None = None
) -> tuple[AttendanceReport, bool]:
    """Ask Webex who was in the session's meeting and take that in as a report; whether it is new.

    The same answer again changes nothing. Nobody's attendance is noted yet. Raises Refused: without
    a meeting at Webex, before the session's end, where Webex knows of no meeting held or does not
    answer.
    """
    now = now or timezone.now()
    meeting = _held(session, now)
    try:
        content = report_of(meeting.meeting_id, connect())
    except WebexError as error:
        raise Refused(
            _("Webex did not tell who was there: %(reason)s") % {"reason": error}, code="webex"
        ) from error
    if not content:
        raise Refused(
            _("Webex knows of nobody who was in this meeting. Was another one used?"),
            code="nobody",
        )
    name = f"webex-{session.day}-{session.pk}.csv"
    found = take_in_report(
        session=session, content=content, name=name, zone="UTC", actor=actor, now=now
    )
    WebexMeeting.objects.filter(pk=meeting.pk).update(attendance_at=now, attendance_error="")
    return found


def _held(session: Session, now: datetime) -> WebexMeeting:
    """The session's meeting, once it is over."""
    meeting = WebexMeeting.objects.filter(session=session).exclude(meeting_id="").first()
    if meeting is None or not is_configured():
        raise Refused(
            _("This session has no meeting at Webex. Upload the report instead."), code="no_webex"
        )
    if session.ends_at > now:
        raise Refused(_("The session is not over yet."), code="not_over")
    return meeting


@transaction.atomic
def ask_attendance(*, session: Session, actor: Person, now: datetime | None = None) -> WebexMeeting:
    """Have a worker ask Webex who was there; asking again while it is under way changes nothing.

    Raises Refused without a meeting at Webex and before the session's end. What Webex says comes to
    the session's attendance, also why it says nothing.
    """
    now = now or timezone.now()
    meeting = lock(_held(session, now))
    if meeting.asked_at is None:
        meeting.asked_at, meeting.asked_by, meeting.attendance_error = now, actor, ""
        meeting.save(update_fields=["asked_at", "asked_by", "attendance_error"])
        audit.record("webex.attendance_asked", session, actor=actor, now=now)
    transaction.on_commit(lambda: _ring(session.pk), robust=True)
    return meeting


def _ring(session_id: int) -> None:
    """Call a worker; a dead broker costs only time, since the sweep finds who asked."""
    from events.tasks import answer_webex_attendance as task  # noqa: PLC0415 - tasks import services

    try:
        task.delay(session_id)
    except Exception:
        logger.exception("The doorbell for session %s did not ring", session_id)


def answer_attendance(*, session_id: int, now: datetime | None = None) -> bool:
    """Ask Webex what somebody wanted to know; a worker's job, safe to run twice.

    Returns whether it answered; why not stands with the session's attendance.
    """
    meeting = (
        WebexMeeting.objects.filter(session=session_id, asked_at__isnull=False)
        .select_related("session__training", "asked_by")
        .first()
    )
    if meeting is None:
        return False
    try:
        fetch_attendance(session=meeting.session, actor=meeting.asked_by, now=now)
    except Refused as refusal:
        note_error(meeting.session, refusal)
    done = WebexMeeting.objects.filter(pk=meeting.pk, asked_at=meeting.asked_at)
    done.update(asked_at=None, asked_by=None)
    return not attendance_error(meeting.session)


def fetch_due(*, now: datetime | None = None) -> int:
    """Fetch the attendance of sessions that ended lately; for the periodic job.

    What went wrong is shown with the session's attendance and tried again. Returns how many came.
    """
    if not is_configured():
        return 0
    now = now or timezone.now()
    never = Q(attendance_at__isnull=True, session__ends_at__lte=now - SOON)
    once_more = Q(
        attendance_at__lt=F("session__ends_at") + LATER, session__ends_at__lte=now - LATER
    )
    due = (
        WebexMeeting.objects.filter(never | once_more, session__ends_at__gt=now - _LAST)
        .exclude(meeting_id="")
        .select_related("session__training")
    )
    fetched = 0
    # Somebody asked, and no worker was told, or one died.
    silent = WebexMeeting.objects.filter(asked_at__lte=now - _SILENCE)
    for asked in silent.values_list("session", flat=True):
        fetched += answer_attendance(session_id=asked, now=now)
    for meeting in due:
        try:
            fetch_attendance(session=meeting.session, actor=None, now=now)
            fetched += 1
        except Refused as refusal:
            note_error(meeting.session, refusal)
    return fetched


def note_error(session: Session, refusal: Refused) -> None:
    """Keep why Webex did not tell, for who looks at the session's attendance."""
    WebexMeeting.objects.filter(session=session).update(attendance_error=str(refusal)[:600])


def report_of(meeting_id: str, webex: Webex) -> bytes:
    """The joins of every holding of a meeting as a tab-separated report in UTC; empty for none.

    In the order of joining, so that the same facts are the same bytes.
    """
    rows: list[list[str]] = [
        row
        for held in webex.instances(meeting_id)
        for participant in webex.participants(str(held["id"]))
        for row in _rows(held, participant)
    ]
    if not rows:
        return b""
    text = io.StringIO()
    writer = csv.writer(text, dialect="excel-tab", lineterminator="\r\n")
    writer.writerow(HEADING)
    rows.sort(key=_in_order)
    writer.writerows(rows)
    return text.getvalue().encode("utf-16")


def _rows(held: dict[str, Any], participant: dict[str, Any]) -> list[list[str]]:
    """One row for each device's join; breakouts lie within and are left out."""
    joins: list[dict[str, Any]] = participant.get("devices") or [participant]
    return [
        [
            _line(held.get("title")),
            _utc(held.get("start")),
            _utc(held.get("end")),
            _line(participant.get("displayName")),
            "Host" if participant.get("host") else "Attendee",
            _line(participant.get("email")),
            _utc(join.get("joinedTime")),
            _utc(join.get("leftTime")),
            "Phone" if str(join.get("audioType", "")).lower() == "pstn" else "Desktop",
            "Main Session",
        ]
        for join in joins
    ]


def _in_order(row: list[str]) -> tuple[str, ...]:
    """By meeting, then by who joined first."""
    return (row[1], row[6], row[5], row[3], row[7])


def _utc(text: Any) -> str:
    found = instant(text)
    return f"{found.astimezone(UTC):%Y-%m-%d %H:%M:%S}" if found else ""


def _line(text: Any) -> str:
    return " ".join(str(text or "").split())
