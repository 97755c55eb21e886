"""The waiting list: its order, offers that end, who is told, and never more people than seats."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from events import selectors, services
from events.enums import FreedSeats, RegistrationMove
from events.models import Registration, Session
from events.services import waiting
from lms.core.models import AuditEntry, OutboxMessage
from lms.people.models import Person
from tests.events.test_registrations import refusal
from tests.factories.events import EARLIER, make_seat, make_session
from tests.factories.people import make_person

pytestmark = pytest.mark.django_db

Capture = Any


def wait(
    session: Session, person: Person | None = None, *, now: datetime = EARLIER
) -> Registration:
    person = person or make_person()
    return services.register(
        session=Session.objects.get(pk=session.pk),
        person=person,
        actor=person,
        wait_if_full=True,
        now=now,
    )


def give_back(seat: Registration, *, now: datetime = EARLIER) -> Registration:
    seat = fresh(seat)
    return services.cancel_registration(registration=seat, actor=seat.person, now=now)


def fresh(seat: Registration) -> Registration:
    return Registration.objects.select_related("session__training__owner", "person").get(pk=seat.pk)


def statuses(*seats: Registration) -> list[str]:
    return [fresh(seat).status for seat in seats]


def moves(seat: Registration) -> list[str]:
    return [event.move for event in seat.events.all()]


def subjects() -> list[str]:
    return [message.subject.partition(":")[0] for message in mail.outbox]


def position(seat: Registration) -> int:
    row = Registration.objects.with_position().get(pk=seat.pk)
    return row.position  # type: ignore[attr-defined,no-any-return]


# --- order -------------------------------------------------------------------------------------


def test_full_session_ends_in_a_place_on_the_list(
    django_capture_on_commit_callbacks: Capture,
) -> None:
    session = make_session(capacity=1)
    make_seat(session)
    with django_capture_on_commit_callbacks(execute=True):
        first, second = wait(session), wait(session)
    assert statuses(first, second) == ["waiting", "waiting"]
    assert [position(first), position(second)] == [1, 2]
    assert subjects() == ["On the waiting list", "On the waiting list"]
    assert "You are number 2." in mail.outbox[1].body
    # No seat, so nothing for a calendar.
    assert not any("calendar" in part.mimetype for part in mail.outbox[1].alternatives)
    assert first.registered_at is None
    entry = AuditEntry.objects.filter(object_type="events.registration").latest("id")
    assert entry.action == "registration.joined_list"


def test_waiting_twice_is_one_place_and_one_mail(
    django_capture_on_commit_callbacks: Capture,
) -> None:
    session, person = make_session(capacity=1), make_person()
    make_seat(session)
    with django_capture_on_commit_callbacks(execute=True):
        assert wait(session, person) == wait(session, person)
    assert subjects() == ["On the waiting list"]
    assert refusal(services.register, session=session, person=person, actor=None, now=EARLIER) == (
        "full"
    )


def test_with_a_seat_free_nobody_waits() -> None:
    assert wait(make_session(capacity=1)).status == "registered"


def test_newcomer_does_not_overtake_those_who_wait() -> None:
    """A seat left lying goes to the first of the list, also when a newcomer finds it."""
    session = make_session(capacity=1)
    make_seat(session)
    first = wait(session)
    Session.objects.filter(pk=session.pk).update(capacity=2)
    newcomer = wait(session)
    assert statuses(first, newcomer) == ["offered", "waiting"]
    session.refresh_from_db()
    assert refusal(
        services.register, session=session, person=make_person(), actor=None, now=EARLIER
    ) == ("full")


def test_database_refuses_two_in_one_place_and_a_half_written_state() -> None:
    session = make_session(capacity=1)
    make_seat(session)
    first, second = wait(session), wait(session)
    rows = Registration.objects
    for pk, change, rule in [
        (second.pk, {"place": first.place}, "one_place_each"),
        (second.pk, {"place": None}, "place_iff_queued"),
        (second.pk, {"status": "offered"}, "offered_until_iff_offered"),
        (second.pk, {"status": "registered", "place": None}, "seat_was_taken"),
        (second.pk, {"status": "asleep", "place": None}, "status_known"),
    ]:
        with pytest.raises(IntegrityError, match=rule), transaction.atomic():
            rows.filter(pk=pk).update(**change)


# --- a seat comes free -------------------------------------------------------------------------


def test_freed_seat_is_offered_to_the_first_and_held(
    django_capture_on_commit_callbacks: Capture,
) -> None:
    session = make_session(capacity=1)
    seat = make_seat(session)
    first, second = wait(session), wait(session)
    with django_capture_on_commit_callbacks(execute=True):
        give_back(seat)
    assert statuses(seat, first, second) == ["cancelled", "offered", "waiting"]
    assert fresh(first).offered_until == EARLIER + timedelta(hours=24)
    assert position(second) == 1
    assert subjects() == ["Your seat was given back", "A seat is free for you"]
    assert "until June 2, 2026 at 8 a.m. Eastern (EDT)" in mail.outbox[1].body
    assert "/offer/" in mail.outbox[1].body
    # Held: nobody else gets it meanwhile.
    assert wait(session).status == "waiting"


def test_taking_the_offer_sends_the_invitation(
    django_capture_on_commit_callbacks: Capture,
) -> None:
    session = make_session(capacity=1)
    seat = make_seat(session)
    first = wait(session)
    give_back(seat)
    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(2):
            services.accept_offer(registration=fresh(first), actor=first.person, now=EARLIER)
    first = fresh(first)
    assert (first.status, first.sequence, first.registered_at) == ("registered", 0, EARLIER)
    assert subjects() == ["You are registered"]
    calendar = next(p for p in mail.outbox[0].alternatives if "calendar" in p.mimetype)
    assert "METHOD:REQUEST" in calendar.content
    assert moves(first) == ["joined_list", "offered", "offer_taken"]


def test_registering_while_a_seat_is_offered_takes_it() -> None:
    session = make_session(capacity=1)
    seat = make_seat(session)
    first = wait(session)
    give_back(seat)
    assert make_seat(session, first.person) == first
    assert statuses(first) == ["registered"]


def test_direct_promotion_gives_the_seat_with_its_invitation(
    django_capture_on_commit_callbacks: Capture,
) -> None:
    session = make_session(capacity=1, freed_seats=FreedSeats.GIVE)
    seat = make_seat(session)
    first, second = wait(session), wait(session)
    with django_capture_on_commit_callbacks(execute=True):
        give_back(seat)
    assert statuses(first, second) == ["registered", "waiting"]
    assert subjects() == ["Your seat was given back", "You are registered"]
    assert "A seat has come free, and it is yours" in mail.outbox[1].body
    assert moves(first) == ["joined_list", "promoted"]


def test_passed_on_offer_goes_to_the_next_and_never_back(
    django_capture_on_commit_callbacks: Capture,
) -> None:
    session = make_session(capacity=1)
    seat = make_seat(session)
    first, second = wait(session), wait(session)
    give_back(seat)
    with django_capture_on_commit_callbacks(execute=True):
        give_back(first)
    assert statuses(first, second) == ["cancelled", "offered"]
    assert moves(first)[-1] == RegistrationMove.OFFER_DECLINED
    assert subjects() == ["You left the waiting list", "A seat is free for you"]
    give_back(second)
    assert statuses(first, second) == ["cancelled", "cancelled"]


def test_whoever_took_an_offer_and_gave_it_back_is_not_offered_again() -> None:
    """pretix#1163: the seat goes to the next in line, not to the one who returned it."""
    session = make_session(capacity=1)
    seat = make_seat(session)
    first, second = wait(session), wait(session)
    give_back(seat)
    services.accept_offer(registration=fresh(first), actor=None, now=EARLIER)
    give_back(first)
    assert statuses(first, second) == ["cancelled", "offered"]


def test_whoever_left_the_list_is_not_offered_a_seat() -> None:
    session = make_session(capacity=1)
    seat = make_seat(session)
    first, second = wait(session), wait(session)
    give_back(first)
    give_back(seat)
    assert statuses(first, second) == ["cancelled", "offered"]


def test_rejoining_is_at_the_end_and_told_again(
    django_capture_on_commit_callbacks: Capture,
) -> None:
    session = make_session(capacity=1)
    make_seat(session)
    first, second = wait(session), wait(session)
    give_back(first)
    with django_capture_on_commit_callbacks(execute=True):
        again = wait(session, first.person)
    assert again == first
    assert [position(second), position(again)] == [1, 2]
    assert subjects() == ["On the waiting list"]


def test_more_seats_reach_those_who_wait(django_capture_on_commit_callbacks: Capture) -> None:
    """eventyay#1253: raising the number of seats tells people too."""
    session = make_session(capacity=1)
    make_seat(session)
    people = [wait(session) for _ in range(3)]
    with django_capture_on_commit_callbacks(execute=True):
        services.change_details(session=session, capacity=3, actor=None, now=EARLIER)
    assert statuses(*people) == ["offered", "offered", "waiting"]
    assert subjects() == ["A seat is free for you"] * 2


def test_seats_cannot_be_fewer_than_taken_and_on_offer() -> None:
    session = make_session(capacity=2)
    make_seat(session)
    seat = make_seat(session)
    wait(session)
    give_back(seat)
    change = services.change_details
    assert refusal(change, session=session, capacity=1, actor=None, now=EARLIER) == (
        "fewer_seats_than_people"
    )


def test_revived_seat_has_a_higher_sequence_after_waiting() -> None:
    session = make_session(capacity=1)
    seat = make_seat(session)
    other = wait(session)
    give_back(seat)
    services.accept_offer(registration=fresh(other), actor=None, now=EARLIER)
    wait(session, seat.person)
    give_back(other)
    services.accept_offer(registration=fresh(seat), actor=None, now=EARLIER)
    again = fresh(seat)
    assert (again.uid, again.sequence) == (seat.uid, 2)


# --- offers end --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "held"),
    [
        (timedelta(days=9), timedelta(hours=24)),
        (timedelta(days=2, minutes=1), timedelta(hours=24)),
        (timedelta(days=2), timedelta(hours=4)),
        (timedelta(hours=11), timedelta(hours=10)),  # it would end at 3 am, so: 9 am
        (timedelta(hours=10), timedelta(hours=9)),  # midnight in New York: its day, and night
        (timedelta(hours=2), timedelta(hours=1)),
        (timedelta(minutes=20), timedelta(minutes=20)),
    ],
)
def test_offer_is_shorter_the_nearer_the_session(before: timedelta, held: timedelta) -> None:
    session = make_session()
    now = session.starts_at - before
    assert waiting.hold_until(session, now) - now == held


def test_expired_offer_moves_on_and_is_told_once(
    django_capture_on_commit_callbacks: Capture,
) -> None:
    session = make_session(capacity=1)
    seat = make_seat(session)
    first, second = wait(session), wait(session)
    give_back(seat)
    end = EARLIER + timedelta(hours=24)
    assert services.tend_waiting_lists(now=end - timedelta(seconds=1)) == 0
    with django_capture_on_commit_callbacks(execute=True):
        assert services.tend_waiting_lists(now=end) == 1
        assert services.tend_waiting_lists(now=end) == 0
    assert statuses(first, second) == ["cancelled", "offered"]
    assert moves(first) == ["joined_list", "offered", "offer_expired"]
    assert subjects() == ["The seat went to the next person", "A seat is free for you"]
    accept = services.accept_offer
    assert refusal(accept, registration=fresh(first), actor=None, now=end) == "offer_over"


def test_offer_cannot_be_taken_after_its_time_even_before_the_sweep() -> None:
    session = make_session(capacity=1)
    seat = make_seat(session)
    first = wait(session)
    give_back(seat)
    late = EARLIER + timedelta(hours=24)
    accept = services.accept_offer
    assert refusal(accept, registration=fresh(first), actor=None, now=late) == "offer_over"
    assert refusal(accept, registration=fresh(seat), actor=None, now=EARLIER) == "offer_over"


def test_waiting_is_no_offer() -> None:
    session = make_session(capacity=1)
    make_seat(session)
    first = wait(session)
    accept = services.accept_offer
    assert refusal(accept, registration=fresh(first), actor=None, now=EARLIER) == "not_offered"


def test_sweep_finds_a_seat_left_lying() -> None:
    """What a worker that died between two transactions leaves behind."""
    session = make_session(capacity=1)
    make_seat(session)
    first = wait(session)
    Session.objects.filter(pk=session.pk).update(capacity=2)
    assert services.tend_waiting_lists(now=EARLIER) == 1
    assert statuses(first) == ["offered"]


def test_one_broken_list_keeps_no_other_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    lists = []
    for _ in range(2):
        session = make_session(capacity=1)
        seat = make_seat(session)
        lists.append(wait(session))
        give_back(seat)
    real = waiting.fill

    def break_first(session: Session, **kwargs: Any) -> int:
        if session.pk == lists[0].session_id:
            message = "broken"
            raise RuntimeError(message)
        return real(session, **kwargs)

    monkeypatch.setattr(waiting, "fill", break_first)
    assert services.tend_waiting_lists(now=EARLIER + timedelta(hours=24)) == 1
    assert statuses(*lists) == ["offered", "cancelled"]


def test_list_ends_with_the_beginning_of_the_session(
    django_capture_on_commit_callbacks: Capture,
) -> None:
    session = make_session(capacity=1)
    seat = make_seat(session)
    first, second = wait(session), wait(session)
    give_back(seat, now=session.starts_at - timedelta(minutes=5))
    accept = services.accept_offer
    now = session.starts_at
    assert refusal(accept, registration=fresh(first), actor=None, now=now) == "started"
    with django_capture_on_commit_callbacks(execute=True):
        services.tend_waiting_lists(now=now)
        services.tend_waiting_lists(now=now)
    assert statuses(first, second) == ["cancelled", "cancelled"]
    # The first had an offer, and did not answer it.
    assert sorted(subjects()) == ["No seat came free", "The offer of a seat is over"]


# --- the session changes -----------------------------------------------------------------------


def test_moved_session_tells_those_who_wait_without_an_invitation(
    django_capture_on_commit_callbacks: Capture,
) -> None:
    session = make_session(capacity=1)
    seat = make_seat(session)
    first, second = wait(session), wait(session)
    give_back(seat)
    late = session.starts_at - timedelta(hours=30)
    Registration.objects.filter(pk=first.pk).update(offered_until=late + timedelta(hours=24))
    with django_capture_on_commit_callbacks(execute=True):
        services.reschedule_session(
            session=session,
            day=late.date(),
            start=session.start_time,
            end=session.end_time,
            actor=None,
            now=EARLIER,
        )
    told = {message.to[0]: message for message in mail.outbox}
    assert set(told) == {first.person.email, second.person.email}
    for message in told.values():
        assert "You keep your place on the waiting list." in message.body
        assert not any("calendar" in part.mimetype for part in message.alternatives)
    session.refresh_from_db()
    assert fresh(first).offered_until == session.starts_at  # not beyond the new beginning


def test_cancelled_session_tells_those_who_wait(
    django_capture_on_commit_callbacks: Capture,
) -> None:
    session = make_session(capacity=1)
    make_seat(session)
    first = wait(session)
    with django_capture_on_commit_callbacks(execute=True):
        services.cancel_session(session=session, reason="Ill.", actor=None, now=EARLIER)
    assert statuses(first) == ["cancelled"]
    message = next(m for m in mail.outbox if m.to == [first.person.email])
    assert "You were on its waiting list." in message.body
    assert not any("calendar" in part.mimetype for part in message.alternatives)


def test_walk_in_who_waited_gets_a_seat() -> None:
    session = make_session(capacity=1)
    make_seat(session)
    first = wait(session)
    services.add_walk_in(
        session=session,
        first_name="Ana",
        last_name="Rivera",
        email=first.person.email or "",
        actor=None,
        now=session.starts_at,
    )
    assert statuses(first) == ["registered"]
    assert fresh(first).place is None


# --- the coordinator ---------------------------------------------------------------------------


def test_offer_out_of_order_adds_a_seat_and_keeps_the_reason() -> None:
    session = make_session(capacity=1)
    make_seat(session)
    first, second = wait(session), wait(session)
    offer: Callable[..., Registration] = services.offer_out_of_order
    for reason in ("", "  "):
        assert refusal(offer, registration=second, reason=reason, actor=None, now=EARLIER) == (
            "no_reason"
        )
    for _ in range(2):
        offer(registration=fresh(second), reason="Presents a case.", actor=None, now=EARLIER)
    assert statuses(first, second) == ["waiting", "offered"]
    session.refresh_from_db()
    assert session.capacity == 2
    assert second.events.last().note == "Presents a case."  # type: ignore[union-attr]


def test_offer_out_of_order_refuses_whoever_does_not_wait() -> None:
    session = make_session(capacity=1)
    seat = make_seat(session)
    offer = services.offer_out_of_order
    assert refusal(offer, registration=seat, reason="x", actor=None, now=EARLIER) == "not_waiting"


# --- feeds and lists ---------------------------------------------------------------------------


def test_queue_news_says_where_one_stands() -> None:
    session = make_session(capacity=1)
    make_seat(session)
    first = wait(session)
    seat = selectors.seat_of(first.person, session)
    assert seat is not None
    assert selectors.queue_news(seat) == "You are number 1 on the waiting list."


def test_rolled_back_place_tells_nobody() -> None:
    session = make_session(capacity=1)
    make_seat(session)
    before = OutboxMessage.objects.count()
    with transaction.atomic():
        wait(session)
        transaction.set_rollback(True)
    assert OutboxMessage.objects.count() == before
