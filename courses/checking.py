"""Looks for enrolments whose state and facts disagree. It reports; it changes nothing of them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.cache import cache
from django.db.models import Q
from django.utils import timezone

from courses.enums import EnrolmentStatus
from courses.models import Enrolment
from courses.querysets import EnrolmentQuerySet
from courses.selectors import Step, where
from lms.people.models import Organization

# Completions older than this were looked at when they were new.
LATELY = timedelta(days=7)
# Where the ids of the last night's findings lie; a night that did not run makes them vanish.
NOTED = "courses.disagreements"
NOTED_FOR = timedelta(hours=36)


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
    # What a guest has done completes nothing until somebody claims it, so it is no disagreement.
    concerned = (
        Enrolment.objects.of_people()
        .filter(
            Q(status=EnrolmentStatus.ACTIVE)
            | Q(status=EnrolmentStatus.COMPLETED, completed_at__gte=now - LATELY)
        )
        .with_standing()
    )
    # A guest's finished course waits for a name.
    concerned = concerned.filter(person__guest_since__isnull=True)
    for enrolment in concerned.order_by("pk").iterator(chunk_size=500):
        if found := finding(enrolment):
            yield Disagreement(enrolment.pk, enrolment.training_id, found)


def finding(enrolment: Enrolment) -> str:
    """In which way the enrolment's facts say something else than its state; empty if they agree.

    A document's version that came after the completion asks again and takes nothing back, so it is
    no disagreement.
    """
    stands = where(enrolment)
    if enrolment.is_active:
        return "finished_not_completed" if stands.is_finished else ""
    if enrolment.status != EnrolmentStatus.COMPLETED:
        return ""
    lacks_step = any(
        not step.is_done and not _came_later(step, enrolment.completed_at) for step in stands.needed
    )
    lacks_more = not all(asked.is_met for asked in stands.requirements)
    return "completed_not_finished" if lacks_step or lacks_more else ""


def _came_later(step: Step, completed_at: datetime | None) -> bool:
    """Whether all that the step asks for is a version newer than the completion."""
    document = step.document
    if document is None or document.signed_number is None or completed_at is None:
        return False
    return document.since > completed_at


def note(found: Iterable[Disagreement]) -> None:
    """Remember the findings until the next night, for the desk."""
    cache.set(NOTED, [row.enrolment for row in found], NOTED_FOR.total_seconds())


def noted(offices: Iterable[Organization]) -> EnrolmentQuerySet:
    """What the last night found in the courses of these offices, the oldest first."""
    return Enrolment.objects.filter(
        pk__in=cache.get(NOTED, []), training__owner__in=list(offices)
    ).order_by("pk")


def forget(enrolment: Enrolment) -> None:
    """Count the enrolment no more at the desk: it is settled."""
    left = [pk for pk in cache.get(NOTED, []) if pk != enrolment.pk]
    cache.set(NOTED, left, NOTED_FOR.total_seconds())
