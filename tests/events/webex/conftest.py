"""The stand-in for Webex, and the settings that lead to it."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.webex_server import State, running


@pytest.fixture
def webex(settings: Any) -> Iterator[State]:
    """A server of its own for the test, and a site that is connected to it."""
    with running() as (base, state):
        settings.WEBEX = {
            "base": base,
            "client_id": state.client[0],
            "client_secret": state.client[1],
            "refresh_token": state.refresh_token,
            "host_email": "host@example.org",
            "webinar_type": "3",
            "hook_secret": "hook-secret",
        }
        yield state
