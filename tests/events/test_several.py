"""Registering for several sessions, or several people: what is asked once, of whom, and told."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from events import services
from events.asking_models import Arrangement, RegistrationAnswer, RegistrationQuestion
from events.models import Registration, Session
from lms.people import people_list
from lms.people.models import Person
from tests.events.test_series import client_of, make_series
from tests.factories.events import make_coming_session, make_live_training
from tests.factories.people import make_person
from tests.portal.test_desk_sessions import words

pytestmark = pytest.mark.django_db


def ask(asked_at: Session, text: str, **fields: Any) -> RegistrationQuestion:
    return services.add_question(
        training=asked_at.training,
        **{"kind": "text", "text": text, "required": True, "actor": make_person(), **fields},
    )


def days(*titles: str, **fields: Any) -> list[Session]:
    """A session a day, each of a training of its own."""
    return [
        make_coming_session(title=title, starts_in=timedelta(days=30 + number), **fields)
        for number, title in enumerate(titles)
    ]


def test_the_same_question_is_asked_once_and_needs_once() -> None:
    opening, workshop, closing = days("Opening", "Workshop", "Closing")
    agency = [ask(session, "Which agency?") for session in (opening, workshop, closing)]
    ask(workshop, "Lunch?", kind="yes_no", required=False, session=workshop)
    page = make_series(opening, workshop, closing)
    person = make_person()
    client = client_of(person)
    address = reverse("events:series_register", args=[page.pk])
    chosen = {"session": [opening.pk, workshop.pk], "needs": ["captions"]}
    asked = client.post(address, chosen)
    assert asked.content.count(b"Which agency?") == 1
    assert "Asked for Workshop." in words(asked)
    assert "is required" not in words(asked)
    assert re.search(r'value="captions"[^>]* checked', asked.content.decode())
    assert Registration.objects.count() == 0
    looked = {**chosen, "seen": chosen["session"]}
    # Left open, it is asked again, with everything that was typed.
    again = client.post(address, {**looked, "note": "A quiet room"})
    assert ("A quiet room" in again.content.decode(), Registration.objects.count()) == (True, 0)
    field = f"question{agency[0].pk}"
    # A session ticked only now is looked at before anything is done.
    more = {**looked, "session": [opening.pk, workshop.pk, closing.pk], field: "Safe Harbor"}
    assert "Safe Harbor" in client.post(address, more).content.decode()
    assert Registration.objects.count() == 0
    done = words(client.post(address, {**looked, field: "Safe Harbor"}))
    assert "What came of it" in done
    answers = RegistrationAnswer.objects.filter(registration__person=person)
    assert sorted(answers.values_list("registration__session__title", "text")) == [
        ("Opening", "Safe Harbor"),
        ("Workshop", "Safe Harbor"),
    ]
    assert [row.needs for row in Arrangement.objects.all()] == [["captions"]] * 2


def test_each_session_says_what_came_of_it(django_capture_on_commit_callbacks: Any) -> None:
    free, full, asks, gone = days("Free", "Full", "Asks", "Gone")
    services.change_details(session=full, capacity=1, actor=None)
    for _number in range(2):
        services.register(
            session=full, person=make_person(), actor=None, wait_if_full=True, said=None
        )
    services.change_details(session=asks, approval=True, actor=None)
    page = make_series(free, full, asks, gone)
    person = make_person()
    results = services.register_several(
        sessions=[free, full, asks, gone], person=person, actor=person
    )
    assert [result.seat.status for result in results if result.seat] == [
        *("registered", "waiting", "pending", "registered")
    ]
    other = make_person()
    client = client_of(other)
    address = reverse("events:series_register", args=[page.pk])
    form = words(client.get(address))
    assert "Seats are given by the office" in form
    assert "Full, with a waiting list" in form
    ids = [session.pk for session in (free, full, asks, gone)]
    # One is closed between the look and the click: it says why, and stops no other.
    Session.objects.filter(pk=gone.pk).update(registration_closes_at=timezone.now())
    refused = services.register_several(
        sessions=list(Session.objects.filter(pk__in=ids).order_by("starts_at")),
        person=other,
        actor=other,
    )
    assert [row.seat.status if row.seat else row.reason[:22] for row in refused] == [
        "registered",
        "waiting",
        "pending",
        "Registration closed on",
    ]
    done = words(client.post(address, {"session": ids[:3], "seen": ids[:3]}))
    assert "You are number 3 on the waiting list." in done
    assert "Your request waits for the office." in done


@pytest.mark.parametrize("count", [1, 3])
def test_questions_of_several_cost_one_query(count: int, django_assert_num_queries: Any) -> None:
    sessions = days(*[f"Day {number}" for number in range(count)])
    for session in sessions:
        ask(session, f"Why {session.pk}?")
    page = make_series(*sessions)
    client = client_of(make_person())
    address = reverse("events:series_register", args=[page.pk])
    with django_assert_num_queries(QUERIES):
        client.post(address, {"session": "all"})


QUERIES = 13


def test_one_more_at_the_same_time_is_warned_of_and_left_to_the_person() -> None:
    first = make_coming_session(title="Opening")
    second = make_coming_session(title="Workshop")
    person = make_person()
    services.register(session=first, person=person, actor=person)
    client = client_of(person)
    address = reverse("events:register", args=[second.pk])
    assert "is at the same time as “Opening”" in words(client.get(address))
    client.post(address)
    assert Registration.objects.live().of(person).count() == 2


# --- people registered by somebody else ----------------------------------------------------------


def register_list(session: Session, text: str, actor: Person) -> None:
    services.register_group(
        session=session, lines=people_list.read(text, hired=False), add_seats=False, actor=actor
    )


def test_a_list_gets_its_seats_and_is_asked_by_mail_once(
    django_capture_on_commit_callbacks: Any,
) -> None:
    session = make_coming_session(title="Opening")
    ask(session, "Which agency?")
    office = make_person()
    with django_capture_on_commit_callbacks(execute=True):
        for _twice in range(2):
            register_list(session, "Ana Rivera, ana@example.org", office)
    subjects = [message.subject for message in mail.outbox]
    assert subjects == ["You are registered: Opening", "Please answer before Opening"]
    address = reverse("events:answers", args=[session.pk])
    assert all(address in message.body for message in mail.outbox)
    assert "Which agency?" in mail.outbox[1].body
    seat = Registration.objects.get(person__email="ana@example.org")
    assert (seat.is_live, seat.answers.count()) == (True, 0)
    page = client_of(seat.person).get(address)
    assert "Which agency?" in words(page)


def test_what_others_may_answer_is_answered_for_the_group(
    django_capture_on_commit_callbacks: Any,
) -> None:
    session = make_coming_session(make_live_training(), title="Opening")
    theirs = ask(session, "Which agency?", others_may_answer=True)
    own = ask(session, "Have you been here before?", kind="yes_no")
    person, liaison = make_person(), make_person()
    with django_capture_on_commit_callbacks(execute=True):
        seat = services.register(
            session=session,
            person=person,
            actor=liaison,
            answered={theirs.pk: "Safe Harbor", own.pk: "yes"},
        )
    assert [answer.text for answer in seat.answers.all()] == ["Safe Harbor"]
    asked = mail.outbox[-1].body
    assert ("Have you been" in asked, "Which agency?" in asked) == (True, False)
    # Nobody who registers by themselves is asked by mail.
    with django_capture_on_commit_callbacks(execute=True):
        me = make_person("me@example.org")
        services.register(session=session, person=me, actor=me)
    assert [message.subject for message in mail.outbox if message.to == ["me@example.org"]] == [
        "You are registered: Opening"
    ]
