"""Attendance asked of Webex: the same road as an uploaded report, to the same minutes."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from events import services
from events.enums import Outcome
from events.models import Session
from events.report_models import AttendanceReport
from events.report_selectors import results
from events.services import webex as service
from events.services.webex_attendance import fetch_due
from events.webex_models import WebexMeeting
from lms.core.exceptions import Refused
from tests.factories.events import EARLIER, make_seat, make_session
from tests.factories.people import make_person
from tests.factories.webex import note, read_all
from tests.webex_server import Failure, State

pytestmark = pytest.mark.django_db

# 10 am to 1 pm in New York on 14 July 2026.
STARTS, ENDS = datetime(2026, 7, 14, 14, tzinfo=UTC), datetime(2026, 7, 14, 17, tzinfo=UTC)
AFTER = ENDS + timedelta(minutes=20)


def held(state: State, *people: dict[str, Any], start: datetime = STARTS) -> None:
    [meeting] = state.meetings.values()
    state.hold(meeting["id"], list(people), start=start.isoformat(), end=ENDS.isoformat())


def there(email: str, *spans: tuple[int, int], **more: Any) -> dict[str, Any]:
    """Somebody with a join for each (from, until) in minutes after the start."""
    joins = [
        {
            "joinedTime": (STARTS + timedelta(minutes=start)).strftime("%Y-%m-%dT%H:%M:%S.000Z"),
            "leftTime": (STARTS + timedelta(minutes=end)).strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        }
        for start, end in spans
    ]
    return {"email": email, "displayName": email.partition("@")[0], "devices": joins, **more}


@pytest.fixture
def session(webex: State) -> Session:
    made = make_session(join_url="")
    service.settle(made.pk, now=EARLIER)
    made.refresh_from_db()
    return made


def test_minutes_come_from_joins_and_leaves(webex: State, session: Session) -> None:
    """Two devices at once count once; what lies before the start does not count."""
    seat = make_seat(session, make_person(email="ana@example.org"))
    make_seat(session, make_person(email="ben@example.org"))
    held(
        webex,
        there("Ana@example.org", (-10, 100), (60, 170)),
        there("ben@example.org", (0, 40)),
        there("host@example.org", (-20, 180), host=True),
    )
    _report, is_new = services.fetch_webex_attendance(session=session, actor=None, now=AFTER)
    assert is_new
    read_all()
    note(session)
    newest = {row.registration_id: row for row in seat.attendances.model.objects.all()}
    assert newest[seat.pk].minutes == 170
    assert newest[seat.pk].outcome == Outcome.ATTENDED
    assert sorted(row.minutes for row in newest.values()) == [40, 170]


def test_a_restarted_meeting_adds_up(webex: State, session: Session) -> None:
    make_seat(session, make_person(email="ana@example.org"))
    held(webex, there("ana@example.org", (0, 80)))
    held(webex, there("ana@example.org", (90, 180)), start=STARTS + timedelta(minutes=85))
    services.fetch_webex_attendance(session=session, actor=None, now=AFTER)
    read_all()
    [seat] = results(session).seats
    assert seat.minutes == 170


def test_the_same_answer_twice_is_one_report(webex: State, session: Session) -> None:
    held(webex, there("ana@example.org", (0, 180)))
    services.fetch_webex_attendance(session=session, actor=None, now=AFTER)
    _report, is_new = services.fetch_webex_attendance(session=session, actor=None, now=AFTER)
    assert not is_new
    assert AttendanceReport.objects.count() == 1


def test_a_late_correction_takes_the_place_of_the_first_answer(
    webex: State, session: Session
) -> None:
    held(webex, there("ana@example.org", (0, 100)))
    assert fetch_due(now=AFTER) == 1
    read_all()
    assert fetch_due(now=AFTER + timedelta(hours=1)) == 0
    [instance] = webex.participants
    webex.participants[instance].append(there("ben@example.org", (0, 180)))
    assert fetch_due(now=ENDS + timedelta(hours=25)) == 1
    assert fetch_due(now=ENDS + timedelta(hours=26)) == 0
    read_all()
    assert AttendanceReport.objects.standing().count() == 1


def test_somebody_still_there_is_a_row_with_its_reason(webex: State, session: Session) -> None:
    still = there("ana@example.org", (0, 10))
    still["devices"][0]["leftTime"] = "1970-01-01T00:00:00.000Z"
    held(webex, still)
    report, _is_new = services.fetch_webex_attendance(session=session, actor=None, now=AFTER)
    read_all()
    assert report.rows.get().problem == "no_leave"


def test_what_webex_does_not_tell_is_said(webex: State, session: Session) -> None:
    with pytest.raises(Refused, match="knows of nobody"):
        services.fetch_webex_attendance(session=session, actor=None, now=AFTER)
    webex.failures.append(Failure(500))
    assert fetch_due(now=AFTER) == 0
    assert "did not tell" in WebexMeeting.objects.get().attendance_error
    held(webex, there("ana@example.org", (0, 180)))
    assert fetch_due(now=AFTER + timedelta(minutes=10)) == 1
    assert WebexMeeting.objects.get().attendance_error == ""


def test_nothing_is_asked_before_the_end_or_long_after(webex: State, session: Session) -> None:
    held(webex, there("ana@example.org", (0, 180)))
    called = len(webex.calls)
    assert fetch_due(now=ENDS + timedelta(minutes=5)) == 0
    assert fetch_due(now=ENDS + timedelta(days=8)) == 0
    assert len(webex.calls) == called
    with pytest.raises(Refused, match="not over yet"):
        services.fetch_webex_attendance(session=session, actor=None, now=STARTS)


def test_a_session_without_a_meeting_there_is_uploaded_as_before(webex: State) -> None:
    elsewhere = make_session(platform="Borough Hall")
    with pytest.raises(Refused, match="Upload the report"):
        services.fetch_webex_attendance(session=elsewhere, actor=None, now=AFTER)
