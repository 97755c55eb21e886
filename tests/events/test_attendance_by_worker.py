"""Reports read and noted by a worker: in steps, cut off and taken up again, never twice."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db.models import Count

from events import services
from events.enums import NotingStatus, Outcome, ReportStatus
from events.models import Attendance, Registration, Session
from events.report_models import AttendanceNoting, AttendanceReport, ReportOutcome, ReportRow
from events.report_selectors import results
from events.services import attendance_noting, attendance_reports
from events.tasks import work_abandoned_attendance
from lms.completions.models import Completion
from lms.core.exceptions import Refused
from tests.events.test_registrations import at_once
from tests.factories.events import make_session
from tests.factories.people import make_person
from tests.factories.webex import CURRENT, Told, as_file, note, report_of, take_in

pytestmark = pytest.mark.django_db

AFTER = datetime(2026, 7, 14, 20, tzinfo=UTC)


def people(session: Session, number: int) -> list[Told]:
    """So many people with seats, each three hours in the report."""
    told: list[Told] = []
    seats = []
    for n in range(number):
        person = make_person(f"p{n}-{session.pk}@example.org", name=f"Ana Number{n}")
        seats.append(Registration(session=session, person=person))
        told.append((f"Ana Number{n}", str(person.email), "10:00:00", "13:00:00"))
    Registration.objects.bulk_create(seats)
    return told


def uploaded(session: Session, *rows: Told) -> AttendanceReport:
    """Taken in, and no worker has come yet."""
    return services.take_in_report(
        session=session, content=report_of(*rows), name="a.csv", actor=None, now=AFTER
    )[0]


def ordered(session: Session) -> AttendanceNoting:
    session.refresh_from_db()
    return services.note_reports(session=session, actor=None, now=AFTER)


def code(error: pytest.ExceptionInfo[Refused]) -> str:
    return error.value.code


# --- reading -------------------------------------------------------------------------------------


def test_upload_reads_no_row_and_counts_for_nothing_yet() -> None:
    session = make_session()
    report = uploaded(session, *people(session, 2))
    assert (report.status, ReportRow.objects.count()) == (ReportStatus.READING, 0)
    assert results(session).reports == []
    with pytest.raises(Refused) as error:
        services.note_reports(session=session, actor=None, now=AFTER)
    assert code(error) == "being_read"


def test_worker_cut_off_in_the_middle_is_followed_by_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(attendance_reports, "STEP", 40)
    session = make_session(capacity=200)
    report = uploaded(session, *people(session, 100))
    with report.file.open("rb") as file:
        read = attendance_reports.read_report(file.read(), zone=session.zone_info)
    # The first worker does one step and is gone.
    report = attendance_reports._step(report, read, AFTER)
    assert (report.status, report.done, report.total) == (ReportStatus.READING, 40, 100)
    assert results(session).reports == []
    soon, later = AFTER + timedelta(seconds=90), AFTER + timedelta(minutes=3)
    assert services.abandoned_reports(soon) == []
    assert services.abandoned_reports(later) == [report.pk]
    report = services.work_report(report_id=report.pk)
    assert (report.status, report.done) == (ReportStatus.READ, 100)
    assert services.work_report(report_id=report.pk).status == ReportStatus.READ
    assert list(report.rows.values_list("number", flat=True)) == list(range(2, 102))
    assert {seat.minutes for seat in results(session).seats} == {180}


def test_somebody_whose_rows_lie_in_two_steps_is_one_person(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(attendance_reports, "STEP", 1)
    session = make_session()
    one = people(session, 1)[0]
    first, second = (*one[:2], "10:00:00", "11:00:00"), (*one[:2], "11:30:00", "13:00:00")
    [seat] = take_in(session, report_of(first, second)).results.seats
    assert (seat.minutes, len(seat.found)) == (150, 1)


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_one_report_keep_each_row_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attendance_reports, "STEP", 20)
    session = make_session(capacity=200)
    report = uploaded(session, *people(session, 100))
    AttendanceReport.objects.update(status=ReportStatus.READING, done=0)
    ReportRow.objects.all().delete()
    answers = at_once([lambda: services.work_report(report_id=report.pk).status] * 3)
    assert answers == [ReportStatus.READ] * 3
    assert ReportRow.objects.filter(report=report).count() == 100


def test_file_that_turns_out_to_be_no_report_says_why_and_is_not_kept() -> None:
    session = make_session()
    empty = as_file([CURRENT])
    found = take_in(session, empty, name="heading-only.csv").report
    assert (found.status, found.file.name) == (ReportStatus.REFUSED, "")
    assert found.refusal == "The report has a heading and no rows: nobody joined."
    assert services.abandoned_reports(AFTER + timedelta(days=1)) == []
    # Seen: the next upload takes its place, the same file is refused again.
    again = take_in(session, empty).report
    found.refresh_from_db()
    assert (again.status, found.set_aside_at is None) == (ReportStatus.REFUSED, False)


def test_report_taken_out_while_it_is_read_stays_out() -> None:
    session = make_session()
    report = uploaded(session, *people(session, 1))
    services.set_aside_report(report=report, actor=None)
    assert services.work_report(report_id=report.pk).status == ReportStatus.READING
    assert (results(session).reports, ReportRow.objects.count()) == ([], 0)


# --- noting --------------------------------------------------------------------------------------


def test_noting_cut_off_in_the_middle_is_taken_up_and_notes_nobody_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(attendance_noting, "STEP", 2)
    session = make_session()
    take_in(session, report_of(*people(session, 5)))
    noting = ordered(session)
    assert (noting.total, noting.done) == (5, 0)
    noting = attendance_noting._step(noting, AFTER)
    assert (noting.status, noting.done) == (NotingStatus.NOTING, 2)
    assert Completion.objects.count() == 2
    # Ordering again while it is under way is the same order.
    assert ordered(session) == noting
    assert services.abandoned_notings(AFTER + timedelta(minutes=3)) == [noting.pk]
    noting = services.work_noting(noting_id=noting.pk, now=AFTER)
    assert (noting.status, noting.done, noting.outcomes) == (
        NotingStatus.NOTED,
        5,
        {Outcome.ATTENDED: 5},
    )
    services.work_noting(noting_id=noting.pk, now=AFTER)
    rows = Attendance.objects.values("registration").annotate(rows=Count("pk"))
    assert [row["rows"] for row in rows] == [1] * 5
    assert (ReportOutcome.objects.count(), Completion.objects.count()) == (5, 5)


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_one_noting_note_everybody_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attendance_noting, "STEP", 2)
    session = make_session()
    take_in(session, report_of(*people(session, 7)))
    session.refresh_from_db()
    noting = AttendanceNoting.objects.create(session=session, total=7)
    answers = at_once([lambda: services.work_noting(noting_id=noting.pk, now=AFTER).status] * 3)
    assert answers == [NotingStatus.NOTED] * 3
    noting.refresh_from_db()
    assert (noting.done, Attendance.objects.count(), Completion.objects.count()) == (7, 7, 7)


def test_noting_stops_with_its_reason_when_the_report_is_taken_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(attendance_noting, "STEP", 1)
    session = make_session()
    content = report_of(*people(session, 3))
    report = take_in(session, content).report
    noting = attendance_noting._step(ordered(session), AFTER)
    services.set_aside_report(report=report, actor=None)
    noting = services.work_noting(noting_id=noting.pk, now=AFTER)
    assert (noting.status, noting.done) == (NotingStatus.STOPPED, 1)
    assert noting.problem == "Upload the attendance report first."
    # Nothing is lost: with the report back, another order notes the rest.
    take_in(session, content)
    assert note(session).done == 2
    assert Attendance.objects.count() == 3


def test_sweep_goes_on_with_what_no_worker_was_told_of() -> None:
    """Rolled-back tests commit nothing, so no doorbell rang."""
    session = make_session()
    report = uploaded(session, *people(session, 2))
    AttendanceReport.objects.update(touched_at=AFTER - timedelta(hours=1))
    work_abandoned_attendance()
    report.refresh_from_db()
    assert report.status == ReportStatus.READ
    noting = ordered(session)
    AttendanceNoting.objects.update(touched_at=AFTER - timedelta(hours=1))
    work_abandoned_attendance()
    noting.refresh_from_db()
    assert (noting.status, noting.done) == (NotingStatus.NOTED, 2)


def test_a_thousand_rows_cost_few_queries(django_assert_max_num_queries: object) -> None:
    """Reading asks the database by the step, not by the row."""
    session = make_session(capacity=2000)
    told = people(session, 20) + [(f"Guest {n}", "", "10:00:00", "11:00:00") for n in range(980)]
    report = uploaded(session, *told)
    with django_assert_max_num_queries(45):  # type: ignore[operator]
        services.work_report(report_id=report.pk)
    assert ReportRow.objects.count() == 1000
    assert note(session).outcomes == {Outcome.ATTENDED: 20}
