"""Taking people under way across to the course's present version, and back within a day."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.changes import to_be_done_again
from courses.enums import AttemptStatus
from courses.models import CoursePage, Enrolment, EnrolmentMove
from courses.querysets import EnrolmentQuerySet
from courses.services.enrolments import evaluate
from lms.core import audit
from lms.core.exceptions import Refused
from lms.core.locking import lock
from lms.people.models import Person
from lms.trainings.models import TrainingVersion

UNDO_WITHIN = timedelta(days=1)


@dataclass(frozen=True)
class Moved:
    """How many went across, and how many stayed because a test was running."""

    batch: uuid.UUID
    moved: int
    stayed: int


@transaction.atomic
def move_under_way(*, page: CoursePage, actor: Person | None, now: datetime | None = None) -> Moved:
    """Everybody under way in the page's language goes on in the version in force.

    What was done in steps with the same key stays done, except tests whose rule is another: these
    are set aside and taken again. Whoever is in the middle of a test stays and finishes the old
    version. Moving twice moves nobody twice. Each move is a row, is audited, and evaluates.
    """
    now = now or timezone.now()
    batch, moved, stayed = uuid.uuid4(), 0, 0
    target = page.version_in_force
    if target is None:
        raise Refused(_("Publish the course first."), code="not_published")
    for found in under_way(page).exclude(version=target).order_by("pk"):
        enrolment = lock(found)
        if not enrolment.is_active or enrolment.version_id == target.pk:
            continue
        if _in_a_test(enrolment):
            stayed += 1
            continue
        set_aside = dict(enrolment.set_aside)
        for key in to_be_done_again(enrolment.version.spec, target.spec):
            set_aside[key] = now.isoformat()
        _move(enrolment, target, set_aside, actor=actor, now=now, batch=batch)
        moved += 1
    return Moved(batch=batch, moved=moved, stayed=stayed)


@transaction.atomic
def undo_move(
    *, page: CoursePage, batch: uuid.UUID, actor: Person | None, now: datetime | None = None
) -> Moved:
    """Those moved with `batch` go back to the version they came from, with all they had done.

    Whoever has completed the course since, left it, or begun a test whose rule is another stays.
    Undoing twice is undoing once. Raises Refused when more than a day has passed.
    """
    now = now or timezone.now()
    moves = EnrolmentMove.objects.filter(
        batch=batch, undoes=None, undone_by=None, enrolment__training__key=page.translation_key
    ).select_related("enrolment", "from_version", "to_version")
    back, stayed, undoing = 0, 0, uuid.uuid4()
    for move in moves.order_by("enrolment_id"):
        if now - move.moved_at > UNDO_WITHIN:
            raise Refused(
                _("This was more than a day ago: people have gone on since, so it stays."),
                code="too_late",
            )
        enrolment = lock(move.enrolment)
        gone_on = not enrolment.is_active or enrolment.version_id != move.to_version_id
        again = to_be_done_again(move.from_version.spec, move.to_version.spec)
        taken = enrolment.attempts.filter(step_key__in=again, started_at__gt=move.moved_at)
        if gone_on or _in_a_test(enrolment) or taken.exists():
            stayed += 1
            continue
        _move(
            enrolment,
            move.from_version,
            move.set_aside_before,
            actor=actor,
            now=now,
            batch=undoing,
            undoes=move,
        )
        back += 1
    return Moved(batch=undoing, moved=back, stayed=stayed)


def under_way(page: CoursePage) -> EnrolmentQuerySet:
    """Who is in the middle of the course in the page's language, whatever the version."""
    return Enrolment.objects.active().filter(
        training__key=page.translation_key, language=page.locale.language_code
    )


def _in_a_test(enrolment: Enrolment) -> bool:
    return enrolment.attempts.filter(status=AttemptStatus.IN_PROGRESS).exists()


def _move(
    enrolment: Enrolment,
    target: TrainingVersion,
    set_aside: dict[str, str],
    *,
    actor: Person | None,
    now: datetime,
    batch: uuid.UUID,
    undoes: EnrolmentMove | None = None,
) -> None:
    EnrolmentMove.objects.create(
        enrolment=enrolment,
        from_version=enrolment.version,
        to_version=target,
        set_aside_before=enrolment.set_aside,
        batch=batch,
        undoes=undoes,
        moved_at=now,
        moved_by=actor,
    )
    audit.record(
        "enrolment.moved",
        enrolment,
        actor=actor,
        now=now,
        before=enrolment.version.number,
        after=target.number,
        undone=undoes is not None,
    )
    enrolment.version, enrolment.set_aside = target, set_aside
    enrolment.save(update_fields=["version", "set_aside"])
    if undoes is None:
        evaluate(enrolment=enrolment, actor=actor, now=now)
