"""Until when people register and give back by themselves, and what the office may do after it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from events import services
from events.models import Session
from lms.people.enums import Role
from tests.events.test_registrations import refusal
from tests.events.test_views import path, seat_now, signed_in, words
from tests.factories.events import (
    EARLIER,
    make_coming_session,
    make_live_page,
    make_seat,
    make_session,
)
from tests.factories.people import make_office, make_person, make_with_role

pytestmark = pytest.mark.django_db


def test_seat_is_given_back_until_the_deadline_and_by_the_office_after_it() -> None:
    deadline = EARLIER + timedelta(days=1)
    session = make_session(capacity=1, cancellation_closes_at=deadline)
    seat = make_seat(session)
    waiting = services.register(
        session=session, person=make_person(), actor=None, wait_if_full=True, now=EARLIER
    )
    cancel = services.cancel_registration
    assert refusal(cancel, registration=seat, actor=seat.person, now=deadline) == "too_late"
    cancel(registration=seat, actor=None, by_office=True, now=deadline)
    waiting.refresh_from_db()
    assert waiting.is_offered
    # An offer, and a place on the list, can always be passed on.
    cancel(registration=waiting, actor=waiting.person, now=deadline)
    waiting.refresh_from_db()
    assert waiting.is_cancelled


def test_deadline_is_half_open() -> None:
    deadline = EARLIER + timedelta(days=1)
    seat = make_seat(make_session(cancellation_closes_at=deadline))
    now = deadline - timedelta(seconds=1)
    assert services.cancel_registration(registration=seat, actor=None, now=now).is_cancelled


def test_pages_say_until_when_and_whom_to_write_to() -> None:
    now = datetime.now(UTC)
    session = make_coming_session(cancellation_closes_at=now + timedelta(days=2))
    client = signed_in(make_person())
    assert "You can give the seat back until" in words(client.get(path("register", session)))
    seat = seat_now(session)
    Session.objects.filter(pk=session.pk).update(cancellation_closes_at=now)
    client = signed_in(seat.person)
    for name in ("session", "cancel"):
        assert "Seats could be given back until" in words(client.get(path(name, session)))
    assert path("cancel", session) not in client.get(path("session", session)).content.decode()
    answer = client.post(path("cancel", session), follow=True)
    assert "please write to" in words(answer)
    seat.refresh_from_db()
    assert seat.is_live


def test_desk_sets_windows_in_eastern_time_and_gives_a_seat_back() -> None:
    office = make_office()
    session = make_coming_session(make_live_page(office=office).training())
    client = signed_in(make_with_role(Role.COORDINATOR, office))
    details = reverse("desk_sessions:details", args=[session.pk])
    day = (session.day - timedelta(days=3)).isoformat()
    form = {
        "capacity": "20",
        "platform": "Webex",
        "join_url": session.join_url,
        "min_minutes": "160",
        "freed_seats": "offer",
        "reminders": "on",
        "registration_closes_at": f"{day}T17:00",
        "cancellation_closes_at": f"{day}T12:00",
    }
    assert client.post(details, form).status_code == 302
    session.refresh_from_db()
    closes = session.registration_closes_at
    assert closes is not None
    assert closes.astimezone(session.zone_info).isoformat()[:16] == f"{day}T17:00"
    assert f'value="{day}T17:00"' in client.get(details).content.decode()
    seat = seat_now(session)
    page = client.get(reverse("desk_sessions:session", args=[session.pk])).content.decode()
    remove = reverse("desk_sessions:remove", args=[session.pk, seat.pk])
    assert remove in page
    Session.objects.filter(pk=session.pk).update(cancellation_closes_at=datetime.now(UTC))
    assert "seat back?" in words(client.get(remove))
    client.post(remove)
    seat.refresh_from_db()
    assert seat.is_cancelled
