"""A liaison registers people for a date: seats, waiting, requests, and what may be answered."""

import pytest
from django.test import Client
from django.utils import timezone

from events import services as events
from events.asking_models import RegistrationAnswer
from events.models import Registration
from lms.core.models import OutboxMessage
from lms.people.models import Organization, Person
from tests.factories.agencies import make_agency, make_liaison, make_member
from tests.factories.events import make_coming_session, make_live_training, make_seat
from tests.portal.test_agency import address, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def agency() -> Organization:
    return make_agency(name="Harbor Family")


@pytest.fixture
def liaison(client: Client, agency: Organization) -> Person:
    person = make_liaison(agency, name="Lee Liaison")
    client.force_login(person)
    return person


def test_registering_a_group_respects_the_seats(
    client: Client, liaison: Person, agency: Organization
) -> None:
    live = make_live_training()
    session = make_coming_session(live, capacity=2)
    names = ["Ann Able", "Ben Bold", "Cy Calm"]
    people = [make_member(agency, name=name) for name in names]
    make_seat(session, people[0], now=timezone.now())
    ticked = [person.employments.get().pk for person in people]
    path = address("dates", agency, training=live.key)
    page = text(client.post(path, {"session": session.pk, "people": ticked}))
    assert "1 person was registered" in page
    assert "<strong>Cy Calm</strong>: All seats are taken." in page
    assert "Had a seat already" in page
    seated = Registration.objects.live().filter(session=session)
    assert {seat.person for seat in seated} == set(people[:2])
    told = OutboxMessage.objects.filter(key__startswith="events.registration_confirmed")
    assert {message.payload["to"] for message in told} == {p.email for p in people[:2]}


def test_group_at_a_full_date_waits_where_the_liaison_ticked_it(
    client: Client, liaison: Person, agency: Organization
) -> None:
    live = make_live_training()
    session = make_coming_session(live, capacity=1)
    make_seat(session, now=timezone.now())
    member = make_member(agency, name="Cy Calm")
    path = address("dates", agency, training=live.key)
    form = text(client.get(path))
    assert "Full, with a waiting list" in form
    assert f'value="{session.pk}" disabled' not in form
    assert 'name="wait" value="yes" checked' in form
    ticked = {"session": session.pk, "people": member.employments.get().pk, "wait": "yes"}
    for _twice in range(2):
        page = text(client.post(path, ticked))
        assert "On the waiting list, and told by mail" in page
        assert "0 people were registered" in page
    seat = Registration.objects.get(person=member)
    assert seat.is_waiting
    assert OutboxMessage.objects.filter(payload__to=member.email).count() == 1


def test_group_at_a_date_of_approval_asks_and_is_not_said_to_have_seats(
    client: Client, liaison: Person, agency: Organization
) -> None:
    live = make_live_training()
    session = make_coming_session(live, approval=True)
    member = make_member(agency, name="Cy Calm")
    path = address("dates", agency, training=live.key)
    ticked = {"session": session.pk, "people": member.employments.get().pk}
    page = text(client.post(path, ticked))
    assert "<strong>Cy Calm</strong>: Asked for a seat: the office decides" in page
    assert "0 people were registered" in page
    assert Registration.objects.get(person=member).is_pending


def test_liaison_answers_for_the_group_what_the_question_allows(
    client: Client, liaison: Person, agency: Organization
) -> None:
    session = make_coming_session(make_live_training())
    ask = {"training": session.training, "kind": "text", "required": True, "actor": liaison}
    theirs = events.add_question(**ask, text="Which agency?", others_may_answer=True)
    events.add_question(**ask, text="What do you hope for?")
    people = [make_member(agency) for _number in range(2)]
    path = address("dates", agency, training=session.training.key)
    ticked = {
        "session": session.pk,
        "people": [person.employments.get().pk for person in people],
        "wait": "yes",
    }
    page = text(client.post(path, ticked))
    assert ("Which agency?" in page, "What do you hope for?" in page) == (True, False)
    assert "Do you need something" not in page
    assert "kept for all 2 people" in page
    assert Registration.objects.count() == 0
    answered = {**ticked, "step": "answered", f"question{theirs.pk}": "Safe Harbor"}
    assert "2 people were registered" in text(client.post(path, answered))
    assert [answer.text for answer in RegistrationAnswer.objects.all()] == ["Safe Harbor"] * 2
    asked = OutboxMessage.objects.filter(key__startswith="events.registration_questions")
    assert {message.payload["to"] for message in asked} == {person.email for person in people}


def test_group_without_date_or_people_is_asked_again(
    client: Client, liaison: Person, agency: Organization
) -> None:
    live = make_live_training()
    session = make_coming_session(live)
    member = make_member(agency)
    path = address("dates", agency, training=live.key)
    assert "Choose a date." in text(client.post(path, {"people": member.employments.get().pk}))
    assert "Tick at least one person." in text(client.post(path, {"session": session.pk}))
    assert "Your people" in text(client.get("/agency/", follow=True))
