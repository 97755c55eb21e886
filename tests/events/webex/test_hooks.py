"""What Webex tells by itself: forged, repeated, late, and what follows from the real thing."""

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from events import services
from events.models import Session
from events.report_models import AttendanceReport
from events.services import webex as service
from events.webex_models import WebexMeeting
from lms.core import outbox
from lms.core.models import OutboxMessage
from tests.factories.events import make_coming_session, make_live_training
from tests.webex_server import Failure, State

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(webex: State) -> Session:
    made = make_coming_session(make_live_training(), join_url="")
    service.settle(made.pk)
    made.refresh_from_db()
    return made


def deliver(told: Any, *, secret: str = "hook-secret", signature: str = "") -> int:  # noqa: S107
    """Post a delivery, signed as Webex does; its status."""
    content = told if isinstance(told, bytes) else json.dumps(told).encode()
    signed = signature or hmac.new(secret.encode(), content, hashlib.sha1).hexdigest()
    return (
        Client(enforce_csrf_checks=True)
        .post(
            "/events/webex/",
            content,
            content_type="application/json",
            headers={"X-Spark-Signature": signed},
        )
        .status_code
    )


def ended(session: Session) -> dict[str, Any]:
    meeting = WebexMeeting.objects.get(session=session)
    data = {"id": f"{meeting.meeting_id}_I_194316955237236650", "state": "ended"}
    return {"resource": "meetings", "event": "ended", "data": data}


def test_an_ended_meeting_is_asked_about_once(webex: State, session: Session) -> None:
    now = datetime.now(UTC)
    start, end = now - timedelta(hours=3), now - timedelta(minutes=1)
    Session.objects.filter(pk=session.pk).update(starts_at=start, ends_at=end)
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
    assert [deliver(ended(session)) for _time in range(3)] == [204, 204, 204]
    message = OutboxMessage.objects.get(kind="events.webex_ended")
    # Webex needs some minutes to know itself.
    assert message.due_at >= now + timedelta(minutes=10)
    assert outbox.sweep(now=now + timedelta(minutes=11)) == 1
    assert AttendanceReport.objects.count() == 1


def test_what_webex_does_not_find_yet_after_telling_is_fetched_later(
    webex: State, session: Session
) -> None:
    """Its own resources lag behind what it tells: 404 at first, there some minutes later."""
    now = datetime.now(UTC)
    start, end = now - timedelta(hours=3), now - timedelta(minutes=20)
    Session.objects.filter(pk=session.pk).update(starts_at=start, ends_at=end)
    span = {"joinedTime": start.isoformat(), "leftTime": end.isoformat()}
    person = {"email": "ana@example.org", "displayName": "Ana", **span}
    meeting = WebexMeeting.objects.get().meeting_id
    webex.hold(meeting, [person], start=start.isoformat(), end=end.isoformat())
    assert deliver(ended(session)) == 204
    webex.failures.append(Failure(404))
    assert outbox.sweep(now=now + timedelta(minutes=11)) == 1
    assert AttendanceReport.objects.count() == 0
    assert "did not tell" in WebexMeeting.objects.get().attendance_error
    assert services.fetch_due_webex_attendance(now=now + timedelta(minutes=21)) == 1
    assert (AttendanceReport.objects.count(), WebexMeeting.objects.get().attendance_error) == (
        1,
        "",
    )


@pytest.mark.parametrize("signature", ["0" * 40, "", "nonsense", "é"])
def test_a_forged_delivery_is_refused(webex: State, session: Session, signature: str) -> None:
    content = json.dumps(ended(session)).encode()
    headers = {"X-Spark-Signature": signature} if signature.isascii() else {}
    answer = Client().post(
        "/events/webex/", content, content_type="application/json", headers=headers
    )
    assert answer.status_code == 403
    assert not OutboxMessage.objects.filter(kind="events.webex_ended").exists()


def test_changed_bytes_are_refused(webex: State, session: Session) -> None:
    told = ended(session)
    content = json.dumps(told).encode()
    signature = hmac.new(b"hook-secret", content, hashlib.sha1).hexdigest()
    assert deliver(content + b" ", signature=signature) == 403
    assert deliver(told, secret="another") == 403


def test_without_a_secret_nobody_is_believed(webex: State, session: Session, settings: Any) -> None:
    settings.WEBEX["hook_secret"] = ""
    assert deliver(ended(session), secret="") == 403


@pytest.mark.parametrize("told", [b"{", b"[]", b'"text"', b'{"data": 3}', b'{"data": {"id": "_"}}'])
def test_signed_nonsense_changes_nothing(webex: State, session: Session, told: bytes) -> None:
    assert deliver(told) in (204, 400)
    assert not OutboxMessage.objects.filter(kind="events.webex_ended").exists()


def test_a_meeting_deleted_there_is_made_anew(webex: State, session: Session) -> None:
    meeting = WebexMeeting.objects.get()
    webex.meetings.clear()
    told = {"resource": "meetings", "event": "deleted", "data": {"id": meeting.meeting_id}}
    assert deliver(told) == 204
    service.settle(session.pk)
    [made] = webex.meetings.values()
    session.refresh_from_db()
    assert session.join_url == made["webLink"]


def test_our_own_deletion_told_back_makes_nothing(webex: State, session: Session) -> None:
    meeting = WebexMeeting.objects.get()
    services.cancel_session(session=session, reason="Snow", actor=None)
    service.settle(session.pk)
    told = {"resource": "meetings", "event": "deleted", "data": {"id": meeting.meeting_id}}
    assert deliver(told) == 204
    service.settle(session.pk)
    assert webex.meetings == {}


def test_hooks_are_made_once_and_switched_on_again(webex: State, session: Session) -> None:
    assert len(services.keep_webex_hooks()) == 2
    assert services.keep_webex_hooks() == []
    first = next(iter(webex.webhooks.values()))
    first["status"] = "inactive"
    assert services.keep_webex_hooks() == ["switched on meetings ended"]
    assert {hook["status"] for hook in webex.webhooks.values()} == {"active"}
    assert {hook["secret"] for hook in webex.webhooks.values()} == {"hook-secret"}
