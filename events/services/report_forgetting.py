"""What attendance reports say of people without a seat is kept for a year after the session."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from events.models import Session
from events.report_models import AttendanceReport, ReportPerson, ReportRow
from events.report_selectors import results
from lms.core import audit
from lms.core.locking import lock

KEPT = timedelta(days=365)
# A few sessions a night: each is put together once more to tell who of its people has a seat.
AT_ONCE = 50


def forget_strangers(now: datetime) -> int:
    """Forget guests and callers of sessions over for a year, with the files; how many people.

    Whoever has a seat stays, as their minutes are what a completion rests on. Run again, it finds
    nothing more.
    """
    kept = AttendanceReport.objects.filter(~Q(file=""), session__ends_at__lt=now - KEPT)
    due = Session.objects.filter(pk__in=kept.values("session")).order_by("ends_at")[:AT_ONCE]
    return sum(_forget_in(session, now) for session in due)


@transaction.atomic
def _forget_in(session: Session, now: datetime) -> int:
    session = lock(session)
    strangers = [found.person.pk for found in results(session).people if not found.seats]
    for person in ReportPerson.objects.filter(pk__in=strangers):
        # The key is made of name and address.
        person.key = f"forgotten-{person.pk}"
        person.name = person.full_name = person.email = ""
        person.set_aside_at = person.set_aside_at or now
        person.save(update_fields=["key", "name", "full_name", "email", "set_aside_at"])
    ReportRow.objects.filter(person__in=strangers).update(name="", email="")
    ReportRow.objects.filter(report__session=session).update(raw={})
    unread = ReportRow.objects.filter(report__session=session, person__isnull=True)
    unread.update(name="", email="")
    reports = AttendanceReport.objects.filter(~Q(file=""), session=session)
    for report in reports:
        storage, name = report.file.storage, str(report.file.name)
        transaction.on_commit(lambda s=storage, n=name: s.delete(n), robust=True)  # type: ignore[misc]
    reports.update(file="")
    audit.record(
        "attendance_reports.forgotten", session, actor=None, now=now, people=len(strangers)
    )
    return len(strangers)
