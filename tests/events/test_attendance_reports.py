"""Reports taken in and applied: rows, twice, together, in the wrong zone; minutes to completion."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from events import services
from events.enums import MatchedBy, Outcome, RowKind, RowProblem
from events.models import Attendance, Registration, Session
from events.report_models import AttendanceReport, ReportOutcome, ReportPerson, ReportRow
from events.report_selectors import Effect, Results, SeatResult, results
from lms.completions.models import Completion
from lms.core.exceptions import Refused
from lms.core.models import AuditEntry
from tests.factories.events import EARLIER, make_seat, make_session
from tests.factories.people import make_person
from tests.factories.webex import Told, line, note, report_of, sample, take_in

pytestmark = pytest.mark.django_db

NEW_YORK = ZoneInfo("America/New_York")


def refusal(call: Callable[..., Any], **arguments: Any) -> str:
    with pytest.raises(Refused) as caught, transaction.atomic():
        call(**arguments)
    return caught.value.code


def seat_for(session: Session, email: str, name: str = "Ana Rivera") -> Registration:
    return make_seat(session, make_person(email, name=name))


def of(found: Results, seat: Registration) -> SeatResult:
    return next(result for result in found.seats if result.registration == seat)


def newest(seat: Registration) -> Attendance:
    attendance = seat.attendances.last()
    assert attendance is not None
    return attendance


def counts() -> tuple[int, ...]:
    models = (AttendanceReport, ReportRow, ReportPerson, Attendance, ReportOutcome, Completion)
    return tuple(model.objects.count() for model in models)


def the_sample_session() -> Session:
    return make_session(day=date(2026, 7, 30), capacity=40)


THERE: Told = ("Ana Rivera", "ana@example.org", "9:58:00", "13:02:00")


# --- taking in ---------------------------------------------------------------------------------


def test_sample_report_is_taken_in_and_people_are_found() -> None:
    session = the_sample_session()
    amara = seat_for(session, "amara.okafor@agency-one.example.org", "Amara Okafor")
    luz = seat_for(session, "luz.reyes@agency-one.example.org", "Luz Reyes")
    deshawn = seat_for(session, "deshawn.carter@agency-two.example.org", "Deshawn Carter")
    lukasz = seat_for(session, "lukasz@elsewhere.example.org", "Łukasz Nowak")
    fatima = seat_for(session, "fatima@provider.example.org", "Fatima al-Sayed")
    absent = seat_for(session, "absent@example.org", "Nobody Came")
    imported = take_in(session, sample("current"))
    found = imported.results
    assert imported.created
    with imported.report.file.open() as kept:
        assert kept.read() == sample("current")
    told = {
        str(seat.registration.person): (seat.minutes, seat.outcome, seat.effect)
        for seat in found.seats
    }
    assert told == {
        str(amara.person): (180, Outcome.ATTENDED, Effect.NEW),
        str(luz.person): (169, Outcome.ATTENDED, Effect.NEW),
        str(deshawn.person): (179, Outcome.ATTENDED, Effect.NEW),
        str(lukasz.person): (100, Outcome.PARTIAL, Effect.NEW),
        str(fatima.person): (159, Outcome.PARTIAL, Effect.NEW),
        str(absent.person): (None, Outcome.NO_SHOW, Effect.ABSENT),
    }
    assert [str(person.person) for person in found.waiting] == [
        "mei",
        "Call-in User_3",
        "Sofía Peña",
    ]
    assert [person.kind for person in found.no_participants] == [RowKind.HOST]
    assert found.waiting[1].kind == RowKind.PHONE
    assert (found.problems, found.doubts, found.strangers) == ([], [], [])
    assert of(found, lukasz).how == ["By name"]
    assert (Attendance.objects.count(), Completion.objects.count()) == (0, 0)


def test_note_tells_the_arithmetic() -> None:
    session = the_sample_session()
    luz = seat_for(session, "luz.reyes@agency-one.example.org")
    amara = seat_for(session, "amara.okafor@agency-one.example.org")
    found = take_in(session, sample("current")).results
    assert of(found, luz).note == (
        "Joined 10:04 am, left 11:20 am, back 11:26 am, left 1:00 pm: 169 of 180 minutes "
        "(counted from 10:00 am to 1:00 pm); the rule asks for 160."
    )
    assert of(found, amara).note == (
        "Joined 9:55 am, left 1:02 pm: 180 of 180 minutes "
        "(counted from 10:00 am to 1:00 pm); the rule asks for 160."
    )


def test_coming_and_going_many_times_is_summed_up_within_the_notes_room() -> None:
    session = make_session()
    seat = seat_for(session, "ana@example.org")
    rows = [
        ("Ana Rivera", "ana@example.org", f"{hour}:{minute:02}:00", f"{hour}:{minute + 4:02}:30")
        for hour in (10, 11, 12)
        for minute in range(0, 60, 5)
        if minute + 4 < 60
    ]
    note = of(take_in(session, report_of(*rows)).results, seat).note
    assert note == (
        "Joined 10:00 am, left 10:04 am, back 35 more times, left for good 12:59 pm: "
        "162 of 180 minutes; the rule asks for 160."
    )


def test_same_file_twice_changes_nothing() -> None:
    session = make_session()
    seat_for(session, "ana@example.org")
    first = take_in(session, report_of(THERE))
    note(session)
    before, audits = counts(), AuditEntry.objects.count()
    again = take_in(session, report_of(THERE))
    assert (again.created, again.report) == (False, first.report)
    assert AuditEntry.objects.count() == audits
    assert note(session).done == 0
    assert counts() == before == (1, 1, 1, 1, 1, 1)


def test_database_holds_a_file_once_a_session() -> None:
    report = take_in(make_session(), report_of(THERE)).report
    with pytest.raises(IntegrityError, match="file_once"), transaction.atomic():
        AttendanceReport.objects.create(session=report.session, sha256=report.sha256, zone="UTC")


def test_database_wants_times_or_a_problem() -> None:
    row = take_in(make_session(), report_of(THERE)).report.rows.get()
    for wrong in ({"left_at": row.joined_at - timedelta(1)}, {"problem": RowProblem.NO_JOIN}):
        with pytest.raises(IntegrityError, match="times_or_problem"), transaction.atomic():
            ReportRow.objects.filter(pk=row.pk).update(**wrong)


def test_rows_that_cannot_be_read_are_kept_with_their_reason_and_the_rest_counts() -> None:
    session = make_session()
    seat = seat_for(session, "ana@example.org")
    bad = ("Luz Reyes", "luz@example.org", "soon", "11:00:00")
    found = take_in(session, report_of(bad, THERE)).results
    assert [(row.number, row.problem, row.name) for row in found.problems] == [
        (2, RowProblem.JOIN_UNREADABLE, "Luz Reyes")
    ]
    assert found.problems[0].raw["Join Time"] == "2026-07-14 soon"
    assert of(found, seat).minutes == 180


def test_cancelled_session_and_unknown_zone_take_no_report() -> None:
    session = make_session()
    assert (
        refusal(take_in, session=session, content=report_of(THERE), zone="Mars/Base")
        == "unknown_zone"
    )
    services.cancel_session(session=session, reason="Ill", actor=None, now=EARLIER)
    assert refusal(take_in, session=session, content=report_of(THERE)) == "cancelled"


def test_broken_file_leaves_nothing_behind() -> None:
    assert refusal(take_in, session=make_session(), content=b"\x81\x8d") == "not_text"
    assert counts() == (0,) * 6


# --- several reports -----------------------------------------------------------------------------


def test_meeting_that_was_started_twice_adds_up() -> None:
    session = make_session()
    seat = seat_for(session, "ana@example.org")
    take_in(session, report_of(("Ana", "ana@example.org", "10:00:00", "11:00:00")))
    second = report_of(
        ("Ana", "ana@example.org", "11:10:00", "12:50:00"), start="2026-07-14 11:08:00"
    )
    found = take_in(session, second).results
    assert len(found.reports) == 2
    assert of(found, seat).minutes == 160


def test_later_download_of_the_same_meeting_replaces_the_earlier() -> None:
    session = make_session()
    seat = seat_for(session, "ana@example.org")
    early = take_in(session, report_of(("Ana", "ana@example.org", "10:00:00", "11:00:00"))).report
    note(session)
    late = take_in(session, report_of(("Ana", "ana@example.org", "10:00:00", "12:50:00"), THERE))
    early.refresh_from_db()
    assert early.replaced_by == late.report
    assert of(late.results, seat).effect == Effect.CHANGED
    note(session)
    assert [row.outcome for row in seat.attendances.all()] == [Outcome.PARTIAL, Outcome.ATTENDED]
    assert Completion.objects.standing().count() == 1


def test_correction_downward_revokes_the_completion() -> None:
    session = make_session()
    seat = seat_for(session, "ana@example.org")
    wrong = take_in(session, report_of(THERE)).report
    note(session)
    services.set_aside_report(report=wrong, actor=None)
    services.set_aside_report(report=wrong, actor=None)
    assert AuditEntry.objects.filter(action="attendance_report.set_aside").count() == 1
    take_in(session, report_of(("Ana", "ana@example.org", "10:00:00", "11:00:00")))
    note(session)
    assert (newest(seat).outcome, newest(seat).minutes) == (Outcome.PARTIAL, 60)
    assert Completion.objects.standing().count() == 0


def test_file_saved_again_by_a_spreadsheet_replaces_itself() -> None:
    session = the_sample_session()
    take_in(session, sample("resaved"))
    found = take_in(session, sample("current")).results
    assert len(found.reports) == 1


def test_report_set_aside_can_be_uploaded_again() -> None:
    session = make_session()
    report = take_in(session, report_of(THERE)).report
    services.set_aside_report(report=report, actor=None)
    assert results(session).reports == []
    assert take_in(session, report_of(THERE)).created


# --- the zone ------------------------------------------------------------------------------------


@pytest.mark.parametrize("zone", ["America/Chicago", "America/Los_Angeles", "UTC"])
def test_wrong_zone_is_doubted_refused_and_mended_in_one_step(zone: str) -> None:
    session = make_session()
    seat = seat_for(session, "ana@example.org")
    imported = take_in(session, report_of(THERE), zone=zone)
    (doubt,) = imported.results.doubts
    assert doubt.zone == "America/New_York"
    if imported.results.overlaps:
        assert refusal(note, session=session) == "zone_in_doubt"
    again = services.read_again(report=imported.report, zone=doubt.zone, actor=None)
    services.work_report(report_id=again.pk)
    mended = results(session)
    assert mended.doubts == []
    assert [report.zone for report in mended.reports] == ["America/New_York"]
    assert of(mended, seat).minutes == 180


def test_zone_somebody_checked_is_taken() -> None:
    session = make_session()
    seat = seat_for(session, "ana@example.org")
    take_in(session, report_of(THERE), zone="America/Chicago")
    note(session, zone_checked=True)
    assert newest(seat).minutes == 122


def test_report_of_another_day_is_told_and_not_applied() -> None:
    session = make_session(day=date(2026, 7, 16))
    seat_for(session, "ana@example.org")
    imported = take_in(session, report_of(THERE))
    assert imported.results.strangers == [imported.report]
    assert refusal(note, session=session) == "no_overlap"
    assert Attendance.objects.count() == 0


# --- applying ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("left", "outcome", "minutes"),
    [("12:40:00", Outcome.ATTENDED, 160), ("12:39:59", Outcome.PARTIAL, 159)],
)
def test_the_rule_is_met_to_the_second(left: str, outcome: Outcome, minutes: int) -> None:
    session = make_session()
    seat = seat_for(session, "ana@example.org")
    take_in(session, report_of(("Ana", "ana@example.org", "10:00:00", left)))
    note(session)
    assert (newest(seat).outcome, newest(seat).minutes) == (outcome, minutes)
    assert Completion.objects.count() == (outcome == Outcome.ATTENDED)


def test_completion_says_when_somebody_was_there() -> None:
    session = make_session()
    seat = seat_for(session, "ana@example.org")
    take_in(session, report_of(THERE))
    noting = note(session)
    why = Completion.objects.get().evidence["why"]
    assert why == newest(seat).note
    assert why.startswith("Joined 9:58 am, left 1:02 pm: 180 of 180 minutes")
    decided = newest(seat).report_outcome
    assert (decided.matched_by, decided.seconds) == (MatchedBy.ADDRESS, 10_800)
    assert decided.intervals == [["2026-07-14T13:58:00+00:00", "2026-07-14T17:02:00+00:00"]]
    assert decided.counted == [["2026-07-14T14:00:00+00:00", "2026-07-14T17:00:00+00:00"]]
    assert noting.outcomes == {Outcome.ATTENDED: 1}


def test_from_what_a_decision_came_is_not_rewritten() -> None:
    session = make_session()
    seat_for(session, "ana@example.org")
    take_in(session, report_of(THERE))
    note(session)
    with pytest.raises(DatabaseError, match="keeps facts"), transaction.atomic():
        ReportOutcome.objects.update(seconds=1)


def test_absent_people_did_not_come_only_if_the_coordinator_says_so() -> None:
    session = make_session()
    seat_for(session, "ana@example.org")
    absent = seat_for(session, "absent@example.org", "Nobody Came")
    take_in(session, report_of(THERE))
    assert note(session, absent_are_no_shows=False).left_open == 1
    assert absent.attendances.count() == 0
    assert note(session).outcomes == {Outcome.NO_SHOW: 1}
    assert (newest(absent).outcome, newest(absent).minutes) == (Outcome.NO_SHOW, None)
    assert note(session).outcomes == {}


def test_somebody_whose_row_cannot_be_read_is_not_absent() -> None:
    session = make_session()
    by_address = seat_for(session, "luz@example.org", "Luz Reyes")
    by_name = seat_for(session, "mei@example.org", "Mei Chen")
    take_in(
        session,
        report_of(
            ("L.", "luz@example.org", "soon", "11:00:00"),
            ("Mei Chen", "", "10:00:00", ""),
            THERE,
        ),
    )
    assert {seat.effect for seat in results(session).seats} == {Effect.UNREADABLE}
    noting = note(session)
    assert (noting.outcomes, noting.left_open) == ({}, 2)
    assert by_address.attendances.count() == by_name.attendances.count() == 0


def test_what_was_noted_by_hand_stays_unless_told() -> None:
    session = make_session()
    here = seat_for(session, "ana@example.org")
    excused = seat_for(session, "ill@example.org", "Ill Today")
    late = session.ends_at + timedelta(hours=1)
    marks = [
        services.Mark(here, Outcome.PARTIAL, 20),
        services.Mark(excused, Outcome.EXCUSED),
    ]
    services.mark_many(session=session, marks=marks, actor=None, now=late)
    take_in(session, report_of(THERE))
    session.refresh_from_db()
    assert {seat.effect for seat in results(session).seats} == {Effect.BY_HAND}
    assert note(session).kept_by_hand == 2
    assert newest(here).outcome == Outcome.PARTIAL
    noting = note(session, replace_noted=True)
    assert (noting.outcomes, noting.kept_by_hand) == ({Outcome.ATTENDED: 1}, 1)
    assert (newest(here).minutes, newest(excused).outcome) == (180, Outcome.EXCUSED)


def test_being_there_outside_the_session_is_not_coming() -> None:
    session = make_session()
    seat = seat_for(session, "ana@example.org")
    early = ("Ana", "ana@example.org", "9:30:00", "9:59:00")
    take_in(session, report_of(early, ("Luz Reyes", "luz@example.org", "10:00:00", "13:00:00")))
    note(session)
    assert (newest(seat).outcome, newest(seat).minutes) == (Outcome.NO_SHOW, 0)
    assert newest(seat).note.startswith("Joined 9:30 am, left 9:59 am: 0 of 180 minutes")


def test_where_no_minutes_are_asked_being_there_is_enough() -> None:
    session = make_session(min_minutes=0)
    seat = seat_for(session, "ana@example.org")
    take_in(session, report_of(("Ana", "ana@example.org", "12:59:30", "13:00:00")))
    note(session)
    assert (newest(seat).outcome, newest(seat).minutes) == (Outcome.ATTENDED, 0)


def test_breakout_room_counts_once() -> None:
    session = make_session()
    seat = seat_for(session, "ana@example.org")
    day = "2026-07-14 "
    main = line(("Ana", "ana@example.org", day + "10:30:00", day + "12:10:00"))
    breakout = line(
        ("Ana", "ana@example.org", day + "11:00:00", day + "11:20:00"), room="Breakout 1"
    )
    assert of(take_in(session, report_of(main, breakout)).results, seat).minutes == 100


def test_nothing_is_applied_before_the_session_or_without_a_report() -> None:
    session = make_session()
    seat_for(session, "ana@example.org")
    call = services.note_reports
    arguments: dict[str, Any] = {"session": session, "actor": None}
    assert refusal(call, **arguments, now=session.ends_at) == "no_report"
    take_in(session, report_of(THERE))
    early = session.starts_at - timedelta(seconds=1)
    assert refusal(call, **arguments, now=early) == "not_started"
    assert (Attendance.objects.count(), ReportOutcome.objects.count()) == (0, 0)


def test_session_moved_after_the_import_is_held_to_its_new_time() -> None:
    session = make_session()
    seat = seat_for(session, "ana@example.org")
    there = ("Ana", "ana@example.org", "10:00:00", "13:00:00")
    assert of(take_in(session, report_of(there)).results, seat).minutes == 180
    session = services.reschedule_session(
        session=session,
        day=session.day,
        start=time(10, 45),
        end=time(13, 45),
        actor=None,
        now=EARLIER,
    )
    moved = of(results(session), seat)
    assert (moved.minutes, moved.outcome) == (135, Outcome.PARTIAL)
    note(session)
    assert newest(seat).minutes == 135


@pytest.mark.parametrize("day", [date(2026, 3, 10), date(2026, 11, 3)])
def test_weeks_of_the_clock_changes_come_to_the_same_minutes(day: date) -> None:
    session = make_session(day=day, now=datetime(2026, 1, 5, tzinfo=NEW_YORK))
    seat = make_seat(
        session, make_person("ana@example.org"), now=datetime(2026, 1, 6, tzinfo=NEW_YORK)
    )
    there = ("Ana", "ana@example.org", f"{day} 09:58:00", f"{day} 12:40:00")
    found = take_in(session, report_of(there, start=f"{day} 09:58:00")).results
    assert (of(found, seat).minutes, found.doubts) == (160, [])


def test_seat_given_back_is_left_out_and_one_taken_meanwhile_is_found() -> None:
    session = make_session()
    gone = seat_for(session, "ana@example.org")
    take_in(session, report_of(THERE, ("Luz", "luz@example.org", "10:00:00", "13:00:00")))
    services.cancel_registration(registration=gone, actor=None, now=EARLIER)
    late = seat_for(session, "luz@example.org", "Luz Reyes")
    found = results(session)
    assert [seat.registration for seat in found.seats] == [late]
    assert [person.person.email for person in found.waiting] == ["ana@example.org"]


def test_cost_does_not_grow_with_people(django_assert_num_queries: Any) -> None:
    for people in (1, 3):
        session = make_session()
        rows = []
        for number in range(people):
            seat = seat_for(session, f"p{number}-{people}@example.org", f"Ana {number}")
            rows.append((f"Ana {number}", seat.person.email, "10:00:00", "13:00:00"))
        take_in(session, report_of(*rows, ("Guest", "", "10:00:00", "11:00:00")))
        with django_assert_num_queries(9):
            found = results(session)
            assert len(found.seats) == people
            assert len(found.waiting) == 1
