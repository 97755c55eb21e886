"""Noting what a session's reports come to: ordered by a person, done by a worker in steps."""

import logging
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from events.enums import NotingStatus
from events.models import Attendance, Session
from events.report_models import AttendanceNoting, AttendanceReport, ReportOutcome
from events.report_selectors import Effect, Results, SeatResult, results
from events.services.attendance import Mark, begin, mark_many
from events.services.attendance_reports import SILENCE
from lms.core import audit
from lms.core.exceptions import Refused
from lms.core.locking import lock
from lms.people.models import Person

logger = logging.getLogger("events.attendance")

# People noted in one transaction. What the reports come to is put together anew for each step.
STEP = 200


@transaction.atomic
def note_reports(
    *,
    session: Session,
    actor: Person | None,
    absent_are_no_shows: bool = True,
    replace_noted: bool = False,
    zone_checked: bool = False,
    now: datetime | None = None,
) -> AttendanceNoting:
    """Have noted what the session's reports come to, for everybody registered who is in them.

    Completions and certificates follow as from any attendance. With `absent_are_no_shows` those
    registered and in no report did not come, unless a row of theirs cannot be read. What somebody
    noted by hand stays, unless `replace_noted` and the person is in a report; what earlier reports
    said is corrected. A worker does it (`work_noting`); while one is at it, ordering again changes
    nothing. Raises Refused: while a report is being read, without a report, when nobody was there
    during the session, when the zone is in doubt and not `zone_checked`, before the session's
    start.
    """
    now = now or timezone.now()
    locked = lock(session)
    going = AttendanceNoting.objects.filter(session=locked, status=NotingStatus.NOTING).first()
    if going:
        return going
    if AttendanceReport.objects.being_read().filter(session=locked).exists():
        raise Refused(
            _("A report is still being read. Look at what it comes to first."), code="being_read"
        )
    found = results(locked)
    _refuse_unless_plain(found, zone_checked=zone_checked)
    begin(locked, actor=actor, now=now)
    noting = AttendanceNoting.objects.create(
        session=locked,
        absent_are_no_shows=absent_are_no_shows,
        replace_noted=replace_noted,
        zone_checked=zone_checked,
        asked_by=actor,
        asked_at=now,
        touched_at=now,
    )
    noting.total = len(_to_note(found, noting))
    noting.save(update_fields=["total"])
    audit.record(
        "attendance_reports.to_note",
        session,
        actor=actor,
        now=now,
        reports=[report.pk for report in found.reports],
        people=noting.total,
        waiting=len(found.waiting),
    )
    transaction.on_commit(lambda: _ring(noting.pk), robust=True)
    return noting


def _ring(noting_id: int) -> None:
    """Call a worker; a dead broker costs only time, since the sweep finds what waits."""
    from events.tasks import note_attendance  # noqa: PLC0415 - tasks import services

    try:
        note_attendance.delay(noting_id)
    except Exception:
        logger.exception("The doorbell for noting %s did not ring", noting_id)


def work_noting(*, noting_id: int, now: datetime | None = None) -> AttendanceNoting:
    """Note it to the end; a worker's job, safe to run twice and to take up again.

    Not atomic on purpose: each step is, and what is done stays done. It stops where the reports
    were taken out, or the session's rows refuse it.
    """
    noting = AttendanceNoting.objects.select_related("session", "asked_by").get(pk=noting_id)
    with translation.override(settings.LANGUAGE_CODE):
        while noting.is_going_on:
            moment = now or timezone.now()
            try:
                noting = _step(noting, moment)
            except Refused as refusal:
                noting = _stop(noting, str(refusal), moment)
    return noting


def abandoned_notings(now: datetime) -> list[int]:
    """Orders that a worker began and has left, or that no worker was told of."""
    waiting = AttendanceNoting.objects.filter(
        status=NotingStatus.NOTING, touched_at__lt=now - SILENCE
    )
    return list(waiting.values_list("pk", flat=True))


@transaction.atomic
def _step(noting: AttendanceNoting, now: datetime) -> AttendanceNoting:
    """Note some more people; behind the session's lock, so that a second worker waits.

    Whoever was noted already comes to the same and is left alone: nothing is noted twice.
    """
    session = lock(noting.session)
    noting = AttendanceNoting.objects.select_related("session", "asked_by").get(pk=noting.pk)
    if not noting.is_going_on:
        return noting
    found = results(session)
    _refuse_unless_plain(found, zone_checked=noting.zone_checked)
    left = _to_note(found, noting)
    chosen = left[:STEP]
    marks = [
        Mark(seat.registration, seat.outcome, seat.minutes, seat.note, seat.late) for seat in chosen
    ]
    attendances = mark_many(session=session, marks=marks, actor=noting.asked_by, now=now)
    ReportOutcome.objects.bulk_create(
        _outcome(attendance, seat, found.reports)
        for attendance, seat in zip(attendances, chosen, strict=True)
    )
    for seat in chosen:
        noting.outcomes[seat.outcome] = noting.outcomes.get(seat.outcome, 0) + 1
    noting.done += len(chosen)
    noting.touched_at = now
    if len(left) == len(chosen):
        noting.total = noting.done
        noting.status = NotingStatus.NOTED
        noting.kept_by_hand = found.count(Effect.BY_HAND) - sum(
            seat.effect == Effect.BY_HAND for seat in chosen
        )
        noting.left_open = sum(
            seat.newest is None and seat.is_absent and seat not in chosen for seat in found.seats
        )
        audit.record(
            "attendance_reports.noted",
            session,
            actor=noting.asked_by,
            now=now,
            reports=[report.pk for report in found.reports],
            noted=noting.done,
            waiting=len(found.waiting),
        )
    noting.save()
    return noting


@transaction.atomic
def _stop(noting: AttendanceNoting, why: str, now: datetime) -> AttendanceNoting:
    lock(noting.session)
    stopped = {"status": NotingStatus.STOPPED, "problem": why[:600], "touched_at": now}
    AttendanceNoting.objects.filter(pk=noting.pk, status=NotingStatus.NOTING).update(**stopped)
    return AttendanceNoting.objects.select_related("session").get(pk=noting.pk)


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


def _to_note(found: Results, order: AttendanceNoting) -> list[SeatResult]:
    return [seat for seat in found.seats if _is_to_note(seat, order)]


def _is_to_note(seat: SeatResult, order: AttendanceNoting) -> bool:
    if seat.effect in (Effect.SAME, Effect.UNREADABLE, Effect.CHECKED_IN):
        return False
    if seat.effect == Effect.BY_HAND:
        return order.replace_noted and not seat.is_absent
    return order.absent_are_no_shows or not seat.is_absent


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
