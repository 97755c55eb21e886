"""Trainings that took place elsewhere and have no page here: a title and whose they are."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from lms.core import audit
from lms.people.models import Organization, Person
from lms.trainings.enums import TrainingKind
from lms.trainings.models import Training, TrainingVersion
from lms.trainings.selectors import version_in_force
from lms.trainings.services.versions import freeze


@transaction.atomic
def make_outside(
    *,
    office: Organization,
    title: str,
    key: UUID | None = None,
    actor: Person | None,
    now: datetime | None = None,
) -> Training:
    """The office's outside training of this title, made with a version if there is none yet.

    With a `key` it is the one of this key, whatever its title is. Its version promises nothing: no
    length, no topics, no credit.
    """
    now = now or timezone.now()
    title = " ".join(title.split())[:255]
    known = Training.objects.filter(kind=TrainingKind.OUTSIDE)
    known = known.filter(key=key) if key else known.filter(owner=office, title__iexact=title)
    training = known.first()
    if training is None:
        training = Training.objects.create(
            **({"key": key} if key else {}),
            kind=TrainingKind.OUTSIDE,
            title=title,
            owner=office,
            created_at=now,
        )
        audit.record("training.created", training, actor=actor, now=now)
    if version_in_force(training) is None:
        bare_version(training=training, actor=actor, now=now)
    return training


def bare_version(
    *, training: Training, actor: Person | None, now: datetime | None = None
) -> TrainingVersion:
    """The version of a training about which nothing more is known than its title."""
    spec = {
        "title": training.title,
        "kind": training.kind,
        "minutes": 0,
        "topics": [],
        "credits": [],
        "language": settings.LANGUAGE_CODE,
        "approval": {},
    }
    return freeze(training=training, spec=spec, actor=actor, now=now)
