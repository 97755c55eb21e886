"""Requests for seats: asked, approved or refused, told; and what is asked at registration."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail

from events import services
from events.asking_models import Arrangement, RegistrationAnswer
from events.enums import RegistrationStatus
from events.models import Registration, Session
from events.services import Said
from lms.core.exceptions import Refused
from lms.core.personal_data import holdings
from lms.people.enums import Role
from lms.people.models import Person
from tests.factories.events import EARLIER, make_session
from tests.factories.people import make_person, make_with_role

pytestmark = pytest.mark.django_db

LATER = EARLIER + timedelta(hours=1)


def ask(session: Session, person: Person | None = None, **fields: Any) -> Registration:
    person = person or make_person()
    return services.register(session=session, person=person, actor=person, now=EARLIER, **fields)


def moves(seat: Registration) -> list[str]:
    return list(seat.events.values_list("move", flat=True))


def calendars() -> list[tuple[str, str]]:
    """(address, method) of the calendar messages sent."""
    return [
        (message.to[0], str(part.get_param("method")))
        for message in mail.outbox
        for part in message.message().walk()
        if part.get_content_type() == "text/calendar"
    ]


def test_request_holds_no_seat_and_reaches_no_calendar(
    django_capture_on_commit_callbacks: Any,
) -> None:
    session = make_session(approval=True, capacity=1)
    with django_capture_on_commit_callbacks(execute=True):
        first, second = (ask(session, make_person(f"{n}@example.org")) for n in "ab")
    assert [first.status, second.status] == [RegistrationStatus.PENDING] * 2
    assert (first.registered_at, moves(first)) == (None, ["asked"])
    assert session.registrations.spoken_for().count() == 0
    assert [message.subject[:20] for message in mail.outbox] == ["You asked for a seat"] * 2
    assert calendars() == []
    assert ask(session, first.person).pk == first.pk
    assert moves(first) == ["asked"]


def test_approved_together_in_the_order_of_asking(django_capture_on_commit_callbacks: Any) -> None:
    session = make_session(approval=True, capacity=1)
    first, second = (ask(session, make_person(f"{n}@example.org")) for n in "ab")
    with django_capture_on_commit_callbacks(execute=True):
        for _twice in range(2):
            services.approve(session=session, registrations=[second, first], actor=None, now=LATER)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, second.status) == ("registered", "waiting")
    assert moves(first) == moves(second) == ["asked", "approved"]
    assert calendars() == [("a@example.org", "REQUEST")]


def test_refused_with_a_reason_that_is_told_and_kept(
    django_capture_on_commit_callbacks: Any,
) -> None:
    session = make_session(approval=True)
    seat = ask(session)
    with pytest.raises(Refused) as refusal:
        services.refuse(session=session, registrations=[seat], reason=" ", actor=None, now=LATER)
    assert refusal.value.code == "no_reason"
    with django_capture_on_commit_callbacks(execute=True):
        services.refuse(
            session=session, registrations=[seat], reason="For new staff.", actor=None, now=LATER
        )
    seat.refresh_from_db()
    assert (seat.status, seat.events.last().note) == ("cancelled", "For new staff.")
    assert "The reason: For new staff." in mail.outbox[-1].body
    assert calendars() == []
    assert ask(session, seat.person).is_pending


def test_office_needs_no_approval(django_capture_on_commit_callbacks: Any) -> None:
    session = make_session(approval=True)
    seat = ask(session)
    for person in (seat.person, make_person()):
        given = services.register(
            session=session, person=person, actor=None, by_office=True, now=LATER
        )
        assert given.status == RegistrationStatus.REGISTERED


def test_taken_back_session_cancelled_and_not_answered_in_time(
    django_capture_on_commit_callbacks: Any,
) -> None:
    session = make_session(approval=True)
    withdrawn, unanswered = ask(session), ask(session)
    services.cancel_registration(registration=withdrawn, actor=withdrawn.person, now=LATER)
    assert moves(withdrawn) == ["asked", "ask_withdrawn"]
    with django_capture_on_commit_callbacks(execute=True):
        services.tend_waiting_lists(now=session.starts_at + timedelta(minutes=1))
    unanswered.refresh_from_db()
    assert (unanswered.status, moves(unanswered)) == ("cancelled", ["asked", "ask_ended"])
    assert "before the office answered" in mail.outbox[-1].body
    other = make_session(approval=True)
    seat = ask(other)
    services.cancel_session(session=other, reason="Storm.", actor=None, now=LATER)
    seat.refresh_from_db()
    assert (seat.status, moves(seat)) == ("cancelled", ["asked", "session_cancelled"])


# --- questions and needs -------------------------------------------------------------------------


def question(of: Session, **fields: Any) -> Any:
    data = {"kind": "yes_no", "text": "New to this?", "required": False, **fields}
    return services.add_question(training=of.training, actor=make_person(), **data)


def test_required_question_keeps_the_seat_back_until_answered() -> None:
    session = make_session()
    asked = question(session, required=True)
    with pytest.raises(Refused) as refusal:
        ask(session, said=Said())
    assert refusal.value.code == "answer_missing"
    assert Registration.objects.count() == 0
    with pytest.raises(Refused) as refusal:
        ask(session, said=Said(answers={asked.pk: "perhaps"}))
    assert refusal.value.code == "not_a_choice"
    seat = ask(session, said=Said(answers={asked.pk: "yes"}))
    assert seat.answers.get().text == "yes"


def test_question_of_one_session_is_asked_there_alone_and_retired_for_good() -> None:
    session = make_session()
    other = make_session(session.training, day=session.day + timedelta(days=7))
    here = question(session, session=session, kind="choice", choices=["Red", "Blue", "Red"])
    assert here.choices == ["Red", "Blue"]
    assert question(session, session=session, kind="choice", choices=["Red", "Blue"]) == here
    ask(other, said=Said(answers={here.pk: "Red"}))
    assert RegistrationAnswer.objects.count() == 0
    seat = ask(session, said=Said(answers={here.pk: "Red"}))
    services.retire_question(question=here, actor=make_person())
    services.say(registration=seat, said=Said(), actor=seat.person, now=LATER)
    assert seat.answers.get().text == "Red"
    with pytest.raises(Refused):
        question(session, kind="choice", choices=["One"], text="?")


def test_needs_are_kept_apart_and_a_changed_one_is_to_be_arranged_anew() -> None:
    session = make_session()
    seat = ask(session, said=Said(needs=["sign", "nonsense"], language=" Spanish "))
    there = Arrangement.objects.get()
    assert (there.registration, there.needs, there.language) == (seat, ["sign"], "Spanish")
    coordinator = make_with_role(Role.COORDINATOR, session.training.owner)
    with pytest.raises(Refused) as refusal:
        services.arrange(arrangement=there, actor=make_person())
    assert refusal.value.code == "not_yours"
    assert services.arrange(arrangement=there, actor=coordinator).arranged_at
    same = Said(needs=["sign"], language="Spanish")
    services.say(registration=seat, said=same, actor=seat.person, now=LATER)
    assert Arrangement.objects.get().arranged_at
    services.say(registration=seat, said=Said(needs=["captions"]), actor=seat.person, now=LATER)
    assert Arrangement.objects.get().arranged_at is None
    services.say(registration=seat, said=Said(), actor=seat.person, now=LATER)
    assert not Arrangement.objects.exists()


def test_answers_and_needs_are_exported_and_erased() -> None:
    session = make_session()
    asked = question(session)
    seat = ask(session, said=Said(answers={asked.pk: "yes"}, needs=["captions"]))
    known = {holding.name: holding for holding in holdings()}
    assert known["events.answers"].export(seat.person)[0]["answer"] == "yes"
    assert known["events.arrangements"].export(seat.person)[0]["needs"] == ["captions"]
    for name in ("events.answers", "events.arrangements"):
        erase = known[name].erase
        assert erase
        assert erase(seat.person) == 1
        assert known[name].export(seat.person) == []
