"""A session's life, and the times people type."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from events import services, wall_time
from events.enums import RegistrationMove, RegistrationStatus, SessionStatus
from events.models import RegistrationEvent, Session
from lms.core.exceptions import Refused
from lms.core.models import AuditEntry
from lms.trainings.enums import TrainingKind
from tests.factories.events import (
    EARLIER,
    make_live_page,
    make_live_training,
    make_seat,
    make_session,
)
from tests.factories.people import make_person
from tests.factories.trainings import make_training

pytestmark = pytest.mark.django_db

JULY = date(2026, 7, 14)


def refusal(call: Callable[..., Any], **arguments: Any) -> str:
    with pytest.raises(Refused) as caught, transaction.atomic():
        call(**arguments)
    return caught.value.code


@pytest.mark.parametrize(
    ("text", "clock", "zone"),
    [
        ("10 am EST", time(10), "America/New_York"),
        ("10 a.m. Eastern Time", time(10), "America/New_York"),
        ("1:30pm ET", time(13, 30), "America/New_York"),
        ("12 am", time(0), None),
        ("12:15 PM", time(12, 15), None),
        ("13:00", time(13), None),
        ("noon", time(12), None),
        ("9 am CST", time(9), "America/Chicago"),
        ("9 am America/Chicago", time(9), "America/Chicago"),
    ],
)
def test_clock_is_read_as_people_write_it(text: str, clock: time, zone: str | None) -> None:
    found, place = wall_time.parse_clock(text)
    assert (found, place.key if place else None) == (clock, zone)


@pytest.mark.parametrize("text", ["10", "25:00", "13 pm", "0 am", "10:75", "ten", "", "10 am Mars"])
def test_clock_refuses_what_is_no_time(text: str) -> None:
    with pytest.raises(ValueError, match="is not a time"):
        wall_time.parse_clock(text)


@pytest.mark.parametrize("text", ["EST", "edt", "ET", "Eastern", "US/Eastern", "America/New_York"])
def test_eastern_has_many_names_and_one_zone(text: str) -> None:
    assert wall_time.parse_zone(text).key == "America/New_York"


@pytest.mark.parametrize("text", ["Etc/GMT+5", "UTC-4", "Nowhere/Town", "../etc/passwd"])
def test_zone_refuses_offsets_and_unknown_names(text: str) -> None:
    with pytest.raises(ValueError, match="is not a time zone"):
        wall_time.parse_zone(text)


def test_ten_am_est_in_july_is_ten_on_new_yorks_clocks() -> None:
    clock, zone = wall_time.parse_clock("10 am EST")
    assert zone is not None
    session = make_session(start=clock, zone=zone.key)
    assert session.starts_at == datetime(2026, 7, 14, 14, tzinfo=UTC)
    assert (session.zone, session.planned_minutes) == ("America/New_York", 180)
    shown = wall_time.when(session.starts_at, session.ends_at)
    assert shown == "Tuesday, July 14, 2026, 10 a.m. to 1 p.m. Eastern (EDT)"


@pytest.mark.parametrize(
    ("day", "utc_hour"),
    [
        (date(2027, 1, 12), 15),
        (date(2027, 3, 9), 15),
        (date(2027, 3, 16), 14),
        (date(2027, 4, 13), 14),
        (date(2026, 10, 13), 14),
        (date(2026, 10, 27), 14),
        (date(2026, 11, 3), 15),
    ],
)
def test_ten_in_the_morning_is_the_right_instant_all_year(day: date, utc_hour: int) -> None:
    session = make_session(day=day)
    expected = datetime(day.year, day.month, day.day, utc_hour, tzinfo=UTC)
    assert session.starts_at == expected


def test_schedule_refuses_a_time_the_clocks_skip() -> None:
    training = make_live_training()
    skipped = {"day": date(2027, 3, 14), "start": time(2, 30), "end": time(5)}
    assert refusal(make_session, training=training, **skipped) == "no_such_time"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"day": date(2025, 7, 14)}, "past"),
        ({"start": time(13), "end": time(10)}, "ends_too_early"),
        ({"capacity": 0}, "no_seats"),
        ({"min_minutes": 181}, "rule_too_long"),
        ({"zone": "Mars/Olympus"}, "unknown_zone"),
        (
            {
                "registration_opens_at": datetime(2026, 7, 2, tzinfo=UTC),
                "registration_closes_at": datetime(2026, 7, 1, tzinfo=UTC),
            },
            "window_reversed",
        ),
    ],
)
def test_schedule_refuses_what_cannot_be(changes: dict[str, Any], code: str) -> None:
    assert refusal(make_session, training=make_live_training(), **changes) == code


def test_schedule_refuses_a_training_never_published() -> None:
    training = make_training(TrainingKind.LIVE)
    assert refusal(make_session, training=training) == "not_published"


def test_schedule_twice_is_one_session() -> None:
    training = make_live_training()
    first = make_session(training)
    assert make_session(training) == first
    assert refusal(make_session, training=training, capacity=50) == "already_scheduled"
    assert make_session(training, title="Second room") != first


def test_database_refuses_the_same_date_twice() -> None:
    session = make_session()
    fields = {f.attname: getattr(session, f.attname) for f in Session._meta.concrete_fields}
    with pytest.raises(IntegrityError, match="events_session_scheduled_once"), transaction.atomic():
        Session.objects.create(**{**fields, "id": None, "uid": "other@example.org"})


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"capacity": 0}, "events_session_has_seats"),
        ({"status": "held"}, "events_session_held_has_version"),
        ({"status": "cancelled"}, "events_session_cancelled_at_iff_cancelled"),
        ({"status": "lost"}, "events_session_"),
        ({"ends_at": EARLIER}, "events_session_ends_after_start"),
    ],
)
def test_database_has_the_last_word(change: dict[str, Any], rule: str) -> None:
    session = make_session()
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        Session.objects.filter(pk=session.pk).update(**change)


def test_reschedule_tells_everybody_and_raises_the_sequence(
    django_capture_on_commit_callbacks: Any,
) -> None:
    session = make_session()
    seats = [make_seat(session) for _ in range(2)]
    gone = make_seat(session)
    services.cancel_registration(registration=gone, actor=gone.person, now=EARLIER)
    with django_capture_on_commit_callbacks(execute=True):
        moved = services.reschedule_session(
            session=session, day=date(2026, 7, 16), start=time(9), end=time(12), actor=None,
            now=EARLIER,
        )  # fmt: skip
    told = [message for message in mail.outbox if message.subject.startswith("New time")]
    assert sorted(message.to[0] for message in told) == sorted(s.person.email for s in seats)
    assert "Thursday, July 16, 2026, 9 a.m. to noon Eastern (EDT)" in told[0].body
    assert "It was planned for Tuesday, July 14, 2026, 10 a.m. to 1 p.m." in told[0].body
    assert moved.sequence == 1
    assert [s.sequence for s in session.registrations.order_by("pk")] == [1, 1, 1]
    moves = RegistrationEvent.objects.filter(move=RegistrationMove.SESSION_MOVED)
    assert moves.count() == 2


def test_reschedule_to_the_same_time_changes_nothing(
    django_capture_on_commit_callbacks: Any,
) -> None:
    session = make_session()
    make_seat(session)
    with django_capture_on_commit_callbacks(execute=True):
        services.reschedule_session(
            session=session, day=JULY, start=time(10), end=time(13), actor=None, now=EARLIER
        )
    assert Session.objects.get().sequence == 0
    assert mail.outbox == []


def test_reschedule_refuses_what_has_begun_or_was_cancelled() -> None:
    session = make_session()
    move: dict[str, Any] = {"session": session, "day": date(2026, 7, 21), "actor": None}
    move |= {"start": time(10), "end": time(13)}
    assert refusal(services.reschedule_session, **move, now=session.starts_at) == "started"
    services.cancel_session(session=session, reason="The speaker is ill.", actor=None, now=EARLIER)
    assert refusal(services.reschedule_session, **move, now=EARLIER) == "cancelled"


def test_cancel_session_gives_every_seat_back_and_tells_why(
    django_capture_on_commit_callbacks: Any,
) -> None:
    session = make_session()
    seats = [make_seat(session) for _ in range(2)]
    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(2):
            services.cancel_session(
                session=session, reason="The speaker is ill.", actor=None, now=EARLIER
            )
    told = [message for message in mail.outbox if message.subject.startswith("Cancelled")]
    assert sorted(message.to[0] for message in told) == sorted(s.person.email for s in seats)
    assert all("The reason: The speaker is ill." in message.body for message in told)
    session.refresh_from_db()
    assert (session.status, session.sequence) == (SessionStatus.CANCELLED, 1)
    statuses = session.registrations.values_list("status", flat=True)
    assert set(statuses) == {RegistrationStatus.CANCELLED}


def test_cancel_session_needs_a_reason_and_a_session_not_over() -> None:
    session = make_session()
    cancel: dict[str, Any] = {"session": session, "actor": None}
    assert refusal(services.cancel_session, **cancel, reason=" ", now=EARLIER) == "no_reason"
    assert refusal(services.cancel_session, **cancel, reason="x", now=session.ends_at) == "over"


def test_change_details_tells_people_only_what_their_calendars_show(
    django_capture_on_commit_callbacks: Any,
) -> None:
    session = make_session()
    make_seat(session)
    with django_capture_on_commit_callbacks(execute=True):
        services.change_details(session=session, capacity=5, actor=None, now=EARLIER)
    assert mail.outbox == []
    with django_capture_on_commit_callbacks(execute=True):
        services.change_details(session=session, location="Room 2", actor=None, now=EARLIER)
    assert [m.subject.partition(":")[0] for m in mail.outbox] == ["Changed"]
    assert "Room 2" in mail.outbox[0].body


def test_change_details_keeps_a_seat_for_everybody() -> None:
    session = make_session()
    for _ in range(2):
        make_seat(session)
    change: dict[str, Any] = {"session": session, "actor": None, "now": EARLIER}
    assert refusal(services.change_details, **change, capacity=1) == "fewer_seats_than_people"
    later = {**change, "now": session.starts_at}
    assert refusal(services.change_details, **later, min_minutes=10) == "started"


def test_rolled_back_change_tells_nobody(django_capture_on_commit_callbacks: Any) -> None:
    session = make_session()
    make_seat(session)
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        services.cancel_session(session=session, reason="x", actor=None, now=EARLIER)
        transaction.set_rollback(True)
    assert mail.outbox == []
    assert not Session.objects.get().is_cancelled


def test_every_move_of_a_session_is_in_the_audit() -> None:
    actor = make_person()
    session = make_session(actor=actor)
    services.cancel_session(session=session, reason="x", actor=actor, now=EARLIER)
    entries = AuditEntry.objects.filter(object_type="events.session", actor=actor)
    assert sorted(e.action for e in entries) == ["session.cancelled", "session.scheduled"]


def test_publishing_freezes_a_version_and_a_spelling_fix_does_not() -> None:
    page = make_live_page()
    training = page.training()
    assert training is not None
    assert training.versions.get().spec["min_minutes"] == 160
    page.summary = "Three hours about screening children."
    page.save_revision().publish()
    assert training.versions.count() == 1
    page.minutes = 200
    page.save_revision().publish()
    assert training.versions.count() == 2
    assert training.versions.last().spec["kind"] == "live"


def test_publishing_for_later_freezes_nothing_yet() -> None:
    page = make_live_page(go_live_at=datetime(2099, 1, 1, tzinfo=UTC))
    assert not page.live
    assert page.training() is None
