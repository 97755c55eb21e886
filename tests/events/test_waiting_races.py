"""The waiting list with many people at once, on real connections; with the negative control."""

import time as clock
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail

from events import services
from events.enums import RegistrationMove
from events.models import RegistrationEvent, Session
from events.services import seats as shared
from events.services import waiting
from tests.events.test_registrations import at_once
from tests.events.test_waiting import fresh, give_back, statuses, wait
from tests.factories.events import EARLIER, make_seat, make_session
from tests.factories.people import make_person

pytestmark = pytest.mark.django_db(transaction=True)


def test_twenty_at_once_take_three_seats_and_seventeen_places_in_order() -> None:
    session = make_session(capacity=3)
    people = [make_person() for _ in range(20)]
    answers = at_once([lambda p=person: wait(session, p).status for person in people])  # type: ignore[misc]
    assert sorted(answers) == ["registered"] * 3 + ["waiting"] * 17
    places = list(session.registrations.waiting().values_list("place", flat=True))
    assert places == list(range(1, 18))
    # The order of the places is the order in which people were written down.
    history = RegistrationEvent.objects.filter(move=RegistrationMove.JOINED_LIST)
    in_order = list(history.order_by("id").values_list("registration_id", flat=True))
    assert in_order == list(session.registrations.waiting().values_list("pk", flat=True))
    assert len(mail.outbox) == 20


def test_seats_given_back_at_once_are_offered_once_each() -> None:
    session = make_session(capacity=4)
    seats = [make_seat(session) for _ in range(4)]
    people = [wait(session) for _ in range(6)]
    at_once([lambda s=seat: give_back(s) for seat in seats])  # type: ignore[misc]
    assert statuses(*people) == ["offered"] * 4 + ["waiting"] * 2


def test_taking_and_ending_an_offer_at_once_leave_one_owner() -> None:
    """Either it was taken in time, or it went to the next; never both."""
    session = make_session(capacity=1)
    seat = make_seat(session)
    first, second = wait(session), wait(session)
    give_back(seat)
    end = EARLIER + timedelta(hours=24)
    in_time = end - timedelta(seconds=1)

    def take() -> str:
        return services.accept_offer(registration=fresh(first), actor=None, now=in_time).status

    at_once([take, lambda: services.tend_waiting_lists(now=end)])
    assert statuses(first, second) in (["registered", "waiting"], ["cancelled", "offered"])
    assert session.registrations.holding().count() == 1


def test_everything_at_once_never_oversells() -> None:
    session = make_session(capacity=3)
    seats = [make_seat(session) for _ in range(3)]
    people = [wait(session) for _ in range(4)]
    calls: list[Callable[[], Any]] = [lambda s=seat: give_back(s) for seat in seats]  # type: ignore[misc]
    calls += [lambda: wait(session).status for _ in range(4)]
    calls += [lambda: services.tend_waiting_lists(now=EARLIER) for _ in range(2)]
    calls += [lambda s=seat: give_back(s) for seat in people[:2]]  # type: ignore[misc]
    answers = at_once(calls)
    assert not [answer for answer in answers if isinstance(answer, Exception)]
    assert session.registrations.holding().count() == 3
    assert session.registrations.waiting().exists()


@pytest.mark.parametrize("capacity", [2, 6])
def test_seats_changed_while_people_register_are_never_fewer_than_people(capacity: int) -> None:
    """Lowered, it is refused or comes first; raised, those who wait and those who come fit."""
    session = make_session(capacity=4)
    make_seat(session)

    def change() -> int:
        changed = services.change_details(
            session=Session.objects.get(pk=session.pk), capacity=capacity, actor=None, now=EARLIER
        )
        return changed.capacity

    answers = at_once([change, *[lambda: wait(session).status for _ in range(6)]])
    assert not [answer for answer in answers if isinstance(answer, Exception)]
    assert answers[0] in (capacity, "fewer_seats_than_people")
    session.refresh_from_db()
    holding = session.registrations.holding().count()
    assert holding == session.capacity
    waiting_for = session.registrations.waiting().values_list("place", flat=True)
    assert len(waiting_for) == 7 - holding


def test_without_the_lock_one_seat_is_offered_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control for the tests above."""

    def no_lock(row: Any) -> Any:
        return type(row).objects.get(pk=row.pk)

    real = waiting.hold_until

    def slowly(session: Session, now: datetime) -> datetime:
        clock.sleep(0.3)
        return real(session, now)

    session = make_session(capacity=1)
    make_seat(session)
    people = [wait(session) for _ in range(2)]
    Session.objects.filter(pk=session.pk).update(capacity=2)
    monkeypatch.setattr(shared, "lock", no_lock)
    monkeypatch.setattr(waiting, "hold_until", slowly)
    at_once([lambda: services.tend_waiting_lists(now=EARLIER)] * 2)
    offers = RegistrationEvent.objects.filter(move=RegistrationMove.OFFERED)
    assert offers.filter(registration=people[0]).count() == 2
