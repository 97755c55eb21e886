"""Courses and plans that two records of one person are both in the middle of: one goes on.

As with what is begun without an account (services.guests), a course goes on where more is done; the
other enrolment is kept as left, and goes on again when the two records are parted.
"""

from datetime import datetime

from django.db import transaction

from courses.enums import EnrolmentStatus
from courses.models import Enrolment, PlanEnrolment
from courses.selectors import prepare, where
from courses.services.enrolments import withdraw
from courses.services.plans import leave_plan
from lms.core import audit
from lms.core.personal_data import Both
from lms.people.models import Person

Pairs = list[tuple[Enrolment, Enrolment]]
PlanPairs = list[tuple[PlanEnrolment, PlanEnrolment]]


def courses_of_both(duplicate: Person, into: Person) -> list[Both]:
    """The courses that both are in the middle of."""
    return [
        Both(more.training.title, more.training.owner_id)
        for more, _less in _courses(duplicate, into)
    ]


@transaction.atomic
def settle_courses(duplicate: Person, into: Person, actor: Person, now: datetime) -> list[int]:
    """Leave the enrolment in which less is done; returns those that were left."""
    return [
        withdraw(enrolment=less, actor=actor, now=now).pk
        for _more, less in _courses(duplicate, into)
    ]


@transaction.atomic
def take_courses_back(ids: list[int], actor: Person, now: datetime) -> None:
    """What was left for the merge goes on, unless its own person began the course anew since."""
    for row in Enrolment.objects.filter(pk__in=ids, status=EnrolmentStatus.WITHDRAWN):
        others = Enrolment.objects.active().filter(person=row.person_id, training=row.training_id)
        if not others.exists():
            Enrolment.objects.filter(pk=row.pk).update(status=EnrolmentStatus.ACTIVE)
            audit.record("enrolment.resumed", row, actor=actor, now=now)


def plans_of_both(duplicate: Person, into: Person) -> list[Both]:
    """The plans that both follow."""
    return [
        Both(first.training.title, first.training.owner_id)
        for first, _later in _plans(duplicate, into)
    ]


@transaction.atomic
def settle_plans(duplicate: Person, into: Person, actor: Person, now: datetime) -> list[int]:
    """Leave the plan that was joined later: what was done counts for both; returns those left."""
    return [
        leave_plan(enrolment=later, actor=actor, now=now).pk
        for _first, later in _plans(duplicate, into)
    ]


@transaction.atomic
def take_plans_back(ids: list[int], actor: Person, now: datetime) -> None:
    """What was left for the merge goes on, unless its own person joined the plan anew since."""
    for row in PlanEnrolment.objects.filter(pk__in=ids, status=EnrolmentStatus.WITHDRAWN):
        others = PlanEnrolment.objects.active().filter(person=row.person_id, training=row.training)
        if not others.exists():
            PlanEnrolment.objects.filter(pk=row.pk).update(status=EnrolmentStatus.ACTIVE)
            audit.record("plan.resumed", row, actor=actor, now=now)


def _courses(duplicate: Person, into: Person) -> Pairs:
    """The courses that both are in the middle of: where more is done, and the other."""
    theirs = {row.training_id: row for row in _active(duplicate)}
    found = []
    for mine in _active(into):
        other = theirs.get(mine.training_id)
        if other:
            pair = sorted((other, mine), key=_done)
            found.append((pair[1], pair[0]))
    return found


def _active(person: Person) -> list[Enrolment]:
    return prepare(Enrolment.objects.active().visible_to(person).with_standing().order_by("pk"))


def _done(enrolment: Enrolment) -> tuple[bool, int]:
    stands = where(enrolment)
    return stands.is_finished, stands.done_count


def _plans(duplicate: Person, into: Person) -> PlanPairs:
    active = PlanEnrolment.objects.active().select_related("training").order_by("pk")
    theirs = {row.training_id: row for row in active.visible_to(duplicate)}
    found = []
    for mine in active.visible_to(into):
        other = theirs.get(mine.training_id)
        if other:
            first, later = sorted((other, mine), key=lambda row: (row.started_at, row.pk))
            found.append((first, later))
    return found
