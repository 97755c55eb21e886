"""What an outage of the site cost people who were in a test with a time limit; nothing is written.

Somebody is given back the minutes of the outage that lay in their try, each minute once: whatever
outages were declared before, and however they overlap, together they give the time that was lost.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import ngettext

from courses.enums import AttemptStatus, EnrolmentStatus, OutageEffect, RulingKind
from courses.models import Attempt, AttemptRuling
from courses.models.rulings import MAX_OUTAGE_MINUTES
from courses.results import result_of
from courses.rulings import ran_out
from courses.timing import GRACE, is_over
from lms.people.models import Person
from lms.trainings.models import Training

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Concerned:
    """A try that ran in the outage, and what its person gets; `minutes` where it is time."""

    attempt: Attempt
    effect: OutageEffect
    minutes: int = 0

    @property
    def in_words(self) -> str:
        """What the person gets."""
        if self.effect != OutageEffect.MINUTES:
            return str(self.effect.label)
        return ngettext("%(count)s more minute", "%(count)s more minutes", self.minutes) % {
            "count": self.minutes
        }


def in_a_test(
    trainings: Iterable[Training], step_key: str, began_at: datetime, ended_at: datetime
) -> QuerySet[Attempt]:
    """The tries with a deadline that ran in the outage, in these courses; two queries.

    `step_key` narrows them to one test. Tries that do not count are left out, and those still open
    in a course that somebody left or completed: nothing goes on there that could be given back.
    """
    found = Attempt.objects.with_result().filter(
        Q(("is_void", False)),
        Q(handed_in_at=None) | Q(handed_in_at__gt=began_at),
        ~Q(status=AttemptStatus.IN_PROGRESS) | Q(enrolment__status=EnrolmentStatus.ACTIVE),
        enrolment__training__in=list(trainings),
        started_at__lt=ended_at,
        deadline_at__gt=began_at,
    )
    if step_key:
        found = found.filter(step_key=step_key)
    rulings = AttemptRuling.objects.filter(kind=RulingKind.OUTAGE).select_related("outage")
    return (
        found.select_related(
            "enrolment__person__canonical_person",
            "enrolment__training__owner",
            "enrolment__version",
        )
        .prefetch_related(Prefetch("rulings", rulings, to_attr="outage_rulings"))
        .defer("items")
        .order_by("enrolment_id", "pk")
    )


def gets(
    attempt: Attempt, began_at: datetime, ended_at: datetime, *, actor: Person, now: datetime
) -> Concerned:
    """What this outage gives the try's person; `attempt` comes from `in_a_test`."""
    if attempt.enrolment.person.canonical == actor.canonical:
        return Concerned(attempt, OutageEffect.OWN)
    owed = _owed(attempt, began_at, ended_at)
    if owed <= 0:
        return Concerned(attempt, OutageEffect.GIVEN)
    if attempt.status == AttemptStatus.IN_PROGRESS:
        if is_over(attempt, now, grace=GRACE):
            return Concerned(attempt, OutageEffect.AGAIN)
        return Concerned(attempt, OutageEffect.MINUTES, owed)
    result = result_of(attempt)
    if result and result.is_pass is not False:
        return Concerned(attempt, OutageEffect.PASSED)
    return Concerned(attempt, OutageEffect.AGAIN if ran_out(attempt) else OutageEffect.HANDED_IN)


def _owed(attempt: Attempt, began_at: datetime, ended_at: datetime) -> int:
    """How many minutes of all outages so far and of this one were not given back yet.

    What was given by hand since this outage began counts as given because of it.
    """
    rulings: list[AttemptRuling] = attempt.outage_rulings  # type: ignore[attr-defined]  # in_a_test
    spans = [(row.outage.began_at, row.outage.ended_at) for row in rulings if row.outage]
    given = sum(row.minutes or 0 for row in rulings if row.outage_id or row.ruled_at >= began_at)
    lost = _together(attempt, [*spans, (began_at, ended_at)])
    return min(ceil(lost / _MINUTE), MAX_OUTAGE_MINUTES) - given


def _together(attempt: Attempt, spans: list[tuple[datetime, datetime]]) -> timedelta:
    """How long the spans last within the try, what they share counted once."""
    total, until = timedelta(), attempt.started_at
    last = attempt.deadline_at or attempt.started_at
    for start, end in sorted(spans):
        first, final = max(start, until), min(end, last)
        if final > first:
            total += final - first
            until = final
    return total
