"""Trainings and frozen versions for tests."""

import itertools
from typing import Any

from lms.people.models import Organization
from lms.trainings import services
from lms.trainings.enums import TrainingKind
from lms.trainings.models import Training, TrainingVersion
from tests.factories.people import make_office

_numbers = itertools.count(1)


def make_training(
    kind: TrainingKind = TrainingKind.COURSE,
    *,
    title: str = "",
    owner: Organization | None = None,
) -> Training:
    """A training owned by an office."""
    return Training.objects.create(
        kind=kind, title=title or f"Training {next(_numbers)}", owner=owner or make_office()
    )


def make_version(training: Training | None = None, **spec: Any) -> TrainingVersion:
    """A frozen version with the given parts of its spec."""
    training = training or make_training()
    defaults: dict[str, Any] = {
        "title": training.title,
        "kind": training.kind,
        "minutes": 60,
        "topics": [],
        "credits": [],
        "language": "en",
        "approval": {},
    }
    return services.freeze(training=training, spec={**defaults, **spec}, actor=None)
