"""The desk and Webex: what a coordinator sees and can do, and who cannot."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client, TestCase
from django.urls import reverse

from events.models import Session
from events.report_models import AttendanceReport
from events.services import webex as service
from events.services import webex_attendance
from events.webex_models import WebexMeeting
from lms.people.enums import Role
from tests.factories.events import make_coming_session, make_live_page, make_seat
from tests.factories.people import make_office, make_person, make_with_role
from tests.webex_server import Failure, State, running

pytestmark = pytest.mark.django_db


@pytest.fixture
def webex(settings: Any) -> Iterator[State]:
    with running() as (base, state):
        settings.WEBEX = {
            **settings.WEBEX,
            "base": base,
            "client_id": state.client[0],
            "client_secret": state.client[1],
            "refresh_token": state.refresh_token,
            "host_email": "host@example.org",
        }
        yield state


@pytest.fixture
def session() -> Session:
    page = make_live_page()
    return make_coming_session(page.training(), join_url="")


@pytest.fixture
def coordinator(session: Session) -> Client:
    client = Client()
    client.force_login(make_with_role(Role.COORDINATOR, session.training.owner))
    return client


def page(client: Client, session: Session) -> str:
    return client.get(reverse("desk_sessions:session", args=[session.pk])).content.decode()


def test_without_webex_the_desk_does_not_speak_of_it(coordinator: Client, session: Session) -> None:
    assert 'id="webex"' not in page(coordinator, session)


def test_from_being_sent_to_being_there(
    webex: State, session: Session, coordinator: Client
) -> None:
    assert "Being sent to Webex" in page(coordinator, session)
    service.settle(session.pk)
    assert "Meeting at Webex" in page(coordinator, session)


def test_a_failure_is_on_the_first_page_and_can_be_tried_again(
    webex: State, session: Session, coordinator: Client, django_capture_on_commit_callbacks: Any
) -> None:
    webex.failures.append(Failure(503))
    service.settle(session.pk)
    assert "Told to fail" in page(coordinator, session)
    first = coordinator.get(reverse("desk:overview")).content.decode()
    assert "Webex could not be told of" in first
    with django_capture_on_commit_callbacks(execute=True):
        coordinator.post(reverse("desk_sessions:webex", args=[session.pk]), {"do": "again"})
    assert "Meeting at Webex" in page(coordinator, session)
    assert "could not be told" not in coordinator.get(reverse("desk:overview")).content.decode()


def test_taking_a_meeting_off_asks_first(
    webex: State, session: Session, coordinator: Client, django_capture_on_commit_callbacks: Any
) -> None:
    service.settle(session.pk)
    address = reverse("desk_sessions:webex_remove", args=[session.pk])
    assert "Delete the meeting at Webex?" in coordinator.get(address).content.decode()
    assert len(webex.meetings) == 1
    with django_capture_on_commit_callbacks(execute=True):
        coordinator.post(address)
    assert webex.meetings == {}
    assert "No meeting made" in page(coordinator, session)
    with django_capture_on_commit_callbacks(execute=True):
        coordinator.post(reverse("desk_sessions:webex", args=[session.pk]), {"do": "meeting"})
    assert len(webex.meetings) == 1


def test_attendance_is_asked_for_with_one_button(
    webex: State, session: Session, coordinator: Client
) -> None:
    make_seat(session, make_person(email="ana@example.org"), now=datetime.now(UTC))
    service.settle(session.pk)
    now = datetime.now(UTC)
    start, end = now - timedelta(hours=4), now - timedelta(hours=1)
    Session.objects.filter(pk=session.pk).update(starts_at=start, ends_at=end)
    upload = reverse("desk_attendance:overview", args=[session.pk])
    fetch = reverse("desk_attendance:fetch", args=[session.pk])
    assert "Ask Webex now" in coordinator.get(upload, follow=True).content.decode()
    # The page answers before Webex does, and looks again by itself.
    waits = coordinator.post(fetch, follow=True)
    assert "Webex is being asked who was there" in waits.content.decode()
    assert (waits["Refresh"], webex_asked(webex)) == ("3", 0)
    with TestCase.captureOnCommitCallbacks(execute=True):
        coordinator.post(fetch)
    answer = coordinator.get(waits.redirect_chain[-1][0]).content.decode()
    assert "knows of nobody" in answer
    webex.hold(
        WebexMeeting.objects.get().meeting_id,
        [
            {
                "email": "ana@example.org",
                "displayName": "Ana",
                "joinedTime": start.isoformat(),
                "leftTime": end.isoformat(),
            }
        ],
        start=start.isoformat(),
        end=end.isoformat(),
    )
    with TestCase.captureOnCommitCallbacks(execute=True):
        coordinator.post(fetch)
    report = AttendanceReport.objects.get()
    assert (report.rows.count(), report.uploaded_by is None) == (1, False)
    assert coordinator.get(waits.redirect_chain[-1][0]).url == upload
    # Somebody asked and no worker was told: the periodic job finds it.
    coordinator.post(fetch)
    later = datetime.now(UTC) + timedelta(minutes=3)
    assert webex_attendance.fetch_due(now=later) >= 1
    assert not WebexMeeting.objects.filter(asked_at__isnull=False).exists()


def webex_asked(webex: State) -> int:
    """How often Webex was asked who was there."""
    return sum("meetingParticipants" in str(call) for call in webex.calls)


@pytest.mark.parametrize("name", ["desk_sessions:webex", "desk_attendance:fetch"])
def test_others_cannot(webex: State, session: Session, name: str) -> None:
    address = reverse(name, args=[session.pk])
    stranger, elsewhere = Client(), Client()
    stranger.force_login(make_person())
    elsewhere.force_login(make_with_role(Role.COORDINATOR, make_office()))
    for client in (stranger, elsewhere):
        assert client.post(address, {"do": "meeting"}).status_code == 404
    assert webex.calls == []
