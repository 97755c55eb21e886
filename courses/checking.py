"""Looks for enrolments whose state and facts disagree. It reports; it changes nothing."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from courses.enums import EnrolmentStatus
from courses.models import Enrolment
from courses.selectors import where

# Completions older than this were looked at when they were new.
LATELY = timedelta(days=7)


@dataclass(frozen=True)
class Disagreement:
    """An enrolment, and in which way its facts say something else than its state."""

    enrolment: int
    training: int
    finding: str


def disagreements(now: datetime | None = None) -> Iterator[Disagreement]:
    """Courses under way with nothing left to do, and late completions that lack something.

    The first is what a lost event leaves behind: `services.evaluate` settles it when the learner
    opens a page of the course. The second should never be.
    """
    now = now or timezone.now()
    concerned = Enrolment.objects.filter(
        Q(status=EnrolmentStatus.ACTIVE)
        | Q(status=EnrolmentStatus.COMPLETED, completed_at__gte=now - LATELY)
    ).with_standing()
    # A guest's finished course waits for a name.
    concerned = concerned.filter(person__guest_since__isnull=True)
    for enrolment in concerned.order_by("pk").iterator(chunk_size=500):
        finished = where(enrolment).is_finished
        if enrolment.is_active and finished:
            yield Disagreement(enrolment.pk, enrolment.training_id, "finished_not_completed")
        elif not enrolment.is_active and not finished:
            yield Disagreement(enrolment.pk, enrolment.training_id, "completed_not_finished")
