"""Reminders: when each is due, who gets it, and a worker that dies neither loses nor doubles."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.core import mail

from events import letters, services
from events.models import Registration, Session
from events.services import reminders
from lms.core import outbox
from lms.core.models import OutboxMessage
from lms.notices.enums import NoticeKind
from lms.notices.services import choose_reminders
from tests.factories.events import EARLIER, make_seat, make_session
from tests.factories.people import make_person

pytestmark = pytest.mark.django_db

WEEK, DAY, HOUR = NoticeKind.SESSION_WEEK, NoticeKind.SESSION_DAY, NoticeKind.SESSION_HOUR


def run(now: datetime) -> list[str]:
    """What beat and the worker do at `now`; the subjects of the letters written by it."""
    services.send_due_reminders(now=now)
    before = set(OutboxMessage.objects.filter(kind="mail").values_list("pk", flat=True))
    for message in OutboxMessage.objects.filter(kind=reminders.KIND, state="pending"):
        reminders.remind_everyone(message.payload, now=now)
    written = OutboxMessage.objects.filter(kind="mail").exclude(pk__in=before).order_by("pk")
    return [message.payload["subject"].partition(":")[0] for message in written]


def test_reminders_are_due_on_the_sessions_own_clocks_across_a_clock_change() -> None:
    """10 a.m. on 3 November is 10 a.m. on 27 October, though the clocks went back between."""
    session = make_session(day=date(2026, 11, 3))
    assert reminders.due_at(session, WEEK) == datetime(2026, 10, 27, 14, tzinfo=UTC)
    assert reminders.due_at(session, DAY) == datetime(2026, 11, 2, 15, tzinfo=UTC)
    assert reminders.due_at(session, HOUR) == datetime(2026, 11, 3, 14, tzinfo=UTC)


def test_reminder_due_at_a_time_the_clocks_skip_is_not_lost() -> None:
    session = make_session(day=date(2027, 3, 15), start=time(2, 30), end=time(4), min_minutes=0)
    assert reminders.due_at(session, DAY) == datetime(2027, 3, 14, 6, 30, tzinfo=UTC)


def test_each_reminder_comes_once_at_its_time() -> None:
    seat = make_seat(make_session())
    start = seat.session.starts_at
    assert run(start - timedelta(days=7, seconds=1)) == []
    assert run(start - timedelta(days=7)) == ["Coming up"]
    assert run(start - timedelta(days=6)) == []
    assert run(start - timedelta(days=1)) == ["Coming up"]
    assert run(start - timedelta(hours=1)) == ["Begins soon"]
    assert run(start - timedelta(minutes=5)) == []
    assert run(start) == []


def test_reminder_says_when_where_and_how_to_get_out_of_it(
    django_capture_on_commit_callbacks: Any,
) -> None:
    seat = make_seat(make_session())
    now = seat.session.starts_at - timedelta(days=1)
    payload = {
        "session": seat.session_id,
        "kind": DAY.value,
        "starts_at": seat.session.starts_at.isoformat(),
    }
    with django_capture_on_commit_callbacks(execute=True):
        reminders.remind_everyone(payload, now=now)
    (message,) = mail.outbox
    assert message.to == [seat.person.email]
    assert "Tuesday, July 14, 2026, 10 a.m. to 1 p.m. Eastern (EDT)" in message.body
    assert letters.seat_token(seat).partition(":")[0] in message.body
    assert "/my/reminders/" in message.body
    assert "secret-room" not in message.message().as_string()


def test_who_comes_late_to_the_list_of_reminders_gets_the_nearest_only() -> None:
    """Beat was down for a week: nobody gets three mails at once."""
    seat = make_seat(make_session())
    assert run(seat.session.starts_at - timedelta(minutes=50)) == ["Begins soon"]


def test_seat_taken_after_a_reminder_was_due_gets_the_next_one_only() -> None:
    session = make_session()
    make_seat(session, now=session.starts_at - timedelta(days=3))
    assert run(session.starts_at - timedelta(days=2)) == []
    assert run(session.starts_at - timedelta(days=1)) == ["Coming up"]


def test_moved_session_moves_its_reminders() -> None:
    seat = make_seat(make_session())
    start = seat.session.starts_at
    assert run(start - timedelta(days=7)) == ["Coming up"]
    later = start + timedelta(days=14)
    services.reschedule_session(
        session=seat.session,
        day=later.date(),
        start=time(10),
        end=time(13),
        actor=None,
        now=start - timedelta(days=6),
    )
    assert run(start - timedelta(days=1)) == []
    assert run(later - timedelta(days=7)) == ["Coming up"]


def test_session_moved_nearer_reminds_nobody_of_what_they_were_just_told() -> None:
    seat = make_seat(make_session())
    start = seat.session.starts_at
    nearer = start - timedelta(days=10)
    services.reschedule_session(
        session=seat.session,
        day=nearer.date(),
        start=time(10),
        end=time(13),
        actor=None,
        now=nearer - timedelta(days=3),
    )
    assert run(nearer - timedelta(days=3)) == []
    assert run(nearer - timedelta(days=1)) == ["Coming up"]


def test_reminder_on_its_way_when_the_session_moves_is_dropped() -> None:
    seat = make_seat(make_session())
    start = seat.session.starts_at
    now = start - timedelta(days=7)
    services.send_due_reminders(now=now)
    Session.objects.filter(pk=seat.session_id).update(
        starts_at=start + timedelta(days=1), ends_at=start + timedelta(days=1, hours=3)
    )
    assert run(now) == []


def test_given_back_cancelled_and_waiting_get_none() -> None:
    session = make_session(capacity=2)
    gone, kept = make_seat(session), make_seat(session)
    waiting = services.register(
        session=session, person=make_person(), actor=None, wait_if_full=True, now=EARLIER
    )
    services.cancel_registration(registration=gone, actor=None, now=EARLIER)
    now = session.starts_at - timedelta(days=1)
    services.send_due_reminders(now=now)
    (message,) = OutboxMessage.objects.filter(kind=reminders.KIND)
    reminders.remind_everyone(message.payload, now=now)
    letter = OutboxMessage.objects.get(key__startswith="events.session_reminder:", kind="mail")
    assert letter.payload["to"] == kept.person.email
    assert Registration.objects.get(pk=waiting.pk).is_offered
    services.cancel_session(session=session, reason="Ill.", actor=None, now=now)
    assert run(session.starts_at - timedelta(hours=1)) == []


def test_switch_of_the_session_and_wish_of_the_person_are_respected() -> None:
    session = make_session()
    first, second = make_seat(session), make_seat(session)
    choose_reminders(person=first.person, wanted=[WEEK], actor=None)
    now = session.starts_at - timedelta(days=1)
    services.send_due_reminders(now=now)
    (message,) = OutboxMessage.objects.filter(kind=reminders.KIND)
    reminders.remind_everyone(message.payload, now=now)
    letter = OutboxMessage.objects.get(key__startswith="events.session_reminder:", kind="mail")
    assert letter.payload["to"] == second.person.email
    services.change_details(session=session, reminders=False, actor=None, now=now)
    assert run(session.starts_at - timedelta(hours=1)) == []


def test_wish_of_the_person_a_merged_record_became_counts() -> None:
    session, person = make_session(), make_person()
    seat = make_seat(session, person)
    whole = make_person()
    person.canonical_person = whole
    person.save(update_fields=["canonical_person"])
    choose_reminders(person=whole, wanted=[], actor=None)
    assert Registration.objects.get(pk=seat.pk).is_live
    assert run(session.starts_at - timedelta(days=1)) == []


def test_worker_that_dies_half_way_loses_nobody_and_tells_nobody_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    session = make_session()
    for _ in range(3):
        make_seat(session)
    now = session.starts_at - timedelta(days=1)
    services.send_due_reminders(now=now)
    (row,) = OutboxMessage.objects.filter(kind=reminders.KIND)
    real, told = letters.tell_reminder, []

    def die_at_the_third(seat: Registration, **arguments: Any) -> None:
        told.append(seat)
        if len(told) == 3:
            message = "killed"
            raise RuntimeError(message)
        real(seat, **arguments)

    monkeypatch.setattr(reminders.letters, "tell_reminder", die_at_the_third)
    monkeypatch.setattr(reminders.timezone, "now", lambda: now)
    OutboxMessage.objects.filter(pk=row.pk).update(due_at=now)
    assert not outbox.deliver(row.key, now=now)
    letters_written = OutboxMessage.objects.filter(
        kind="mail", key__startswith="events.session_reminder:"
    )
    assert letters_written.count() == 0  # all or nothing
    monkeypatch.setattr(reminders.letters, "tell_reminder", real)
    assert outbox.deliver(row.key, now=now + timedelta(minutes=5))
    assert letters_written.count() == 3
    # The whole run again, as if the first had died just before it was noted as done.
    reminders.remind_everyone(row.payload, now=now)
    services.send_due_reminders(now=now)
    assert letters_written.count() == 3
    assert OutboxMessage.objects.filter(kind=reminders.KIND).count() == 1
