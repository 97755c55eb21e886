"""Asking people for a training, with a day; taking that back."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from courses import assignment_letters as letters
from courses.assignment_selectors import ASSIGNABLE, done_by
from courses.due import stage_on
from courses.enums import AssignmentEnd
from courses.models import Assignment, AssignmentReminder
from lms.core import audit
from lms.core.exceptions import Refused
from lms.core.locking import lock
from lms.core.time import long_date, new_york_date
from lms.people.models import Employment, Organization, Person
from lms.trainings.access import may_take
from lms.trainings.models import Training


@dataclass
class Bulk:
    """What came of doing one thing for many people: done for these, refused for those."""

    done: list[Person] = field(default_factory=list)
    refused: list[tuple[Person, str]] = field(default_factory=list)


@transaction.atomic
def assign(
    *,
    person: Person,
    training: Training,
    organization: Organization,
    due_on: date,
    again: bool = False,
    actor: Person | None,
    now: datetime | None = None,
) -> Assignment:
    """Ask `person`, who works for `organization`, to do `training` by `due_on` (New York day).

    Whoever has done it already counts as done and hears nothing, unless it is to be done `again`:
    then only what happens from today on counts. Otherwise a mail tells the person. The same day
    again changes nothing; another day replaces the old one. Raises Refused "not_ours", "past",
    "not_assignable", "no_access".
    """
    now = now or timezone.now()
    person, today = person.canonical, new_york_date(now)
    if due_on < today:
        raise Refused(_("Choose today or a later day."), code="past")
    if training.kind not in ASSIGNABLE:
        raise Refused(_("This training cannot be assigned."), code="not_assignable")
    if not may_take(person, training, now):
        raise Refused(
            _("This training is not open to %(person)s. Ask %(office)s for access first.")
            % {"person": person, "office": training.owner},
            code="no_access",
        )
    # Whose employment is locked, is assigned to once at a time.
    lock(_employment(person, organization, today))
    known = Assignment.objects.live().of(person).filter(
        training=training, organization=organization
    ).first()  # fmt: skip
    has_done = _has_done(person, training, known.counts_from if known else None)
    if known and known.due_on == due_on and not (again and has_done):
        return known
    if known:
        _end(known, AssignmentEnd.REPLACED, actor=actor, now=now)
    assignment = Assignment.objects.create(
        person=person,
        training=training,
        organization=organization,
        due_on=due_on,
        counts_from=_counts_from(known, again=again, has_done=has_done, today=today),
        assigned_at=now,
        assigned_by=actor,
    )
    audit.record(
        "assignment.made", assignment, actor=actor, now=now, due_on=str(due_on), again=again
    )
    if again or not has_done:
        letters.tell_assigned(assignment, moved=known is not None)
        stage = stage_on(due_on, today)
        if stage:  # The letter just said so.
            AssignmentReminder.objects.create(assignment=assignment, stage=stage, told_at=now)
    return assignment


def _counts_from(
    known: Assignment | None, *, again: bool, has_done: bool, today: date
) -> date | None:
    """From when on it counts: another date for the same asking does not move that."""
    if again and (has_done or known is None):
        return today
    return known.counts_from if known else None


def _employment(person: Person, organization: Organization, today: date) -> Employment:
    """The person's employment there; only an agency's own people can be asked."""
    found = (
        Employment.objects.filter(
            Q(ended_on__isnull=True) | Q(ended_on__gte=today),
            Q(person=person) | Q(person__canonical_person=person),
            organization=organization,
        )
        .order_by("pk")
        .first()
    )
    if found is None:
        raise Refused(
            _("%(person)s does not work for %(agency)s.")
            % {"person": person, "agency": organization},
            code="not_ours",
        )
    return found


def _has_done(person: Person, training: Training, since: date | None) -> bool:
    found = done_by([person], [training]).get((person.pk, training.pk), [])
    return any(since is None or done.on >= since for done in found)


def _end(
    assignment: Assignment, how: AssignmentEnd, *, actor: Person | None, now: datetime
) -> bool:
    """Stop asking, once: whether this call did it."""
    ended = Assignment.objects.live().filter(pk=assignment.pk)
    if ended.update(ended_at=now, ended_how=how) != 1:
        return False
    audit.record(f"assignment.{how}", assignment, actor=actor, now=now)
    return True


def assign_many(
    *,
    people: Iterable[Person],
    training: Training,
    organization: Organization,
    due_on: date,
    again: bool = False,
    actor: Person | None,
    now: datetime | None = None,
) -> Bulk:
    """Assign to each of `people`; each is a transaction of its own, a refusal stops nobody else."""
    result, now = Bulk(), now or timezone.now()
    for person in people:
        try:
            assign(
                person=person,
                training=training,
                organization=organization,
                due_on=due_on,
                again=again,
                actor=actor,
                now=now,
            )
        except Refused as refusal:
            result.refused.append((person, str(refusal)))
        else:
            result.done.append(person)
    return result


@transaction.atomic
def withdraw_assignment(
    *, assignment: Assignment, actor: Person | None, now: datetime | None = None
) -> Assignment:
    """Ask for it no more; what was done stays done. Withdrawing twice is once, and tells nobody."""
    _end(assignment, AssignmentEnd.WITHDRAWN, actor=actor, now=now or timezone.now())
    assignment.refresh_from_db()
    return assignment


@transaction.atomic
def ask_again(
    *, assignment: Assignment, actor: Person | None, now: datetime | None = None
) -> Assignment:
    """Undo a withdrawal: it is asked for by the same day as before, and nobody is told.

    One that is live already is returned as it is. Raises Refused when it was assigned anew since
    ("assigned_since"), was only given another date ("replaced"), or the person left ("not_ours").
    """
    now = now or timezone.now()
    if assignment.ended_at is None:
        return assignment
    person = assignment.person.canonical
    lock(_employment(person, assignment.organization, new_york_date(now)))
    assignment = lock(assignment)
    if assignment.ended_how == AssignmentEnd.REPLACED:
        raise Refused(_("This was given another date, which counts."), code="replaced")
    newer = Assignment.objects.live().of(person).filter(
        training=assignment.training, organization=assignment.organization
    ).first()  # fmt: skip
    if newer and newer.pk != assignment.pk:
        raise Refused(
            _("It was assigned again since, by %(day)s.") % {"day": long_date(newer.due_on)},
            code="assigned_since",
        )
    if assignment.ended_at is not None:
        Assignment.objects.filter(pk=assignment.pk).update(ended_at=None, ended_how="")
        audit.record("assignment.asked_again", assignment, actor=actor, now=now)
        assignment.refresh_from_db()
    return assignment
