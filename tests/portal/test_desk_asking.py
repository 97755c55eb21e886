"""The desk's queue of requests, its questions, answers and what people need; and their pages."""

import csv
import io
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from events import services
from events.asking_models import Arrangement, RegistrationQuestion
from events.models import Registration, Session
from events.services import Said
from lms.core.models import AuditEntry
from lms.people.models import Person
from tests.factories.people import make_person
from tests.portal.test_desk_sessions import Desk, path, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return Desk()


def ask(session: Session, person: Person | None = None, said: Said | None = None) -> Registration:
    person = person or make_person()
    return services.register(session=session, person=person, actor=person, said=said)


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.mark.parametrize("name", ["questions", "answers", "needs"])
def test_only_the_office_sees_them(desk: Desk, name: str) -> None:
    session = desk.session()
    assert desk.client.get(path(name, session)).status_code == 200
    for person in (Desk().person, make_person()):
        assert signed_in(person).get(path(name, session)).status_code == 404


def test_queue_answers_in_bulk_and_says_what_came_of_it(
    desk: Desk, django_capture_on_commit_callbacks: Any
) -> None:
    session = desk.session(approval=True, capacity=1)
    seats = [ask(session) for _n in range(3)]
    elsewhere = Desk()
    ask(elsewhere.session(approval=True))
    address = reverse("desk_sessions:requests")
    text = words(desk.client.get(address))
    assert text.count("To the session") == 0
    assert all(str(seat.person) in text for seat in seats)
    assert len(desk.client.get(address).context["groups"]) == 1
    assert "Tick at least one person." in words(desk.client.post(address, {"step": "approve"}))
    ticked = {"seat": [seats[0].pk, seats[1].pk]}
    with django_capture_on_commit_callbacks(execute=True):
        done = desk.client.post(address, {**ticked, "step": "approve"}, follow=True)
    assert "2 requests are answered" in words(done)
    assert "1 is on the waiting list" in words(done)
    refused = desk.client.post(address, {"seat": [seats[2].pk], "step": "refuse"})
    assert "Say why; everybody you refuse reads it." in words(refused)
    data = {"seat": [seats[2].pk], "step": "refuse", "reason": "For new staff."}
    with django_capture_on_commit_callbacks(execute=True):
        desk.client.post(address, data)
    assert [Registration.objects.get(pk=seat.pk).status for seat in seats] == [
        "registered", "waiting", "cancelled",
    ]  # fmt: skip
    assert len(mail.outbox) == 3


def test_request_of_another_office_cannot_be_answered(desk: Desk) -> None:
    seat = ask(Desk().session(approval=True))
    address = reverse("desk_sessions:requests")
    desk.client.post(address, {"seat": [seat.pk], "step": "approve"})
    seat.refresh_from_db()
    assert seat.is_pending


@pytest.mark.parametrize("rows", [1, 3])
def test_queue_queries_do_not_grow(desk: Desk, rows: int, django_assert_num_queries: Any) -> None:
    session = desk.session(approval=True)
    asked = services.add_question(
        training=desk.training, kind="yes_no", text="New?", required=True, actor=desk.person
    )
    for _n in range(rows):
        ask(session, said=Said(answers={asked.pk: "yes"}))
    with django_assert_num_queries(5):
        desk.client.get(reverse("desk_sessions:requests"))


def test_question_is_asked_on_the_form_and_its_answers_are_counted(desk: Desk) -> None:
    session = desk.session()
    data = {"text": "New to this?", "kind": "yes_no", "required": "on"}
    desk.client.post(path("questions", session), data)
    question = RegistrationQuestion.objects.get()
    person = make_person()
    client = signed_in(person)
    address = reverse("events:register", args=[session.pk])
    assert "New to this?" in words(client.get(address))
    missing = client.post(address, {"note": "I use a lift"})
    assert f"question{question.pk}" in missing.context["form"].errors
    assert missing.context["form"]["note"].value() == "I use a lift"
    client.post(address, {f"question{question.pk}": "no", "needs": ["sign"]})
    assert "Yes: 0, No: 1" in words(desk.client.get(path("answers", session)))
    change = reverse("events:answers", args=[session.pk])
    assert client.get(change).context["form"].initial["needs"] == ["sign"]
    assert signed_in(make_person()).get(change).status_code == 404
    client.post(change, {f"question{question.pk}": "yes"})
    assert "Yes: 1, No: 0" in words(desk.client.get(path("answers", session)))
    assert not Arrangement.objects.exists()
    desk.client.post(reverse("desk_sessions:retire", args=[session.pk, question.pk]))
    assert "Nothing is asked yet" in words(desk.client.get(path("questions", session)))


def test_picture_pasted_as_an_answer_is_refused_in_words(desk: Desk) -> None:
    session = desk.session()
    asked = services.add_question(
        training=desk.training, kind="text", text="Who sends you?", required=True, actor=desk.person
    )
    address = reverse("events:register", args=[session.pk])
    pasted = {
        f"question{asked.pk}": "https://example.org/badge.jpg",
        "note": "data:image/png;base64,AA",
    }
    form = signed_in(make_person()).post(address, pasted).context["form"]
    for name, value in pasted.items():
        assert "We take no pictures of badges or papers" in str(form.errors[name])
        assert form[name].value() == value
    assert not Registration.objects.exists()


def test_needs_are_read_by_those_who_arrange_and_each_look_is_noted(desk: Desk) -> None:
    session = desk.session()
    seat = ask(session, said=Said(needs=["sign"], note="front row"))
    page = desk.client.get(path("needs", session))
    assert "Sign language interpreter" in words(page)
    assert AuditEntry.objects.filter(action="arrangements.read").count() == 1
    admin = make_person()
    Person.objects.filter(pk=admin.pk).update(is_superuser=True)
    assert signed_in(Person.objects.get(pk=admin.pk)).get(path("needs", session)).status_code == 404
    for other in ("session", "roster_csv", "answers"):
        assert "front row" not in desk.client.get(path(other, session)).content.decode()
    there = Arrangement.objects.get()
    desk.client.post(path("needs", session), {"arrangement": there.pk})
    page = signed_in(seat.person).get(reverse("events:session", args=[session.pk]))
    assert "What you need is arranged." in words(page)


def test_roster_file_holds_the_answers_also_to_what_is_asked_no_more(desk: Desk) -> None:
    session = desk.session()
    common: dict[str, Any] = {"training": session.training, "required": False, "actor": desk.person}
    lunch = services.add_question(kind="yes_no", text="Lunch?", **common)
    ask(session, said=Said(answers={lunch.pk: "yes"}))
    services.retire_question(question=lunch, actor=desk.person)
    services.add_question(kind="text", text="=Shoes", **common)
    content = desk.client.get(path("roster_csv", session)).content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(content)))
    assert rows[0][-2:] == ["Lunch?", "'=Shoes"]
    assert rows[1][-2:] == ["Yes", ""]


def test_asking_for_a_seat_as_the_person_sees_it(desk: Desk) -> None:
    session = desk.session(approval=True)
    person = make_person()
    client = signed_in(person)
    page = reverse("events:session", args=[session.pk])
    assert "Seats are given by the office" in words(client.get(page))
    done = client.post(reverse("events:register", args=[session.pk]), follow=True)
    assert "You asked for a seat" in words(done)
    assert "Your request waits for the office" in words(client.get(page))
    assert "Your request waits for the office" in words(client.get(reverse("my:learning")))
    back = client.post(reverse("events:cancel", args=[session.pk]), follow=True)
    assert "Your request is taken back." in words(back)
    assert "3 people ask" not in words(desk.client.get(reverse("desk_sessions:list")))


def test_list_and_today_say_that_people_ask(desk: Desk) -> None:
    session = desk.session(approval=True)
    ask(session)
    assert "1 person asks for a seat" in words(desk.client.get(reverse("desk_sessions:list")))
    assert "1 person asks for a seat" in words(desk.client.get(path("session", session)))
    assert "1 person asks for a seat" in words(desk.client.get(reverse("desk:overview")))
