"""Freezing, and which version is in force when."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from lms.trainings.models import Training, TrainingVersion, VersionInForce
from lms.trainings.selectors import version_in_force
from lms.trainings.services import freeze
from tests.factories.trainings import make_training

pytestmark = pytest.mark.django_db

FIRST, SECOND, THIRD = (datetime(2026, month, 1, tzinfo=UTC) for month in (1, 3, 5))


def publish(training: Training, minutes: int, now: datetime) -> TrainingVersion:
    spec: dict[str, Any] = {"title": "T", "minutes": minutes}
    return freeze(training=training, spec=spec, actor=None, now=now)


def test_returning_to_an_older_spec_brings_its_version_back() -> None:
    training = make_training()
    old, new = publish(training, 60, FIRST), publish(training, 90, SECOND)
    assert version_in_force(training) == new
    assert publish(training, 60, THIRD) == old
    assert version_in_force(training) == old
    assert training.versions.count() == 2


def test_version_in_force_is_known_for_every_moment() -> None:
    training = make_training()
    publish(make_training(), 10, FIRST)
    old, new = publish(training, 60, FIRST), publish(training, 90, SECOND)
    publish(training, 60, THIRD)
    asked = [datetime(2026, month, day, tzinfo=UTC) for month, day in ((2, 1), (3, 1), (4, 1))]
    assert version_in_force(training, datetime(2025, 12, 31, tzinfo=UTC)) is None
    assert [version_in_force(training, at) for at in asked] == [old, new, new]
    assert version_in_force(training, THIRD) == old


def test_freezing_the_same_twice_writes_one_row() -> None:
    training = make_training()
    publish(training, 60, FIRST)
    publish(training, 60, SECOND)
    assert VersionInForce.objects.get(training=training).since == FIRST


def test_what_was_in_force_is_not_rewritten() -> None:
    publish(make_training(), 60, FIRST)
    with pytest.raises(DatabaseError, match="is refused"), transaction.atomic():
        VersionInForce.objects.update(since=THIRD)
