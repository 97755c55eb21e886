"""One whom Webex refuses, or a mistake with one session, stops nobody and nothing behind it."""

import time as clock
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from events import services
from events.models import Registration, Session
from events.services import webex as service
from events.webex_models import WebexMeeting
from tests.events.test_series import client_of
from tests.events.webex.test_following import make_webex_session, settle
from tests.factories.events import EARLIER
from tests.factories.people import make_person
from tests.portal.test_desk_sessions import Desk, path, words
from tests.webex_server import Failure, State

pytestmark = pytest.mark.django_db

LATER = EARLIER + timedelta(hours=1)


def seats_in(session: Session, *names: str, now: datetime = EARLIER) -> list[Registration]:
    seats = []
    for name in names:
        person = make_person(f"{name.lower()}@example.org", name=f"{name} Diaz")
        seats.append(services.register(session=session, person=person, actor=person, now=now))
    return seats


def at(people: dict[str, Any]) -> set[str]:
    return {each["email"].partition("@")[0] for each in people.values()}


def make_webinar(webex: State) -> Session:
    session = make_webex_session()
    services.want_webex_meeting(session=session, kind="webinar", actor=None, now=EARLIER)
    settle(session)
    return session


def test_one_who_is_refused_keeps_nobody_out_of_a_webinar(webex: State) -> None:
    session = make_webinar(webex)
    nameless, *_others = seats_in(session, "Ana", "Ben", "Cy")
    # Webex wants a last name; some people have one name only.
    person = nameless.person
    person.last_name = ""
    person.save()
    meeting = settle(session)
    assert at(webex.registrants) == {"ben", "cy"}
    assert meeting.error.startswith("1 person was refused, everybody else is there: firstName")
    assert not meeting.is_settled
    assert "@" not in meeting.error
    # Again, only who is missing is asked for; once the name is there, all is well.
    called = len(webex.calls)
    settle(session, LATER)
    assert len(webex.calls) == called + 1
    person.last_name = "Diaz"
    person.save()
    meeting = settle(session, LATER + timedelta(hours=1))
    assert (at(webex.registrants), meeting.is_settled) == ({"ana", "ben", "cy"}, True)


def test_a_list_that_is_not_taken_is_sent_one_by_one(webex: State) -> None:
    session = make_webex_session()
    settle(session)
    seats_in(session, "Ana", "Ben", "Cy")
    webex.refused = {"ben@example.org"}
    meeting = settle(session)
    assert at(webex.invitees) == {"ana", "cy"}
    assert meeting.error.startswith(
        "1 person was refused, everybody else is there: Not valid: … Not valid: … (tracking id"
    )
    webex.refused.clear()
    assert settle(session, LATER).is_settled
    assert at(webex.invitees) == {"ana", "ben", "cy"}


def test_some_known_and_one_refused_is_sorted_out_too(webex: State) -> None:
    session = make_webex_session()
    settle(session)
    ana, _ben, _cy = seats_in(session, "Ana", "Ben", "Cy")
    meeting = WebexMeeting.objects.get(session=session)
    service.connect().invite(meeting.meeting_id, [(str(ana.person.email), "Ana")])
    webex.refused = {"ben@example.org"}
    settle(session)
    assert at(webex.invitees) == {"ana", "cy"}


def test_busy_stops_and_keeps_what_was_done(webex: State) -> None:
    session = make_webinar(webex)
    seats_in(session, "Ana", "Ben", "Cy")
    # Ana is registered; then Webex wants a rest.
    webex.failures.extend([None, None, Failure(429, {"Retry-After": "60"})])
    meeting = settle(session)
    assert len(webex.registrants) < 3
    assert "refused" not in meeting.error
    assert settle(session, LATER).is_settled
    assert at(webex.registrants) == {"ana", "ben", "cy"}


def test_who_left_goes_before_anybody_is_added(webex: State) -> None:
    session = make_webinar(webex)
    [ana] = seats_in(session, "Ana")
    settle(session)
    services.cancel_registration(registration=ana, actor=ana.person, now=EARLIER)
    seats_in(session, "Ben")
    before = len(webex.calls)
    settle(session)
    assert [method for method, _path, _body in webex.calls[before:]] == ["DELETE", "POST"]


def test_desk_reads_who_is_missing(webex: State) -> None:
    desk = Desk()
    now = datetime.now(UTC)
    session = desk.session(join_url="", platform="Webex")
    settle(session, now)
    seats_in(session, "Ana", "Ben", now=now)
    webex.refused = {"ben@example.org"}
    settle(session, now + timedelta(seconds=1))
    text = words(desk.client.get(path("session", session)))
    assert "1 person was refused, everybody else is there" in text
    assert "Have a seat and are not at Webex: Ben Diaz." in text


def test_a_mistake_with_one_session_keeps_no_other_waiting(webex: State, settings: Any) -> None:
    settings.WEBEX = {**settings.WEBEX, "webinar_type": "no number"}
    first, second = make_webex_session(title="One"), make_webex_session(title="Two")
    services.want_webex_meeting(session=first, kind="webinar", actor=None, now=EARLIER)
    WebexMeeting.objects.filter(session=first).update(try_at=EARLIER - timedelta(hours=1))
    assert service.settle_due(now=EARLIER) == 2
    broken, well = (WebexMeeting.objects.get(session=row) for row in (first, second))
    assert well.is_settled
    assert "ValueError" in broken.error
    assert (broken.tries, broken.claimed_until) == (1, None)
    assert broken.try_at is not None
    assert broken.try_at > EARLIER


def joining(webex: State) -> tuple[Session, Client]:
    """A session about to begin, and somebody with a seat in it."""
    desk = Desk()
    now = datetime.now(UTC)
    session = desk.session(join_url="", platform="Webex")
    [seat] = seats_in(session, "Ana", now=now)
    settle(session, now)
    Session.objects.filter(pk=session.pk).update(
        starts_at=now + timedelta(minutes=5), ends_at=now + timedelta(hours=2)
    )
    session.refresh_from_db()
    return session, client_of(seat.person)


def test_join_waits_three_seconds_at_most_and_then_says_what_to_do(webex: State) -> None:
    session, client = joining(webex)
    webex.slow = 2.5
    address = reverse("events:join", args=[session.pk])
    began = clock.monotonic()
    page = client.get(address)
    assert clock.monotonic() - began < 3
    assert page.status_code == 200
    assert "Webex does not let you straight in right now" in words(page)
    assert session.join_url not in page.content.decode()
    common = client.get(address + "?common")
    assert (common.status_code, common["Location"]) == (302, session.join_url)
    webex.slow = 0
    assert "for=ana%40example.org" in client.get(address)["Location"]
    # The link for everybody is for those with a seat all the same.
    outsider = client_of(make_person()).get(address + "?common")
    assert outsider.status_code == 403
