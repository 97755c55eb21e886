"""Attendance reports: taken in, set aside, and applied to people's attendance."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from zoneinfo import ZoneInfo

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from events.attendance_report import ZONES, Report, read_report
from events.enums import Outcome
from events.models import Attendance, Session
from events.report_models import AttendanceReport, ReportOutcome, ReportPerson, ReportRow
from events.report_selectors import Effect, Results, SeatResult, results
from events.services.attendance import Mark, mark_many
from lms.core import audit
from lms.core.exceptions import Refused
from lms.core.locking import lock
from lms.people.models import Person


@dataclass(frozen=True)
class Imported:
    """What taking in a file led to; in a dry run, what it would lead to (then `report` is gone)."""

    report: AttendanceReport
    created: bool
    results: Results


@dataclass(frozen=True)
class Applied:
    """What applying reports noted, and what it left alone."""

    noted: "Counter[Outcome]"
    unchanged: int
    kept_by_hand: int
    left_open: int
    waiting: int


def import_report(
    *,
    session: Session,
    content: bytes,
    name: str,
    zone: str = "America/New_York",
    actor: Person | None,
    now: datetime | None = None,
    dry_run: bool = False,
) -> Imported:
    """Take in a downloaded report of the session's meeting, its times read in `zone`.

    Nobody's attendance is noted yet. The same file again changes nothing; in another zone it
    replaces what it was read as before. A report with all the joins of an earlier one (the same
    meeting, downloaded later) replaces it; other reports add up. With `dry_run` everything is
    computed and nothing kept. Raises Refused for a cancelled session, an unknown zone, and a file
    that is no report (see attendance_report.table.read_table).
    """
    now = now or timezone.now()
    if zone not in dict(ZONES):
        raise Refused(_("Choose one of the time zones of the list."), code="unknown_zone")
    with transaction.atomic():
        read = read_report(content, zone=ZoneInfo(zone), near=session.day)
        locked = lock(session)
        if locked.is_cancelled:
            raise Refused(_("This session was cancelled."), code="cancelled")
        digest = sha256(content).hexdigest()
        standing = list(AttendanceReport.objects.standing().filter(session=locked))
        known = next((report for report in standing if report.sha256 == digest), None)
        if known and known.zone == zone:
            return Imported(known, created=False, results=results(locked))
        replaced = [
            older.pk
            for older in standing
            if older == known or _joins_of(older) <= _joins_in(read, ZoneInfo(zone))
        ]
        AttendanceReport.objects.filter(pk__in=replaced).update(
            set_aside_at=now, set_aside_by=actor
        )
        report = AttendanceReport.objects.create(
            session=locked,
            sha256=digest,
            name=name[-200:],
            title=read.title[:300],
            zone=zone,
            meetings=list(read.meetings),
            first_start=read.meeting_starts[0] if read.meeting_starts else None,
            uploaded_by=actor,
            uploaded_at=now,
        )
        AttendanceReport.objects.filter(pk__in=replaced).update(replaced_by=report)
        _keep_rows(report, read)
        imported = Imported(report, created=True, results=results(locked))
        if dry_run:
            transaction.set_rollback(True)
            return imported
        audit.record(
            "attendance_report.imported",
            report,
            actor=actor,
            now=now,
            session=session.pk,
            zone=zone,
            replaced=replaced,
            rows=len(read.rows),
            problems=len(read.problems),
        )
        # Written last: a file outlives a transaction that is taken back.
        report.file.save(f"attendance/{session.pk}/{digest}.csv", ContentFile(content))
        return imported


def read_again(
    *, report: AttendanceReport, zone: str, actor: Person | None, now: datetime | None = None
) -> Imported:
    """Read a report's file in another zone; see `import_report`."""
    with report.file.open("rb") as file:
        content = file.read()
    return import_report(
        session=report.session, content=content, name=report.name, zone=zone, actor=actor, now=now
    )


@transaction.atomic
def set_aside_report(
    *, report: AttendanceReport, actor: Person | None, now: datetime | None = None
) -> AttendanceReport:
    """A report counts no more; attendance noted from it stays until reports are applied again.

    A second time changes nothing. Uploading the file again takes it back in.
    """
    now = now or timezone.now()
    changed = (
        AttendanceReport.objects.standing()
        .filter(pk=report.pk)
        .update(set_aside_at=now, set_aside_by=actor)
    )
    if changed:
        report.refresh_from_db()
        audit.record("attendance_report.set_aside", report, actor=actor, now=now)
    return report


@transaction.atomic
def apply_reports(
    *,
    session: Session,
    actor: Person | None,
    absent_are_no_shows: bool = True,
    replace_noted: bool = False,
    zone_checked: bool = False,
    now: datetime | None = None,
) -> Applied:
    """Note what the session's reports come to, for everybody registered who was found in them.

    Completions and certificates follow as from any attendance. With `absent_are_no_shows` those
    registered and in no report did not come, unless a row of theirs cannot be read. What somebody
    noted by hand stays, unless `replace_noted` and the person is in a report; what earlier reports
    said is corrected. Applying again changes nothing. Raises Refused: without a report, when nobody
    was there during the session, when the zone is in doubt and not `zone_checked`, before the
    session's start.
    """
    now = now or timezone.now()
    found = results(session)
    _refuse_unless_plain(found, zone_checked=zone_checked)
    chosen = [
        seat
        for seat in found.seats
        if _is_to_note(seat, absent_are_no_shows=absent_are_no_shows, replace_noted=replace_noted)
    ]
    marks = [Mark(seat.registration, seat.outcome, seat.minutes, seat.note) for seat in chosen]
    attendances = mark_many(session=session, marks=marks, actor=actor, now=now)
    ReportOutcome.objects.bulk_create(
        [
            _outcome(attendance, seat, found.reports)
            for attendance, seat in zip(attendances, chosen, strict=True)
        ],
        # Another coordinator pressed the same button: their rows say the same.
        ignore_conflicts=True,
    )
    applied = Applied(
        noted=Counter(seat.outcome for seat in chosen),
        unchanged=found.count(Effect.SAME),
        kept_by_hand=sum(
            seat.effect == Effect.BY_HAND and seat not in chosen for seat in found.seats
        ),
        left_open=sum(
            seat.newest is None and seat.is_absent and seat not in chosen for seat in found.seats
        ),
        waiting=len(found.waiting),
    )
    audit.record(
        "attendance_reports.applied",
        session,
        actor=actor,
        now=now,
        reports=[report.pk for report in found.reports],
        noted=len(chosen),
        waiting=applied.waiting,
    )
    return applied


def _refuse_unless_plain(found: Results, *, zone_checked: bool) -> None:
    if not found.reports:
        raise Refused(_("Upload the attendance report first."), code="no_report")
    if not found.overlaps:
        raise Refused(
            _(
                "Nobody in the report was there during the session. Is it the report of this "
                "session, and is its time zone right?"
            ),
            code="no_overlap",
        )
    if found.doubts and not zone_checked:
        raise Refused(
            _("The report seems to be in another time zone. Look at that first."),
            code="zone_in_doubt",
        )


def _is_to_note(seat: SeatResult, *, absent_are_no_shows: bool, replace_noted: bool) -> bool:
    if seat.effect in (Effect.SAME, Effect.UNREADABLE):
        return False
    if seat.effect == Effect.BY_HAND:
        return replace_noted and not seat.is_absent
    return absent_are_no_shows or not seat.is_absent


def _outcome(
    attendance: Attendance, seat: SeatResult, reports: list[AttendanceReport]
) -> ReportOutcome:
    """What in the reports a decision rests on."""
    return ReportOutcome(
        attendance=attendance,
        matched_by=seat.found[0][1] if seat.found else "",
        reports=[report.pk for report in reports],
        intervals=[
            [span.start.isoformat(), span.end.isoformat()] for span in seat.presence.intervals
        ],
        counted=[[span.start.isoformat(), span.end.isoformat()] for span in seat.presence.counted],
        seconds=seat.presence.seconds,
    )


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


def _keep_rows(report: AttendanceReport, read: Report) -> None:
    """The report's rows, and the people in them who were not in another report of the session."""
    people = {person.key: person for person in ReportPerson.objects.filter(session=report.session)}
    new = {
        row.key: ReportPerson(
            session=report.session,
            key=row.key,
            name=row.name,
            full_name=row.full_name,
            email=row.email,
        )
        for row in reversed(read.readable)
        if row.key not in people
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
        for row in read.rows
    )
