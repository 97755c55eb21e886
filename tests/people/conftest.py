"""A visitor whose requests commit, so that mails written with a change are really sent."""

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client, TestCase


class Visitor(Client):
    """Django's client, except that what waits for the commit happens after each request."""

    def request(self, **request: Any) -> HttpResponse:
        with TestCase.captureOnCommitCallbacks(execute=True):
            return super().request(**request)


@pytest.fixture
def visitor(db: None) -> Visitor:
    """Somebody not signed in."""
    return Visitor()


@pytest.fixture
def other_browser(db: None) -> Visitor:
    """The same or another person in a second browser."""
    return Visitor()
