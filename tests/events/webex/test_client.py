"""The client against the stand-in: pages, refusals, tokens."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from events.webex import BusyError, UnreachableError, Webex, WebexError, connect
from events.webex.tokens import access_token
from events.webex_models import WebexToken
from tests.webex_server import Failure, State

pytestmark = pytest.mark.django_db
FACTS = {
    "title": "CTDB training",
    "start": "2030-01-15T10:00:00",
    "end": "2030-01-15T13:00:00",
    "timezone": "America/New_York",
}


def refreshed(state: State) -> int:
    return len(state.called("POST", "/access_token"))


def test_the_first_call_fetches_a_token_and_the_next_uses_it(webex: State) -> None:
    client = connect()
    made = client.create_meeting(FACTS)
    client.change_meeting(made["id"], {"title": "Another title"})
    assert refreshed(webex) == 1
    assert webex.meetings[made["id"]]["title"] == "Another title"


def test_tokens_are_kept_enciphered(webex: State) -> None:
    token = access_token(connect().base)
    row = WebexToken.objects.get()
    assert token in webex.access_tokens
    assert token not in row.access
    assert webex.refresh_token not in row.refresh


def test_each_refresh_uses_the_refresh_token_of_the_last(webex: State) -> None:
    """The stand-in ends a refresh token with its use, as Webex may."""
    base = connect().base
    first = access_token(base)
    later = timezone.now() + timedelta(days=14)
    second = access_token(base, now=later)
    assert first != second
    assert access_token(base, now=later) == second
    assert refreshed(webex) == 2


def test_a_token_refused_before_its_time_is_refreshed_once(webex: State) -> None:
    client = connect()
    made = client.create_meeting(FACTS)
    webex.access_tokens.clear()
    assert client.change_meeting(made["id"], {"title": "Still works"})["title"] == "Still works"
    assert refreshed(webex) == 2


def test_a_token_that_is_refused_again_is_an_error_not_a_loop(webex: State) -> None:
    client = connect()
    client.create_meeting(FACTS)
    webex.failures.extend([Failure(401)] * 3)
    # Refused, refreshed - which is refused as well.
    with pytest.raises(WebexError):
        client.create_meeting(FACTS)
    assert refreshed(webex) == 2


def test_a_new_refresh_token_in_the_settings_is_taken_up(webex: State, settings: Any) -> None:
    base = connect().base
    access_token(base)
    webex.refresh_token = "renewed-by-an-administrator"
    settings.WEBEX["refresh_token"] = "renewed-by-an-administrator"
    assert access_token(base, now=timezone.now() + timedelta(days=14)) in webex.access_tokens


def test_all_pages_are_read(webex: State) -> None:
    client = connect()
    made = client.create_meeting(FACTS)
    people = [{"email": f"p{number}@example.org"} for number in range(230)]
    held = webex.hold(made["id"], people, start="2030-01-15T15:00:00Z", end="2030-01-15T18:00:00Z")
    assert len(client.participants(held)) == 230
    assert len(webex.called("GET", "/meetingParticipants")) == 3


def test_a_next_page_elsewhere_is_not_followed(webex: State) -> None:
    client = connect()
    made = client.create_meeting(FACTS)
    held = webex.hold(made["id"], [{"email": "ana@example.org"}], start="", end="")
    elsewhere = '<http://elsewhere.example.org/v1/meetings>; rel="next"'
    webex.failures.append(Failure(200, {"Link": elsewhere}, after=True))
    client.participants(held)
    assert len(webex.called("GET", "/meetingParticipants")) == 1


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("7", 7), ("0", 1), ("99999", 600), ("rand(30),add(30)", 15), ("", 15)],
)
def test_how_long_to_wait_is_taken_from_the_answer(webex: State, header: str, seconds: int) -> None:
    client = connect()
    access_token(client.base)
    webex.failures.append(Failure(429, {"Retry-After": header}))
    with pytest.raises(BusyError) as busy:
        client.create_meeting(FACTS)
    assert busy.value.retry_after == seconds


def test_a_refusal_says_why_and_under_which_tracking_id(webex: State) -> None:
    with pytest.raises(WebexError, match=r"10 minutes.*TRACK_"):
        connect().create_meeting({**FACTS, "end": "2030-01-15T10:05:00"})


def test_a_server_that_is_not_there_is_unreachable() -> None:
    nowhere = Webex(base="http://127.0.0.1:9/v1", host_email="", token=lambda _stale: "any")
    with pytest.raises(UnreachableError):
        nowhere.create_meeting(FACTS)


def test_what_is_gone_already_can_be_deleted(webex: State) -> None:
    client = connect()
    made = client.create_meeting(FACTS)
    client.delete_meeting(made["id"])
    client.delete_meeting(made["id"])
    assert webex.meetings == {}
