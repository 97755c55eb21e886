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

from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from events.models import Session
from events.report_models import AttendanceReport
from events.services.attendance_reports import take_in_report
from events.webex import Webex, WebexError, connect, is_configured
from events.webex.client import instant
from events.webex_models import WebexMeeting
from lms.core.exceptions import Refused
from lms.people.models import Person

logger = logging.getLogger("events.webex")

# After the end: first when what Webex knows is usually there, again when it is certainly.
SOON, LATER = timedelta(minutes=15), timedelta(hours=24)
# Webex forgets; and a report nobody wanted for so long is nobody's business any more.
_LAST = timedelta(days=7)
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
    meeting = WebexMeeting.objects.filter(session=session).exclude(meeting_id="").first()
    if meeting is None or not is_configured():
        raise Refused(
            _("This session has no meeting at Webex. Upload the report instead."), code="no_webex"
        )
    if session.ends_at > now:
        raise Refused(_("The session is not over yet."), code="not_over")
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
