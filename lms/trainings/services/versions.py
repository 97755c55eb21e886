"""Freezing: what is published becomes a version that nothing changes any more."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from lms.core import audit
from lms.core.canonical import digest
from lms.core.locking import lock
from lms.people.models import Person
from lms.trainings.models import (
    StepContent,
    Training,
    TrainingPage,
    TrainingVersion,
    VersionInForce,
)
from lms.trainings.selectors import version_in_force


@transaction.atomic
def identify(*, page: TrainingPage, actor: Person | None, now: datetime | None = None) -> Training:
    """The training a page stands for, made at the first publication; title and owner follow it.

    So does who may take it. Only the page in the site's main language changes these; translations
    do not.
    """
    training, created = Training.objects.get_or_create(
        key=page.translation_key,
        defaults={
            "kind": page.training_kind,
            "title": page.title,
            "owner": page.office,
            **_door(page),
            "created_at": now or timezone.now(),
        },
    )
    if created:
        audit.record("training.created", training, actor=actor, now=now)
        return training
    is_main = page.locale.language_code == settings.LANGUAGE_CODE
    if is_main and (training.title, training.owner_id) != (page.title, page.office_id):
        training.title, training.owner = page.title, page.office
        training.save(update_fields=["title", "owner"])
        audit.record("training.renamed", training, actor=actor, now=now)
    door = _door(page)
    if is_main and any(getattr(training, field) != value for field, value in door.items()):
        for field, value in door.items():
            setattr(training, field, value)
        training.save(update_fields=list(door))
        audit.record("training.access_changed", training, actor=actor, now=now, **door)
    return training


def _door(page: TrainingPage) -> dict[str, Any]:
    """What the page says on who may take the training."""
    return {
        "access": page.access,
        "is_hidden": page.is_hidden,
        "without_account": page.without_account,
    }


@transaction.atomic
def freeze(
    *,
    training: Training,
    spec: dict[str, Any],
    actor: Person | None,
    now: datetime | None = None,
) -> TrainingVersion:
    """The version of `training` with exactly this `spec`, in force from `now` on; made if new.

    One door for its four callers (course publish, session training, outside program, approved
    worksheet). Freezing the same spec twice gives the same version. A spec that returns to an
    older one is that older version again, and brings it back into force (`version_in_force`).
    """
    now = now or timezone.now()
    lock(training)
    version = _version_with(training, spec, actor=actor, now=now)
    if version_in_force(training) != version:
        VersionInForce.objects.create(training=training, version=version, since=now)
        audit.record("training.in_force", version, actor=actor, now=now, number=version.number)
    return version


def _version_with(
    training: Training, spec: dict[str, Any], *, actor: Person | None, now: datetime
) -> TrainingVersion:
    spec_hash = digest(spec)
    known = TrainingVersion.objects.filter(training=training, spec_hash=spec_hash).first()
    if known:
        return known
    last = TrainingVersion.objects.filter(training=training).order_by("-number").first()
    version = TrainingVersion.objects.create(
        training=training,
        number=last.number + 1 if last else 1,
        spec=spec,
        spec_hash=spec_hash,
        frozen_at=now,
        frozen_by=actor,
    )
    audit.record("training.frozen", version, actor=actor, now=now, number=version.number)
    return version


@transaction.atomic
def put_in_force(
    *,
    version: TrainingVersion,
    step_key: str,
    locale: str,
    page_id: int,
    revision_id: int,
    now: datetime | None = None,
) -> None:
    """From now on this revision is what readers of the step see; the same one twice is one row."""
    last = (
        StepContent.objects.filter(version=version, step_key=step_key, locale=locale)
        .order_by("-id")
        .first()
    )
    if last and last.revision_id == revision_id:
        return
    StepContent.objects.create(
        version=version,
        step_key=step_key,
        locale=locale,
        page_id=page_id,
        revision_id=revision_id,
        recorded_at=now or timezone.now(),
    )
