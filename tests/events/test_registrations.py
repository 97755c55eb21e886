"""Taking a seat, giving it back, taking it again; and never more people than seats."""

import threading
import time as clock
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction

from events import services
from events.enums import RegistrationMove, RegistrationStatus
from events.models import Registration, RegistrationEvent, Session
from events.services import registrations, seats
from lms.core.exceptions import Refused
from lms.core.models import AuditEntry, OutboxMessage
from lms.people.models import Person
from tests.factories.events import EARLIER, make_seat, make_session
from tests.factories.people import make_person

pytestmark = pytest.mark.django_db


def refusal(call: Callable[..., Any], **arguments: Any) -> str:
    with pytest.raises(Refused) as caught, transaction.atomic():
        call(**arguments)
    return caught.value.code


def take(session: Session, *, now: datetime = EARLIER) -> str:
    person = make_person()
    return refusal(services.register, session=session, person=person, actor=person, now=now)


def test_register_confirms_by_mail_with_an_invitation(
    django_capture_on_commit_callbacks: Any,
) -> None:
    session = make_session()
    with django_capture_on_commit_callbacks(execute=True):
        seat = make_seat(session, make_person("ana@example.org"))
    (message,) = mail.outbox
    assert (message.to, message.subject) == (
        ["ana@example.org"],
        f"You are registered: {session.name}",
    )
    assert "Tuesday, July 14, 2026, 10 a.m. to 1 p.m. Eastern (EDT)" in message.body
    assert f"/events/sessions/{session.pk}/" in message.body
    assert "does not free your seat" in message.body
    assert "secret-room" not in message.message().as_string()
    assert (seat.status, seat.sequence) == (RegistrationStatus.REGISTERED, 0)


def test_register_twice_is_one_seat_and_one_mail(django_capture_on_commit_callbacks: Any) -> None:
    session, person = make_session(), make_person()
    with django_capture_on_commit_callbacks(execute=True):
        first, second = make_seat(session, person), make_seat(session, person)
    assert first == second
    assert (Registration.objects.count(), len(mail.outbox)) == (1, 1)
    assert RegistrationEvent.objects.count() == 1


def test_database_refuses_a_second_seat_for_one_person() -> None:
    seat = make_seat(make_session())
    with (
        pytest.raises(IntegrityError, match="events_registration_one_seat_each"),
        transaction.atomic(),
    ):
        Registration.objects.create(session=seat.session, person=seat.person)


def test_register_writes_for_the_person_a_merged_record_became() -> None:
    session, person = make_session(), make_person()
    alias = make_person(canonical_person=person)
    assert make_seat(session, alias).person == person
    assert make_seat(session, person).person == person
    assert Registration.objects.count() == 1


def test_register_refuses_when_full_and_a_freed_seat_can_be_taken() -> None:
    session = make_session(capacity=1)
    seat = make_seat(session)
    assert take(session) == "full"
    services.cancel_registration(registration=seat, actor=seat.person, now=EARLIER)
    assert make_seat(session).is_live


def test_register_refuses_outside_its_time() -> None:
    opens, closes = datetime(2026, 6, 10, 16, tzinfo=UTC), datetime(2026, 7, 10, 16, tzinfo=UTC)
    session = make_session(registration_opens_at=opens, registration_closes_at=closes)
    assert take(session) == "not_open"
    assert take(session, now=closes) == "closed"
    assert take(session, now=session.starts_at) == "started"
    assert make_seat(session, now=opens).is_live
    services.cancel_session(session=session, reason="x", actor=None, now=EARLIER)
    session.refresh_from_db()
    assert take(session) == "cancelled"


def test_refusal_names_the_moment_in_the_sessions_zone() -> None:
    session = make_session(registration_opens_at=datetime(2026, 6, 10, 16, tzinfo=UTC))
    with pytest.raises(Refused, match=r"June 10, 2026 at noon Eastern \(EDT\)"):
        make_seat(session)


def test_cancel_frees_the_seat_and_tells_the_person(
    django_capture_on_commit_callbacks: Any,
) -> None:
    seat = make_seat(make_session())
    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(2):
            services.cancel_registration(registration=seat, actor=seat.person, now=EARLIER)
    assert [m.subject.partition(":")[0] for m in mail.outbox] == ["Your seat was given back"]
    seat.refresh_from_db()
    assert (seat.status, seat.sequence, seat.cancelled_at) == ("cancelled", 1, EARLIER)


def test_cancel_refuses_from_the_start_on() -> None:
    seat = make_seat(make_session())
    cancel = services.cancel_registration
    now = seat.session.starts_at
    assert refusal(cancel, registration=seat, actor=seat.person, now=now) == "started"


def test_registering_again_revives_the_same_calendar_entry(
    django_capture_on_commit_callbacks: Any,
) -> None:
    session, person = make_session(), make_person()
    with django_capture_on_commit_callbacks(execute=True):
        first = make_seat(session, person)
        services.cancel_registration(registration=first, actor=person, now=EARLIER)
        again = make_seat(session, person)
    assert (again.pk, again.uid, again.sequence) == (first.pk, first.uid, 2)
    assert [m.subject.partition(":")[0] for m in mail.outbox] == [
        "You are registered",
        "Your seat was given back",
        "You are registered",
    ]
    moves = [event.move for event in again.events.all()]
    assert moves == [
        RegistrationMove.REGISTERED,
        RegistrationMove.CANCELLED,
        RegistrationMove.REGISTERED_AGAIN,
    ]
    actions = AuditEntry.objects.filter(object_type="events.registration").order_by("id")
    assert [entry.action for entry in actions] == [f"registration.{move}" for move in moves]


def test_person_without_an_address_gets_a_seat_and_no_mail() -> None:
    assert make_seat(make_session(), make_person(None)).is_live
    assert OutboxMessage.objects.count() == 0


def test_letters_are_in_the_readers_language(django_capture_on_commit_callbacks: Any) -> None:
    person = make_person(preferred_language="es")
    with django_capture_on_commit_callbacks(execute=True):
        make_seat(make_session(), person)
    assert "/es/events/sessions/" in mail.outbox[0].body


def test_rolled_back_registration_sends_no_mail(django_capture_on_commit_callbacks: Any) -> None:
    session = make_session()
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        make_seat(session)
        transaction.set_rollback(True)
    assert (mail.outbox, Registration.objects.count(), OutboxMessage.objects.count()) == ([], 0, 0)


def test_history_of_a_seat_is_not_rewritten() -> None:
    make_seat(make_session())
    with pytest.raises(Exception, match="is refused"), transaction.atomic():
        RegistrationEvent.objects.update(move=RegistrationMove.CANCELLED)


# --- many at once, on real connections --------------------------------------------------------


def at_once(calls: list[Callable[[], Any]]) -> list[Any]:
    """Run the calls in threads that start together; a refusal's code stands for its answer."""
    gate = threading.Barrier(len(calls))
    answers: list[Any] = [None] * len(calls)

    def run(place: int, call: Callable[[], Any]) -> None:
        try:
            gate.wait()
            answers[place] = call()
        except Refused as refused:
            answers[place] = refused.code
        except Exception as error:  # noqa: BLE001 - shown by the assertion
            answers[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place, call)) for place, call in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return answers


def registering(session: Session, people: list[Person]) -> list[Callable[[], Any]]:
    def call(person: Person) -> Callable[[], Any]:
        # Each thread reads its own row, as each request does.
        return lambda: (
            services.register(
                session=Session.objects.select_related("training__owner").get(pk=session.pk),
                person=person,
                actor=person,
                now=EARLIER,
            ).status
        )

    return [call(person) for person in people]


@pytest.mark.django_db(transaction=True)
def test_twenty_people_at_once_take_three_seats() -> None:
    session = make_session(capacity=3)
    answers = at_once(registering(session, [make_person() for _ in range(20)]))
    assert sorted(answers) == ["full"] * 17 + ["registered"] * 3
    assert session.registrations.live().count() == 3
    assert len(mail.outbox) == 3


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_the_last_seat_is_sold_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: if this cannot oversell, the test above proves nothing."""

    def no_lock(row: Session) -> Session:
        return Session.objects.get(pk=row.pk)

    def slow_count(session: Session, taken: int) -> Refused | None:
        answer = real(session, taken)
        clock.sleep(0.3)
        return answer

    real = registrations.why_full
    monkeypatch.setattr(seats, "lock", no_lock)
    monkeypatch.setattr(registrations, "why_full", slow_count)
    session = make_session(capacity=1)
    answers = at_once(registering(session, [make_person(), make_person()]))
    assert answers == ["registered", "registered"]
    assert session.registrations.live().count() == 2


@pytest.mark.django_db(transaction=True)
def test_one_seat_is_sold_once_even_when_counting_is_slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same pause as the negative control, with the lock."""

    def slow_count(session: Session, taken: int) -> Refused | None:
        answer = real(session, taken)
        clock.sleep(0.3)
        return answer

    real = registrations.why_full
    monkeypatch.setattr(registrations, "why_full", slow_count)
    session = make_session(capacity=1)
    answers = at_once(registering(session, [make_person(), make_person()]))
    assert sorted(answers) == ["full", "registered"]


@pytest.mark.django_db(transaction=True)
def test_one_person_in_many_tabs_has_one_seat_and_one_mail() -> None:
    session, person = make_session(), make_person()
    assert at_once(registering(session, [person] * 8)) == ["registered"] * 8
    assert (Registration.objects.count(), len(mail.outbox)) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_giving_back_while_others_register_never_oversells() -> None:
    session = make_session(capacity=1)
    seat = make_seat(session)

    def give_back() -> str:
        return services.cancel_registration(
            registration=Registration.objects.select_related("session__training__owner").get(
                pk=seat.pk
            ),
            actor=seat.person,
            now=EARLIER,
        ).status

    at_once([give_back, *registering(session, [make_person() for _ in range(6)])])
    assert session.registrations.live().count() <= 1
    seat.refresh_from_db()
    assert seat.status == "cancelled"


@pytest.mark.django_db(transaction=True)
def test_cancelling_a_session_while_people_register_leaves_nobody_untold() -> None:
    session = make_session()

    def cancel() -> str:
        return services.cancel_session(session=session, reason="x", actor=None, now=EARLIER).status

    people = [make_person() for _ in range(6)]
    at_once([*registering(session, people), cancel])
    assert session.registrations.live().count() == 0
    told = [m for m in mail.outbox if m.subject.startswith("Cancelled")]
    assert len(told) == session.registrations.count()


def test_registration_window_is_half_open() -> None:
    closes = datetime(2026, 7, 10, 16, tzinfo=UTC)
    session = make_session(registration_closes_at=closes)
    assert make_seat(session, now=closes - timedelta(seconds=1)).is_live
