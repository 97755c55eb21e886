"""Time, locking, canonical JSON, the policy and the two pages for machines."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client

from lms.core.canonical import canonical_json, digest
from lms.core.locking import lock
from lms.core.time import new_york_date, time_range
from tests.factories.people import make_office


@pytest.mark.parametrize(
    ("start", "shown"),
    [
        (datetime(2027, 1, 12, 15, tzinfo=UTC), "10 a.m. to 1 p.m. Eastern (EST)"),
        (datetime(2027, 7, 13, 14, tzinfo=UTC), "10 a.m. to 1 p.m. Eastern (EDT)"),
    ],
)
def test_the_zone_is_named_as_it_is_on_that_day(start: datetime, shown: str) -> None:
    assert time_range(start, start.replace(hour=start.hour + 3)) == shown


def test_a_day_ends_at_midnight_in_new_york() -> None:
    assert new_york_date(datetime(2026, 7, 1, 3, 59, tzinfo=UTC)) == date(2026, 6, 30)
    assert new_york_date(datetime(2026, 7, 1, 4, 0, tzinfo=UTC)) == date(2026, 7, 1)


def test_canonical_json_is_the_same_for_the_same_value() -> None:
    assert canonical_json({"b": 1, "a": "é"}) == '{"a":"é","b":1}'
    assert digest({"b": 1, "a": 2}) == digest({"a": 2, "b": 1})


@pytest.mark.django_db(transaction=True)
def test_a_lock_outside_a_transaction_is_refused() -> None:
    with pytest.raises(RuntimeError, match="protects nothing"):
        lock(make_office())


@pytest.mark.django_db
def test_ready_says_so(client: Client) -> None:
    assert (client.get("/readyz").content, client.get("/healthz").content) == (b"ready", b"ok")


@pytest.mark.django_db
def test_the_policy_is_strict_for_readers_and_looser_for_editors(
    client: Client, admin_client: Any
) -> None:
    strict = client.get("/healthz")["Content-Security-Policy"]
    editor = admin_client.get("/admin/")["Content-Security-Policy"]
    assert "'unsafe-inline'" not in strict
    assert "'unsafe-inline'" in editor
    assert "http" not in strict + editor
