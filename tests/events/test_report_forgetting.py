"""A year after a session nothing is left of those in its reports who had no seat."""

from datetime import timedelta

import pytest

from events import services
from events.enums import Outcome
from events.models import Session
from events.report_models import AttendanceReport, ReportPerson, ReportRow
from events.report_selectors import results
from events.services.report_forgetting import forget_strangers
from lms.core import personal_data
from lms.core.exceptions import Refused
from tests.factories.events import make_seat, make_session
from tests.factories.people import make_person
from tests.factories.webex import note, report_of, take_in

pytestmark = pytest.mark.django_db

ANA = ("Ana Rivera", "ana@example.org", "09:58:00", "13:00:00")
GUEST = ("Gus Guest", "gus@example.org", "10:00:00", "12:00:00")
CALLER = ("Call-in User_3", "", "10:00:00", "12:30:00")


@pytest.fixture
def session() -> Session:
    session = make_session()
    make_seat(session, make_person("ana@example.org", name="Ana Rivera"))
    take_in(session, report_of(ANA, GUEST, CALLER))
    note(session)
    return session


def everything_kept() -> str:
    rows = [*ReportRow.objects.values_list("name", "email", "raw")]
    people = [*ReportPerson.objects.values_list("key", "name", "full_name", "email")]
    return str(rows + people)


def test_strangers_go_after_a_year_and_who_had_a_seat_stays(
    session: Session, django_capture_on_commit_callbacks: object
) -> None:
    report = AttendanceReport.objects.get()
    storage, name = report.file.storage, str(report.file.name)
    year = session.ends_at + timedelta(days=365)
    assert forget_strangers(year - timedelta(seconds=1)) == 0
    assert "gus@example.org" in everything_kept()
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        assert (
            personal_data.forget_by_age(year + timedelta(days=1))["events.attendance_reports"] == 2
        )
    left = everything_kept()
    assert "ana@example.org" in left
    for word in ("Gus", "gus", "Call-in"):
        assert word not in left
    assert not storage.exists(name)
    found = results(session)
    assert [seat.outcome for seat in found.seats] == [Outcome.ATTENDED]
    assert found.waiting == []
    with pytest.raises(Refused, match="not kept any more"):
        services.read_again(report=AttendanceReport.objects.get(), zone="UTC", actor=None)


def test_a_second_night_finds_nothing_more(session: Session) -> None:
    later = session.ends_at + timedelta(days=400)
    assert forget_strangers(later) == 2
    assert forget_strangers(later) == 0
