"""Restricted sessions: the links of a seat work signed out, and no seat goes to an outsider."""

from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse

from events import letters, services
from events.enums import FreedSeats
from events.models import Registration, Session
from lms.core.exceptions import Refused
from lms.core.models import OutboxMessage
from lms.people.models import Person
from lms.trainings.access_models import AccessGrant
from lms.trainings.services.access import end_grant
from tests.events.test_views import signed_in, words
from tests.factories.access import make_grant
from tests.factories.events import make_coming_session, make_live_page
from tests.factories.people import make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def session() -> Session:
    """A session with one seat, of a training that the office lets people into."""
    page = make_live_page(title="Advanced casework", slug="advanced", access="approval")
    return make_coming_session(page.training(), capacity=1)


def registered(session: Session) -> Registration:
    person = make_person()
    make_grant(person, session.training)
    return services.register(session=session, person=person, actor=person, wait_if_full=True)


def let_go(person: Person) -> None:
    for grant in AccessGrant.objects.of(person):
        end_grant(grant=grant, actor=grant.granted_by)


def link(name: str, seat: Registration) -> str:
    return reverse(f"events:{name}", args=[letters.seat_token(seat)])


def fresh(seat: Registration) -> Registration:
    return Registration.objects.get(pk=seat.pk)


def give_back(seat: Registration) -> None:
    services.cancel_registration(registration=fresh(seat), actor=None)


def test_giving_a_seat_back_signed_out_is_confirmed(session: Session) -> None:
    seat = registered(session)
    client = Client()
    asked = client.get(link("seat_cancel", seat))
    assert "Give your seat back?" in words(asked)
    assert reverse("events:session", args=[session.pk]) not in asked.content.decode()
    answer = client.post(link("seat_cancel", seat), follow=True)
    assert answer.status_code == 200
    assert "You gave your seat back." in words(answer)
    assert "You have no seat in this session" in words(answer)
    assert fresh(seat).is_cancelled
    again = client.get(link("seat_cancel", seat))
    assert (again.status_code, "You gave your seat back" in words(again)) == (200, False)


def test_giving_back_signed_in_leads_to_the_session(session: Session) -> None:
    seat = registered(session)
    answer = signed_in(seat.person).post(link("seat_cancel", seat))
    assert answer["Location"] == reverse("events:session", args=[session.pk])


def test_offer_is_taken_and_passed_on_signed_out(session: Session) -> None:
    first, second, third = registered(session), registered(session), registered(session)
    give_back(first)
    passed = Client().post(link("seat_offer", second), {"answer": "pass"}, follow=True)
    assert (passed.status_code, "The seat goes to the next person" in words(passed)) == (200, True)
    taken = Client().post(link("seat_offer", third), {"answer": "take"}, follow=True)
    assert "The seat is yours." in words(taken)
    assert "You have a seat in this session." in words(taken)
    assert fresh(third).is_live


def test_whose_access_ended_takes_no_offer_and_the_next_is_served(session: Session) -> None:
    first, second, third = registered(session), registered(session), registered(session)
    give_back(first)
    assert fresh(second).is_offered
    let_go(second.person)
    answer = signed_in(second.person).post(
        link("seat_offer", second), {"answer": "take"}, follow=True
    )
    shown = words(answer)
    assert "Your access to this training ended" in shown
    assert "The seat goes to the next person." in shown
    assert fresh(second).is_cancelled
    assert fresh(third).is_offered
    told = OutboxMessage.objects.filter(key__startswith="events.waiting_access_ended")
    assert told.get().payload["to"] == second.person.email


def test_refusal_stands_though_it_is_raised(session: Session) -> None:
    first, second = registered(session), registered(session)
    give_back(first)
    let_go(second.person)
    for _time in range(2):
        with pytest.raises(Refused):
            services.accept_offer(registration=fresh(second), actor=second.person)
    assert fresh(second).is_cancelled
    assert session.registrations.live().count() == 0


@pytest.mark.parametrize("freed", [FreedSeats.OFFER, FreedSeats.GIVE])
def test_free_seat_passes_over_whose_access_ended(session: Session, freed: FreedSeats) -> None:
    Session.objects.filter(pk=session.pk).update(freed_seats=freed)
    first, second, third = registered(session), registered(session), registered(session)
    let_go(second.person)
    give_back(first)
    assert fresh(second).is_cancelled
    third = fresh(third)
    assert (third.is_live if freed == FreedSeats.GIVE else third.is_offered) is True


def test_who_still_may_takes_the_offer(session: Session) -> None:
    first, second = registered(session), registered(session)
    give_back(first)
    services.accept_offer(registration=fresh(second), actor=second.person, now=datetime.now(UTC))
    assert fresh(second).is_live
