"""A rule in percent of the length, joining too late, and the code typed just after the end."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from events import services
from events.attendance_report import Rule
from events.attendance_report.rule import minutes_of
from events.enums import Outcome
from events.models import Attendance, Registration, Session
from events.report_selectors import results
from lms.core.exceptions import Refused
from lms.people.enums import Role
from tests.factories.events import EARLIER, make_coming_session, make_seat, make_session
from tests.factories.people import make_person, make_with_role
from tests.factories.webex import note, report_of, take_in

pytestmark = pytest.mark.django_db


def seat_in(session: Session) -> Registration:
    return make_seat(session, make_person("ana@example.org", name="José Rivera"))


@pytest.mark.parametrize(
    ("percent", "planned", "minutes"), [(80, 180, 144), (85, 50, 43), (100, 61, 61), (1, 50, 1)]
)
def test_percent_is_rounded_up(percent: int, planned: int, minutes: int) -> None:
    assert minutes_of(percent, planned) == minutes


def test_percent_follows_the_length_when_the_session_moves() -> None:
    session = make_session(min_minutes=0, min_percent=80)
    assert (session.min_minutes, session.planned_minutes) == (144, 180)
    moved = services.reschedule_session(
        session=session,
        day=session.day,
        start=session.start_time,
        end=session.end_time.replace(hour=12),
        actor=None,
        now=EARLIER,
    )
    assert (moved.min_minutes, moved.planned_minutes) == (96, 120)
    moved.refresh_from_db()
    assert moved.min_minutes == 96
    back = services.change_details(
        session=moved, min_percent=None, min_minutes=100, actor=None, now=EARLIER
    )
    back.refresh_from_db()
    assert (back.min_percent, back.min_minutes) == (None, 100)


def test_same_percent_again_changes_nothing_even_after_the_start() -> None:
    session = make_session(min_minutes=0, min_percent=80)
    later = session.starts_at + timedelta(minutes=5)
    services.change_details(session=session, min_percent=80, min_minutes=0, actor=None, now=later)
    with pytest.raises(Refused, match="stays as it was"):
        services.change_details(session=session, min_percent=70, actor=None, now=later)
    with pytest.raises(Refused, match="stays as it was"):
        services.change_details(session=session, grace_minutes=5, actor=None, now=later)


def test_database_keeps_percent_in_range_and_late_ones_from_attending() -> None:
    session = make_session()
    with pytest.raises(IntegrityError, match="percent_in_range"), transaction.atomic():
        Session.objects.filter(pk=session.pk).update(min_percent=101)
    seat = make_seat(session)
    with pytest.raises(IntegrityError, match="came_in_time"), transaction.atomic():
        Attendance.objects.create(
            registration=seat, outcome=Outcome.ATTENDED, minutes=180, planned_minutes=180,
            min_minutes=160, came_late=True, note="x",
        )  # fmt: skip


def test_grace_in_words() -> None:
    rule = Rule(160, grace=10)
    assert rule.is_met(165, has_code=False, late=10)
    assert not rule.is_met(165, has_code=False, late=11)
    assert rule.in_words(165, has_code=False, late=10) == "; the rule asks for 160."
    assert rule.in_words(165, has_code=False, late=11).endswith(
        "160. Joined 11 minutes after the start; the rule asks to join within 10."
    )
    assert Rule(160).is_met(165, has_code=False, late=170)


@pytest.mark.parametrize(
    ("joined", "outcome"),
    [("10:10:59", Outcome.ATTENDED), ("10:11:00", Outcome.PARTIAL), ("09:50:00", Outcome.ATTENDED)],
)
def test_report_holds_to_the_minute_of_grace(joined: str, outcome: Outcome) -> None:
    session = make_session(min_minutes=150, grace_minutes=10)
    seat = seat_in(session)
    take_in(session, report_of(("José Rivera", "ana@example.org", joined, "13:00:00")))
    (found,) = results(session).seats
    assert found.outcome == outcome
    note(session)
    attendance = seat.attendances.get()
    assert attendance.outcome == outcome
    assert attendance.came_late == (outcome == Outcome.PARTIAL)
    assert ("Joined 11 minutes after the start" in attendance.note) == attendance.came_late
    note(session)
    assert seat.attendances.count() == 1


def test_office_that_saw_somebody_may_say_otherwise() -> None:
    session = make_session(min_minutes=150, grace_minutes=10)
    seat = seat_in(session)
    take_in(session, report_of(("José Rivera", "ana@example.org", "10:20:00", "13:00:00")))
    note(session)
    after = session.ends_at + timedelta(hours=1)
    services.mark_attendance(
        registration=seat, outcome=Outcome.ATTENDED, minutes=160, actor=None, now=after
    )
    newest = seat.attendances.last()
    assert newest
    assert (newest.outcome, newest.came_late) == (Outcome.ATTENDED, False)


def test_rule_is_said_before_anybody_registers(client: Client) -> None:
    session = make_coming_session(min_minutes=0, min_percent=80, grace_minutes=10)
    page = client.get(reverse("events:session", args=[session.pk])).content.decode()
    assert (
        "Be there for at least 144 minutes. Join at the latest 10 minutes after the start" in page
    )


def test_desk_takes_minutes_or_percent(client: Client) -> None:
    session = make_coming_session(min_minutes=150)
    office = session.training.owner
    client.force_login(make_with_role(Role.COORDINATOR, office))
    address = reverse("desk_sessions:details", args=[session.pk])
    form = client.get(address).context["form"]
    given = {name: value for name, value in form.initial.items() if value not in (None, False)}
    both = client.post(address, {**given, "min_percent": 80})
    assert "Give minutes or percent, not both." in both.content.decode()
    client.post(address, {**given, "min_minutes": "", "min_percent": 80, "grace_minutes": 5})
    session.refresh_from_db()
    assert (session.min_minutes, session.min_percent, session.grace_minutes) == (144, 80, 5)
    page = client.get(address).context["form"]
    assert (page.initial["min_minutes"], page.initial["min_percent"]) == (None, 80)


def test_code_is_taken_a_quarter_of_an_hour_after_the_end_and_no_longer() -> None:
    session = make_session(check_in_code="LANTERN", code_asked=True)
    early, late = seat_in(session), make_seat(session)
    end = session.ends_at
    services.check_in(
        registration=early, code="lantern", actor=None, now=end + timedelta(minutes=14)
    )
    with pytest.raises(Refused, match="over"):
        services.check_in(
            registration=late, code="lantern", actor=None, now=end + timedelta(minutes=15)
        )


def test_guessing_the_code_ends_after_ten_tries(client: Client) -> None:
    now = timezone.now()
    session = make_coming_session(check_in_code="LANTERN", code_asked=True)
    seat = make_seat(session, now=now)
    Session.objects.filter(pk=session.pk).update(
        starts_at=now - timedelta(minutes=5), ends_at=now + timedelta(hours=1)
    )
    client.force_login(seat.person)
    address = reverse("events:check_in", args=[session.pk])
    for number in range(10):
        assert client.post(address, {"code": f"GUESS{number}"}).status_code == 200
    assert client.post(address, {"code": "LANTERN"}).status_code == 429


def test_door_finds_names_with_accents_and_addresses(client: Client) -> None:
    session = make_coming_session()
    seat = make_seat(session, make_person("jose@example.org", name="José Peña"), now=timezone.now())
    client.force_login(make_with_role(Role.COORDINATOR, session.training.owner))
    address = reverse("desk_sessions:door", args=[session.pk])
    for words in ("José", "pena", "PEÑA jo", "jose@example"):
        seats = client.get(address, {"q": words}).context["seats"]
        assert [row["seat"] for row in seats] == [seat], words
    assert client.get(address, {"q": "nobody"}).context["seats"] == []
