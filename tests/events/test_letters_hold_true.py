"""Letters and pages promise what happens: giving back, joining, who took whom off, who is told."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from events import letters, services
from events.enums import MessageTo
from events.models import Registration, Session
from events.services import news, waiting
from events.services.messages import recipients
from lms.core.models import OutboxMessage
from lms.notices.enums import NoticeKind
from lms.people.enums import Role
from tests.factories.events import EARLIER, make_coming_session, make_seat, make_session
from tests.factories.people import make_person, make_with_role

pytestmark = pytest.mark.django_db

GIVE_BACK = "Give your seat to somebody else"


def letter(template: str) -> str:
    """The newest letter of the kind: subject, text and page."""
    payload = (
        OutboxMessage.objects.filter(key__startswith=f"events.{template}:").latest("pk").payload
    )
    return f"{payload['subject']}\n{payload['text']}\n{payload['html']}"


def queue(session: Session) -> Registration:
    """Somebody on its waiting list."""
    person = make_person()
    return services.register(
        session=session, person=person, actor=person, wait_if_full=True, now=EARLIER
    )


def in_person(**fields: object) -> Session:
    return make_session(platform="", join_url="", location="2 Lafayette Street", **fields)  # type: ignore[arg-type]


def test_reminder_past_the_deadline_offers_no_giving_back() -> None:
    session = make_session(cancellation_closes_at=make_session().starts_at - timedelta(days=2))
    seat = make_seat(session)
    day_before = session.starts_at - timedelta(days=1)
    letters.tell_reminder(seat, kind=NoticeKind.SESSION_DAY, now=day_before)
    told = letter("session_reminder")
    assert GIVE_BACK not in told
    assert "Seats could be given back until" in told
    letters.tell_reminder(seat, kind=NoticeKind.SESSION_WEEK, now=session.starts_at - timedelta(7))
    assert GIVE_BACK in letter("session_reminder")


def test_letter_about_a_place_asks_nobody_to_join_online() -> None:
    session = in_person()
    make_seat(session)
    told = letter("registration_confirmed")
    assert "It takes place there, in person." in told
    assert "half an hour before" not in told
    assert "2 Lafayette Street" in told


def test_pages_of_a_session_at_a_place_speak_of_the_place(client: Client) -> None:
    now = timezone.now()
    session = make_coming_session(platform="", join_url="", location="2 Lafayette Street")
    seat = make_seat(session, now=now)
    client.force_login(seat.person)
    done = client.get(reverse("events:registered", args=[session.pk])).content.decode()
    assert "It takes place in person: 2 Lafayette Street." in done
    assert "a button to join" not in done
    Session.objects.filter(pk=session.pk).update(
        starts_at=now - timedelta(minutes=5), ends_at=now + timedelta(hours=1)
    )
    page = client.get(reverse("events:session", args=[session.pk])).content.decode()
    assert "The link to join is not here yet" not in page
    assert "It takes place in person: 2 Lafayette Street." in page


def test_past_the_deadline_the_page_still_says_when_join_appears(client: Client) -> None:
    now = timezone.now()
    session = make_coming_session(cancellation_closes_at=now - timedelta(minutes=1))
    seat = make_seat(session, now=now)
    client.force_login(seat.person)
    page = client.get(reverse("events:session", args=[session.pk])).content.decode()
    assert "A button to join appears here" in page
    assert "Seats could be given back until" in page


def test_who_is_taken_off_by_the_office_is_told_so() -> None:
    session = make_session(capacity=1)
    seated, queued = make_seat(session), queue(session)
    office = make_with_role(Role.COORDINATOR, session.training.owner)
    for registration in (queued, seated):
        services.cancel_registration(
            registration=registration, actor=office, by_office=True, now=EARLIER
        )
    assert "The office took you off it" in letter("waiting_left")
    told = letter("registration_cancelled")
    assert "The office took you off the list" in told
    assert "was it not you" not in told
    again = make_seat(session)
    services.cancel_registration(registration=again, actor=again.person, now=EARLIER)
    assert "was it not you" in letter("registration_cancelled")


def test_offer_that_is_open_when_the_session_begins_is_called_an_offer() -> None:
    session = make_session(capacity=1)
    seated = make_seat(session)
    queue(session)
    late = session.starts_at - timedelta(minutes=30)
    services.cancel_registration(registration=seated, actor=seated.person, now=late)
    waiting.tend(now=session.starts_at + timedelta(minutes=1))
    told = letter("offer_expired")
    assert "you did not answer before the session began" in told
    assert "went to the next person" not in told
    assert not OutboxMessage.objects.filter(key__startswith="events.waiting_ended").exists()


@pytest.mark.parametrize(
    ("approval", "capacity", "said"),
    [
        (True, 5, "You had asked for a seat."),
        (False, 1, "You were on its waiting list."),
        (False, 5, "You need not do anything"),
    ],
)
def test_cancellation_says_what_one_had(approval: bool, capacity: int, said: str) -> None:
    session = make_session(approval=approval, capacity=capacity)
    make_seat(session)
    if capacity == 1:
        queue(session)
    services.cancel_session(session=session, reason="The trainer is ill.", actor=None, now=EARLIER)
    news.tell_everyone({"session": session.pk, "news": news.CANCELLED})
    assert said in letter("session_cancelled")


def test_desk_counts_everybody_who_will_be_told(client: Client) -> None:
    now: datetime = timezone.now()
    session = make_coming_session(approval=True)
    client.force_login(make_with_role(Role.COORDINATOR, session.training.owner))
    address = reverse("desk_sessions:cancel", args=[session.pk])
    assert "nobody will be told" in client.get(address).content.decode()
    make_seat(session, make_person(), now=now)
    assert "1 person has a seat, waits for one or speaks" in client.get(address).content.decode()


def test_message_reaches_who_was_merged_into_a_record_with_an_address() -> None:
    session = make_session()
    merged = make_person(None, canonical_person=make_person("kept@example.org"))
    gone = make_person("old@example.org", canonical_person=make_person(None))
    seats = [make_seat(session, person) for person in (merged, gone)]
    assert list(recipients(session, MessageTo.REGISTERED)) == [seats[0]]
