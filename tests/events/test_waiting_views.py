"""The waiting list as people meet it: on pages, in the mail, at the desk; and outsiders."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from events import letters, services
from events.models import Registration, Session
from lms.people.enums import Role
from tests.events.test_views import path, seat_now, signed_in, words
from tests.factories.events import make_coming_session, make_live_page, make_live_training
from tests.factories.people import make_office, make_person, make_with_role

pytestmark = pytest.mark.django_db


@pytest.fixture
def full() -> Session:
    """A session whose only seat is taken."""
    session = make_coming_session(capacity=1)
    seat_now(session)
    return session


def waiting(session: Session) -> Registration:
    person = make_person()
    return services.register(session=session, person=person, actor=person, wait_if_full=True)


def offered(session: Session) -> Registration:
    """Somebody for whom the seat is held."""
    seat = waiting(session)
    taken = session.registrations.live().get()
    services.cancel_registration(registration=taken, actor=None)
    seat.refresh_from_db()
    return seat


def test_full_session_leads_onto_its_waiting_list(full: Session) -> None:
    person = make_person()
    client = signed_in(person)
    assert "Nobody waits yet: you would be the first." in words(client.get(path("session", full)))
    asked = words(client.get(path("register", full)))
    assert "Shall we put you on the waiting list?" in asked
    answer = client.post(path("register", full), follow=True)
    assert "You are number 1 on the waiting list." in words(answer)
    page = words(client.get(path("session", full)))
    assert "You are number 1 on the waiting list." in page
    assert "1 person waits for a seat." in words(Client().get(path("session", full)))
    # A second tap is the same place.
    assert client.get(path("register", full)).status_code == 302
    client.post(path("register", full))
    assert full.registrations.waiting().count() == 1


def test_waiting_gives_no_join_and_no_place_in_the_feed(full: Session) -> None:
    seat = waiting(full)
    client = signed_in(seat.person)
    assert client.get(path("join", full)).status_code == 403
    token = services.calendar_token(person=seat.person, actor=None).token
    assert b"BEGIN:VEVENT" not in Client().get(f"/calendar/{token}.ics").content


def test_leaving_the_list_asks_first(full: Session) -> None:
    seat = waiting(full)
    client = signed_in(seat.person)
    assert "Leave the waiting list?" in words(client.get(path("cancel", full)))
    answer = client.post(path("cancel", full), follow=True)
    assert "You are not on the waiting list any more." in words(answer)
    assert full.registrations.waiting().count() == 0


def test_offer_is_taken_on_its_page(full: Session) -> None:
    seat = offered(full)
    client = signed_in(seat.person)
    page = client.get(path("session", full))
    assert "A seat is held for you until" in words(page)
    assert "Do you take the seat?" in words(client.get(path("offer", full)))
    answer = client.post(path("offer", full), {"answer": "take"}, follow=True)
    assert "You are registered" in words(answer)
    assert client.get(path("offer", full)).status_code == 302  # nothing is left to answer


def test_offer_is_taken_from_the_mail_without_signing_in(
    full: Session, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        seat = offered(full)
    link = re.findall(r"http://testserver(/\S+/offer/)", mail.outbox[-1].body)[0]
    anyone = Client()
    assert "Do you take the seat?" in words(anyone.get(link))
    seat.refresh_from_db()
    assert seat.is_offered  # a mail scanner that follows links takes nothing
    anyone.post(link, {"answer": "take"})
    seat.refresh_from_db()
    assert seat.is_live


def test_offer_is_passed_on_from_the_mail(full: Session) -> None:
    seat, following = offered(full), waiting(full)
    link = reverse("events:seat_offer", args=[letters.seat_token(seat)])
    answer = Client().post(link, {"answer": "pass"}, follow=True)
    assert "The seat goes to the next person." in words(answer)
    following.refresh_from_db()
    assert following.is_offered


def test_late_answer_says_what_to_do(full: Session) -> None:
    seat = offered(full)
    Registration.objects.filter(pk=seat.pk).update(offered_until=datetime.now(UTC))
    client = signed_in(seat.person)
    answer = client.post(path("offer", full), {"answer": "take"}, follow=True)
    assert "the time is over" in words(answer)


def test_offers_of_others_do_not_exist(full: Session) -> None:
    offered(full)
    assert signed_in(make_person()).get(path("offer", full)).status_code == 404
    assert signed_in(make_person()).post(path("offer", full)).status_code == 404
    assert Client().get(path("offer", full)).status_code == 302
    assert Client().get("/events/seats/forged/offer/").status_code == 404


def test_my_learning_shows_the_place_and_puts_an_offer_first(full: Session) -> None:
    first, second = offered(full), waiting(full)
    assert "You are number 1 on the waiting list." in words(signed_in(second.person).get("/my/"))
    page = words(signed_in(first.person).get("/my/"))
    assert "A seat is free for you" in page
    assert "Take the seat, or pass it on" in page


def test_stranger_joins_the_list_with_a_code(full: Session) -> None:
    page = Client().get(path("register", full))
    assert "with it you are on the waiting list" in words(page)


# --- the desk ----------------------------------------------------------------------------------


def test_desk_shows_the_list_and_offers_out_of_order() -> None:
    office = make_office()
    session = make_coming_session(make_live_page(office=office).training(), capacity=1)
    seat_now(session)
    first, second = waiting(session), waiting(session)
    client = signed_in(make_with_role(Role.COORDINATOR, office))
    address = reverse("desk_sessions:session", args=[session.pk])
    page = words(client.get(address))
    assert "1 of 1 taken, 2 wait" in page
    assert f"{first.person}" in page
    offer = reverse("desk_sessions:offer", args=[session.pk, second.pk])
    assert "one more: 2 in all" in words(client.get(offer))
    assert "This field is required" in words(client.post(offer, {"reason": ""}))
    answer = words(client.post(offer, {"reason": "Speaks that day."}, follow=True))
    assert "A seat is held for" in answer
    assert "Speaks that day." in answer
    second.refresh_from_db()
    assert second.is_offered
    remove = reverse("desk_sessions:remove", args=[session.pk, first.pk])
    assert "off the waiting list?" in words(client.get(remove))
    client.post(remove)
    first.refresh_from_db()
    assert first.is_cancelled
    assert client.get(remove).status_code == 404


@pytest.mark.parametrize("name", ["offer", "remove"])
def test_lists_of_another_office_do_not_exist(name: str) -> None:
    session = make_coming_session(make_live_training(), capacity=1)
    seat_now(session)
    address = reverse(f"desk_sessions:{name}", args=[session.pk, waiting(session).pk])
    elsewhere = signed_in(make_with_role(Role.COORDINATOR, make_office()))
    for client in (elsewhere, signed_in(make_person())):
        assert client.get(address).status_code == 404
        assert client.post(address, {"reason": "x"}).status_code == 404
    assert Client().get(address).status_code == 302


@pytest.mark.parametrize("rows", [1, 3])
def test_desk_queries_do_not_grow_with_the_list(rows: int, django_assert_num_queries: Any) -> None:
    office = make_office()
    session = make_coming_session(make_live_page(office=office).training(), capacity=1)
    seat_now(session)
    for _ in range(rows):
        waiting(session)
    client = signed_in(make_with_role(Role.COORDINATOR, office))
    address = reverse("desk_sessions:session", args=[session.pk])
    client.get(address)
    with django_assert_num_queries(10):
        client.get(address)
