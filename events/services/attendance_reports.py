"""Attendance reports: taken in, read by a worker, set aside."""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from events.attendance_report import ZONES, Report, check_heading, read_report
from events.attendance_report.table import is_workbook
from events.enums import ReportStatus
from events.models import Session
from events.report_models import AttendanceReport, ReportPerson, ReportRow
from lms.core import audit
from lms.core.exceptions import Refused
from lms.core.locking import lock
from lms.people.models import Person

logger = logging.getLogger("events.attendance")

# Rows kept in one transaction: enough to be quick, few enough for the page to show progress.
STEP = 500
# A worker that has said nothing for so long is gone; another goes on.
SILENCE = timedelta(minutes=2)


@transaction.atomic
def take_in_reports(
    *,
    session: Session,
    files: Iterable[tuple[str, bytes]],
    zone: str,
    actor: Person | None,
    now: datetime | None = None,
) -> list[tuple[AttendanceReport, bool]]:
    """Take in several files, each a name and its content: all of them, or none; see below.

    A refusal says which file it is about.
    """
    taken = []
    for name, content in files:
        try:
            check_heading(content)
        except Refused as refusal:
            told = _("%(file)s: %(reason)s") % {"file": name, "reason": refusal}
            raise Refused(told, code=refusal.code) from refusal
        taken.append(
            take_in_report(
                session=session, content=content, name=name, zone=zone, actor=actor, now=now
            )
        )
    return taken


@transaction.atomic
def take_in_report(
    *,
    session: Session,
    content: bytes,
    name: str,
    zone: str = "America/New_York",
    actor: Person | None,
    now: datetime | None = None,
) -> tuple[AttendanceReport, bool]:
    """Take in a downloaded report of the session's meeting; a worker reads it, its times in `zone`.

    Returns it, and whether it is new: the same file again changes nothing. In another zone it
    replaces what it was read as before. Refused ones of the session have been seen and go. Raises
    Refused for a cancelled session, an unknown zone, and a file whose first lines show that it is
    no report (see attendance_report.table.read_table).
    """
    now = now or timezone.now()
    if zone not in dict(ZONES):
        raise Refused(_("Choose one of the time zones of the list."), code="unknown_zone")
    check_heading(content)
    locked = lock(session)
    if locked.is_cancelled:
        raise Refused(_("This session was cancelled."), code="cancelled")
    digest = sha256(content).hexdigest()
    here = AttendanceReport.objects.filter(session=locked, set_aside_at__isnull=True)
    here.refused().update(set_aside_at=now, set_aside_by=actor)
    known = here.filter(sha256=digest).first()
    if known and known.zone == zone:
        return known, False
    if known:
        here.filter(pk=known.pk).update(set_aside_at=now, set_aside_by=actor)
    report = AttendanceReport.objects.create(
        session=locked,
        sha256=digest,
        name=name[-200:],
        zone=zone,
        uploaded_by=actor,
        uploaded_at=now,
        touched_at=now,
    )
    if known:
        AttendanceReport.objects.filter(pk=known.pk).update(replaced_by=report)
    audit.record(
        "attendance_report.taken_in", report, actor=actor, now=now, session=session.pk, zone=zone
    )
    # Written last: a file outlives a transaction that is taken back.
    ending = "xlsx" if is_workbook(content) else "csv"
    report.file.save(f"attendance/{session.pk}/{digest}.{ending}", ContentFile(content))
    transaction.on_commit(lambda: _ring(report.pk), robust=True)
    return report, True


def _ring(report_id: int) -> None:
    """Call a worker; a dead broker costs only time, since the sweep finds what waits."""
    from events.tasks import read_report as task  # noqa: PLC0415 - tasks import services

    try:
        task.delay(report_id)
    except Exception:
        logger.exception("The doorbell for report %s did not ring", report_id)


def read_again(
    *, report: AttendanceReport, zone: str, actor: Person | None, now: datetime | None = None
) -> AttendanceReport:
    """Have a report's file read in another zone; see `take_in_report`.

    Raises Refused "forgotten" a year after the session, when files are kept no more.
    """
    if not report.file:
        raise Refused(
            _("The file is not kept any more. Upload it again if you have it."), code="forgotten"
        )
    with report.file.open("rb") as file:
        content = file.read()
    return take_in_report(
        session=report.session, content=content, name=report.name, zone=zone, actor=actor, now=now
    )[0]


def work_report(*, report_id: int, now: datetime | None = None) -> AttendanceReport:
    """Read a report to its end; a worker's job, safe to run twice and to take up again.

    Not atomic on purpose: each step is, and what is done stays done. A report with all the joins of
    an earlier one (the same meeting, downloaded later) replaces it; other reports add up. A file
    that turns out to be no report is refused: why is kept, the file is not.
    """
    report = AttendanceReport.objects.select_related("session", "uploaded_by").get(pk=report_id)
    if not report.is_being_read:
        return report
    with translation.override(settings.LANGUAGE_CODE):
        with report.file.open("rb") as file:
            content = file.read()
        try:
            read = read_report(content, zone=ZoneInfo(report.zone), near=report.session.day)
        except Refused as refusal:
            return _refuse(report, str(refusal), now or timezone.now())
        while report.is_being_read:
            report = _step(report, read, now or timezone.now())
    return report


def abandoned_reports(now: datetime) -> list[int]:
    """Reports that a worker began to read and has left, or that no worker was told of."""
    waiting = AttendanceReport.objects.being_read().filter(touched_at__lt=now - SILENCE)
    return list(waiting.values_list("pk", flat=True))


@transaction.atomic
def _step(report: AttendanceReport, read: Report, now: datetime) -> AttendanceReport:
    """Keep some more rows; with the last ones the report counts.

    Behind the session's lock: another worker at the same report, or at another of the session,
    waits, and goes on where this one stopped.
    """
    session = lock(report.session)
    report = AttendanceReport.objects.select_related("session", "uploaded_by").get(pk=report.pk)
    if not report.is_being_read:
        return report
    _keep_rows(report, read, report.done, report.done + STEP)
    report.total = len(read.rows)
    report.done = min(report.done + STEP, report.total)
    report.touched_at = now
    if report.done == report.total:
        _settle(session, report, read, now)
    report.save(
        update_fields=["status", "title", "meetings", "first_start", "total", "done", "touched_at"]
    )
    return report


def _settle(session: Session, report: AttendanceReport, read: Report, now: datetime) -> None:
    """From here on the report counts, and those it contains count no more."""
    zone = ZoneInfo(report.zone)
    joins = _joins_in(read, zone)
    standing = AttendanceReport.objects.standing().filter(session=session)
    replaced = [older.pk for older in standing if _joins_of(older) <= joins]
    AttendanceReport.objects.filter(pk__in=replaced).update(
        set_aside_at=now, set_aside_by=report.uploaded_by, replaced_by=report
    )
    report.status = ReportStatus.READ
    report.title = read.title[:300]
    report.meetings = list(read.meetings)
    report.first_start = read.meeting_starts[0] if read.meeting_starts else None
    audit.record(
        "attendance_report.read",
        report,
        actor=report.uploaded_by,
        now=now,
        session=session.pk,
        replaced=replaced,
        rows=len(read.rows),
        problems=len(read.problems),
    )


@transaction.atomic
def _refuse(report: AttendanceReport, why: str, now: datetime) -> AttendanceReport:
    lock(report.session)
    changed = (
        AttendanceReport.objects.being_read()
        .filter(pk=report.pk)
        .update(status=ReportStatus.REFUSED, refusal=why[:600], file="", touched_at=now)
    )
    if changed:
        audit.record("attendance_report.refused", report, actor=report.uploaded_by, now=now)
        storage, name = report.file.storage, str(report.file.name)
        transaction.on_commit(lambda: storage.delete(name), robust=True)
    return AttendanceReport.objects.get(pk=report.pk)


@transaction.atomic
def set_aside_report(
    *, report: AttendanceReport, actor: Person | None, now: datetime | None = None
) -> AttendanceReport:
    """A report counts no more; attendance noted from it stays until it is noted again.

    A second time changes nothing. Uploading the file again takes it back in.
    """
    now = now or timezone.now()
    changed = AttendanceReport.objects.filter(pk=report.pk, set_aside_at__isnull=True).update(
        set_aside_at=now, set_aside_by=actor
    )
    if changed:
        report.refresh_from_db()
        audit.record("attendance_report.set_aside", report, actor=actor, now=now)
    return report


def _joins_in(read: Report, zone: ZoneInfo) -> set[tuple[str, str]]:
    """Who joined when, as the report's clocks showed it; spreadsheets leave out the seconds."""
    return {
        (row.key, f"{row.joined_at.astimezone(zone):%Y-%m-%d %H:%M}")
        for row in read.readable
        if row.joined_at
    }


def _joins_of(report: AttendanceReport) -> set[tuple[str, str]]:
    rows = report.rows.filter(problem="").values_list("person__key", "joined_at")
    zone = ZoneInfo(report.zone)
    return {(key, f"{joined.astimezone(zone):%Y-%m-%d %H:%M}") for key, joined in rows if joined}


def _keep_rows(report: AttendanceReport, read: Report, start: int, end: int) -> None:
    """Some of the report's rows, and those of its people who were not in the session's before.

    Who somebody is called is what their first row says, wherever the step begins.
    """
    wanted = read.rows[start:end]
    known = ReportPerson.objects.filter(
        session=report.session, key__in={row.key for row in wanted if not row.problem}
    )
    people = {person.key: person for person in known}
    new = {
        row.key: ReportPerson(
            session=report.session,
            key=row.key,
            name=row.name,
            full_name=row.full_name,
            email=row.email,
        )
        for row in reversed(wanted)
        if not row.problem and row.key not in people
    }
    for person in ReportPerson.objects.bulk_create(reversed(new.values())):
        people[person.key] = person
    ReportRow.objects.bulk_create(
        ReportRow(
            report=report,
            person=None if row.problem else people[row.key],
            number=row.number,
            raw=row.raw,
            name=row.name,
            email=row.email,
            kind=row.kind,
            joined_at=row.joined_at,
            left_at=row.left_at,
            problem=row.problem,
        )
        for row in wanted
    )
