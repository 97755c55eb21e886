"""The stand-in answers two independent clients of the real API as they expect it to.

Without this it would only be our own opinion of Webex that our client agrees with.
"""

from collections.abc import Iterator

import pytest
from webexpythonsdk import ApiError, WebexAPI
from wxc_sdk import WebexSimpleApi
from wxc_sdk.rest import RestError, RestSession

from tests.webex_server import State, running

FACTS = {
    "title": "CTDB training",
    "start": "2030-07-14T10:00:00",
    "end": "2030-07-14T13:00:00",
    "timezone": "America/New_York",
}


@pytest.fixture
def stand_in() -> Iterator[tuple[str, State]]:
    with running() as found:
        yield found


@pytest.fixture
def first(stand_in: tuple[str, State]) -> WebexAPI:
    """Webexpythonsdk."""
    base, _state = stand_in
    return WebexAPI(access_token="valid-token", base_url=f"{base}/")


@pytest.fixture
def second(stand_in: tuple[str, State], monkeypatch: pytest.MonkeyPatch) -> WebexSimpleApi:
    """wxc-sdk, which has its address in a class."""
    base, _state = stand_in
    monkeypatch.setattr(RestSession, "BASE", base)
    return WebexSimpleApi(tokens="valid-token")


def test_a_meeting_lives_as_webexpythonsdk_expects(first: WebexAPI) -> None:
    made = first.meetings.create(**FACTS)
    assert made.id
    assert made.webLink.startswith("https://")
    # July is summer time in New York.
    assert made.start == "2030-07-14T10:00:00-04:00"
    assert first.meetings.get(made.id).title == "CTDB training"
    first.meetings.delete(made.id)
    with pytest.raises(ApiError) as refused:
        first.meetings.get(made.id)
    assert refused.value.status_code == 404


def test_webexpythonsdk_follows_the_pages(first: WebexAPI) -> None:
    for number in range(23):
        first.meetings.create(**{**FACTS, "title": f"Session {number}"})
    assert len(list(first.meetings.list(max=10))) == 23


def test_webexpythonsdk_registers_somebody_for_a_webinar(
    first: WebexAPI, stand_in: tuple[str, State]
) -> None:
    webinar = first.meetings.create(**FACTS, scheduledType="webinar", sessionTypeId="3")
    first.meeting_registrants.create(
        meetingId=webinar.id, firstName="Ana", lastName="Diaz", email="ana@example.org"
    )
    assert [each["email"] for each in stand_in[1].registrants.values()] == ["ana@example.org"]


def test_wxc_sdk_schedules_invites_and_sees_who_was_there(
    second: WebexSimpleApi, stand_in: tuple[str, State]
) -> None:
    made = second.meetings.create(**FACTS)
    second.meetings.invitees.create_invitee(meeting_id=made.id, email="ana@example.org")
    assert [each.email for each in second.meetings.invitees.list(made.id)] == ["ana@example.org"]
    with pytest.raises(RestError) as refused:
        second.meetings.invitees.create_invitee(meeting_id=made.id, email="Ana@example.org")
    assert refused.value.response.status_code == 409

    people = [
        {"email": f"p{n}@example.org", "displayName": f"P {n}", "host": False} for n in range(25)
    ]
    instance = stand_in[1].hold(
        made.id, people, start="2030-07-14T14:00:00Z", end="2030-07-14T17:00:00Z"
    )
    assert len(list(second.meetings.participants.list_participants(meeting_id=instance))) == 25


def test_a_token_that_is_not_known_is_refused(stand_in: tuple[str, State]) -> None:
    with pytest.raises(ApiError) as refused:
        WebexAPI(access_token="stolen", base_url=f"{stand_in[0]}/").meetings.create(**FACTS)
    assert refused.value.status_code == 401
