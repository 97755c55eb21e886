"""Feeds and files over the wire."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from events import services
from events.calendar_models import CalendarToken
from events.models import Registration, Session
from tests.factories.events import make_coming_session, make_live_page, make_seat, make_session
from tests.factories.people import make_person

pytestmark = pytest.mark.django_db


def seat_now(session: Session, **fields: Any) -> Registration:
    return make_seat(session, now=datetime.now(UTC), **fields)


def feed_of(person: Any) -> str:
    token = services.calendar_token(person=person, actor=person)
    return reverse("calendars:personal", args=[token.token])


def test_personal_feed_has_ones_own_seats_and_nobody_elses(client: Client) -> None:
    session = make_coming_session()
    seat, _other = seat_now(session), seat_now(session)
    response = client.get(feed_of(seat.person))
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    events = Calendar.from_ical(response.content).walk("VEVENT")
    assert [str(event["UID"]) for event in events] == [seat.uid]
    assert "Set-Cookie" not in response
    assert "ATTENDEE" not in events[0]


def test_feed_answers_304_until_something_changes(client: Client) -> None:
    seat = seat_now(make_coming_session())
    path = feed_of(seat.person)
    first = client.get(path)
    again = client.get(path)
    assert (again.content, again["ETag"]) == (first.content, first["ETag"])
    unchanged = client.get(path, headers={"if-none-match": first["ETag"]})
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert unchanged["ETag"] == first["ETag"]

    services.change_details(session=seat.session, location="Room 2", actor=None)
    changed = client.get(path, headers={"if-none-match": first["ETag"]})
    assert (changed.status_code, b"Room 2" in changed.content) == (200, True)
    assert changed["ETag"] != first["ETag"]


def test_cancelled_stays_in_the_feed_as_cancelled(client: Client) -> None:
    seat = seat_now(make_coming_session())
    tag = client.get(feed_of(seat.person))["ETag"]
    services.cancel_registration(registration=seat, actor=seat.person)
    response = client.get(feed_of(seat.person), headers={"if-none-match": tag})
    (event,) = Calendar.from_ical(response.content).walk("VEVENT")
    assert (str(event["STATUS"]), event["SEQUENCE"]) == ("CANCELLED", 1)


def test_revoked_address_answers_404_and_the_new_one_works(client: Client) -> None:
    person = make_person()
    old = feed_of(person)
    assert client.get(old).status_code == 200
    new = services.renew_calendar_token(person=person, actor=person)
    assert client.get(old).status_code == 404
    assert client.get(reverse("calendars:personal", args=[new.token])).status_code == 200
    assert client.get(reverse("calendars:personal", args=["guess"])).status_code == 404
    assert CalendarToken.objects.count() == 2


def test_two_empty_feeds_are_not_the_same_feed(client: Client) -> None:
    feeds = [client.get(feed_of(make_person())) for _ in range(2)]
    assert len({feed["ETag"] for feed in feeds}) == 2
    assert len({str(Calendar.from_ical(feed.content)["UID"]) for feed in feeds}) == 2


def test_address_is_made_once_and_kept() -> None:
    person = make_person()
    assert feed_of(person) == feed_of(person)


def test_feed_of_a_deactivated_person_is_gone(client: Client) -> None:
    person = make_person()
    path = feed_of(person)
    person.is_active = False
    person.save(update_fields=["is_active"])
    assert client.get(path).status_code == 404


def test_training_feed_is_public_and_names_nobody(client: Client) -> None:
    page = make_live_page()
    session = make_coming_session(page.training())
    cancelled = make_coming_session(page.training(), starts_in=timedelta(days=40))
    seat = seat_now(session)
    services.cancel_session(session=cancelled, reason="Snow.", actor=None)
    path = reverse("calendars:training", args=[page.slug])
    assert path == f"/events/{page.slug}/calendar.ics"
    response = client.get(path)
    calendar = Calendar.from_ical(response.content)
    assert str(calendar["X-WR-CALNAME"]) == page.title
    statuses = [(str(event["UID"]), str(event["STATUS"])) for event in calendar.walk("VEVENT")]
    assert statuses == [(session.uid, "CONFIRMED"), (cancelled.uid, "CANCELLED")]
    assert str(seat.person.email) not in response.content.decode()
    unchanged = client.get(path, headers={"if-none-match": response["ETag"]})
    assert unchanged.status_code == 304


def test_training_feed_of_an_unpublished_page_is_gone(client: Client) -> None:
    page = make_live_page()
    path = reverse("calendars:training", args=[page.slug])
    assert client.get(path).status_code == 200
    page.unpublish()
    assert client.get(path).status_code == 404


def test_what_is_long_over_leaves_the_feed(client: Client) -> None:
    page = make_live_page()
    day = (datetime.now(UTC) - timedelta(days=400)).date()
    make_session(page.training(), day=day, now=datetime.now(UTC) - timedelta(days=500))
    response = client.get(reverse("calendars:training", args=[page.slug]))
    assert Calendar.from_ical(response.content).walk("VEVENT") == []


def test_download_has_the_seats_uid_for_its_holder_and_the_sessions_for_others(
    client: Client,
) -> None:
    session = make_coming_session()
    seat = seat_now(session)
    path = reverse("events:session_file", args=[session.pk])
    uids = []
    for person in (None, make_person(), seat.person):
        if person:
            client.force_login(person)
        (event,) = Calendar.from_ical(client.get(path).content).walk("VEVENT")
        uids.append(str(event["UID"]))
    assert uids == [session.uid, session.uid, seat.uid]


@pytest.mark.parametrize("rows", [1, 3])
def test_feed_queries_do_not_grow(
    client: Client, rows: int, django_assert_num_queries: Any
) -> None:
    person = make_person()
    for number in range(rows):
        session = make_coming_session(starts_in=timedelta(days=30 + number))
        seat_now(session, person=person)
    path = feed_of(person)
    with django_assert_num_queries(3):
        tag = client.get(path)["ETag"]
    with django_assert_num_queries(2):
        assert client.get(path, headers={"if-none-match": tag}).status_code == 304
