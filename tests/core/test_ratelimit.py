"""How often somebody may try."""

from django.http import HttpRequest
from django.test import RequestFactory

from lms.core.ratelimit import Limit, too_many

LIMIT = Limit("test", tries=3, seconds=600)


def request(address: str = "192.0.2.1") -> HttpRequest:
    return RequestFactory().get("/", REMOTE_ADDR=address)


def test_tries_are_counted_by_address() -> None:
    for _try in range(3):
        assert not LIMIT.reached(request())
        LIMIT.count(request())
    assert LIMIT.reached(request())
    assert not LIMIT.reached(request("192.0.2.2"))


def test_limits_do_not_share_their_counts() -> None:
    for _try in range(3):
        LIMIT.count(request())
    assert not Limit("other", tries=3, seconds=600).reached(request())


def test_page_says_how_long_to_wait() -> None:
    response = too_many(request(), LIMIT)
    assert (response.status_code, response["Retry-After"]) == (429, "600")
    assert b"10 minutes" in response.content
