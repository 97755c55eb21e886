"""Offers near the session: none ends at night, and silence at short notice is no no."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.core import mail

from events import services
from events.services import waiting
from tests.events.test_registrations import refusal
from tests.events.test_waiting import fresh, give_back, moves, position, statuses, subjects, wait
from tests.factories.events import EARLIER, make_seat, make_session

pytestmark = pytest.mark.django_db

Capture = Any


def eastern(hour: int, minute: int = 0, *, day: int = 14) -> datetime:
    """A moment in July 2026 on New York's clocks (EDT); the session is on the 14th at 10."""
    return datetime(2026, 7, day, 0, tzinfo=UTC) + timedelta(hours=hour + 4, minutes=minute)


@pytest.mark.parametrize(
    ("made", "ends"),
    [
        (eastern(16, 59, day=13), eastern(20, 59, day=13)),
        (eastern(17, day=13), eastern(9)),  # it would end at 9 pm
        (eastern(21, day=13), eastern(9)),
        (eastern(1), eastern(9)),
        (eastern(6, 59), eastern(9)),
        (eastern(7), eastern(8)),
        (eastern(22, day=8), eastern(9, day=10)),  # 24 hours later is night too
        (eastern(9, 30), eastern(10)),
    ],
)
def test_no_offer_ends_at_night(made: datetime, ends: datetime) -> None:
    assert waiting.hold_until(make_session(), made) == ends


def test_offer_for_an_early_session_ends_with_its_beginning() -> None:
    session = make_session(start=time(8, 30), end=time(9, 30), min_minutes=0)
    assert waiting.hold_until(session, eastern(22, day=13)) == session.starts_at
    winter = make_session(day=date(2026, 12, 8))
    made = datetime(2026, 12, 8, 2, 30, tzinfo=UTC)  # 9:30 pm EST the evening before
    assert waiting.hold_until(winter, made) == datetime(2026, 12, 8, 14, tzinfo=UTC)


def test_seat_given_back_in_the_evening_runs_no_list_down_overnight(
    django_capture_on_commit_callbacks: Capture,
) -> None:
    session = make_session(capacity=1)
    seat = make_seat(session)
    people = [wait(session) for _ in range(8)]
    moment = eastern(21, day=13)
    with django_capture_on_commit_callbacks(execute=True):
        give_back(seat, now=moment)
        while moment < eastern(8):
            waiting.tend(now=moment)
            moment += timedelta(hours=1)
    assert statuses(*people) == ["offered"] + ["waiting"] * 7
    assert subjects() == ["Your seat was given back", "A seat is free for you"]
    assert fresh(people[0]).offered_until == eastern(9)


def test_silence_at_short_notice_keeps_a_place_behind_those_not_asked(
    django_capture_on_commit_callbacks: Capture,
) -> None:
    session = make_session(capacity=1)
    seat = make_seat(session)
    first, second, third = (wait(session) for _ in range(3))
    give_back(seat, now=eastern(9, day=13))
    with django_capture_on_commit_callbacks(execute=True):
        waiting.tend(now=eastern(13, day=13))
    assert statuses(first, second, third) == ["waiting", "offered", "waiting"]
    assert moves(first) == ["joined_list", "offered", "offer_returned"]
    assert [position(third), position(first)] == [1, 2]
    assert subjects() == ["A seat is free for you", "The seat went to the next person"]
    assert "You stay on the waiting list" in mail.outbox[1].body
    accept = services.accept_offer
    late = eastern(13, 1, day=13)
    assert refusal(accept, registration=fresh(first), actor=None, now=late) == "not_offered"


def test_asked_once_more_and_silent_again_is_off_the_list(
    django_capture_on_commit_callbacks: Capture,
) -> None:
    session = make_session(capacity=1)
    seat = make_seat(session)
    alone = wait(session)
    give_back(seat, now=eastern(9, day=13))
    with django_capture_on_commit_callbacks(execute=True):
        waiting.tend(now=eastern(13, day=13))
    # Nobody else waits: asked again, in one mail.
    assert statuses(alone) == ["offered"]
    assert subjects() == ["A seat is free for you"]
    assert "We asked you before and heard nothing." in mail.outbox[0].body
    # By 5 pm it would run into the night: until 9 in the morning.
    waiting.tend(now=eastern(17, day=13))
    assert statuses(alone) == ["cancelled"]
    assert moves(alone)[-1] == "offer_expired"
    # Who joins again begins anew.
    wait(session, alone.person, now=eastern(18, day=13))
    assert moves(alone)[-1] == "registered"


def test_who_says_no_is_never_asked_again() -> None:
    session = make_session(capacity=1)
    seat = make_seat(session)
    first, second = wait(session), wait(session)
    give_back(seat, now=eastern(9, day=13))
    services.cancel_registration(
        registration=fresh(first), actor=first.person, now=eastern(10, day=13)
    )
    for moment in (eastern(14, day=13), eastern(18, day=13), eastern(9)):
        waiting.tend(now=moment)
    assert statuses(first) == ["cancelled"]
    assert moves(first).count("offered") == 1
    assert moves(second).count("offered") == 2


def test_silence_while_there_is_time_still_ends_a_place() -> None:
    session = make_session(capacity=1)
    seat = make_seat(session)
    first = wait(session)
    give_back(seat)
    waiting.tend(now=EARLIER + timedelta(hours=24))
    assert (statuses(first), moves(first)[-1]) == (["cancelled"], "offer_expired")
