"""What guests did: given to whoever proves an address and a name, or removed without a trace."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

from courses.enums import EnrolmentStatus
from courses.models import (
    Attempt,
    AttemptAnswer,
    AttemptRuling,
    Enrolment,
    EnrolmentMove,
    LearningClock,
    OwnWord,
    StepProgress,
)
from courses.selectors import where
from courses.services.enrolments import evaluate, withdraw
from lms.core import audit
from lms.core.locking import lock
from lms.core.time import new_york_date
from lms.people.guest_services import KEPT_DAYS, remove_guest
from lms.people.models import Person


@dataclass
class Claimed:
    """What came of a claim: the courses that are the person's now, and what was there before.

    `closed` were under way twice: the one further on goes on, the other is kept as left. `again`
    were completed before, so the record has them twice.
    """

    enrolments: list[Enrolment] = field(default_factory=list)
    closed: list[Enrolment] = field(default_factory=list)
    again: list[Enrolment] = field(default_factory=list)


@transaction.atomic
def claim(*, guest: Person, person: Person, actor: Person, now: datetime | None = None) -> Claimed:
    """Make what the guest did the person's own, complete what is finished, remove the guest.

    Nothing is lost: a course that both are in the middle of goes on where more is done, the other
    enrolment is kept as left; one the person has completed before is completed a second time.
    Claiming again, or what was removed, gives nothing.
    """
    now = now or timezone.now()
    claimed = Claimed()
    if not _locked(guest):
        return claimed
    person = lock(person.canonical)
    LearningClock.objects.filter(person=guest.pk).delete()
    for begun in Enrolment.objects.filter(person=guest.pk).order_by("started_at", "id"):
        _give(lock(begun), person, claimed, actor=actor, now=now)
    audit.record(
        "guest.claimed",
        person,
        actor=actor,
        now=now,
        guest=guest.pk,
        enrolments=[enrolment.pk for enrolment in claimed.enrolments],
    )
    remove_guest(guest=guest, reason="claimed", now=now)
    return claimed


def _give(
    begun: Enrolment, person: Person, claimed: Claimed, *, actor: Person, now: datetime
) -> None:
    mine = Enrolment.objects.visible_to(person).filter(training=begun.training_id)
    before = mine.completed().first()
    present = mine.active().first()
    if begun.is_active and present:
        less = present if _done(begun) > _done(present) else begun
        claimed.closed.append(withdraw(enrolment=less, actor=actor, now=now))
        begun.refresh_from_db(fields=["status"])
    begun.person = person
    begun.claimed_at = now
    begun.save(update_fields=["person", "claimed_at"])
    settled = evaluate(enrolment=begun, actor=actor, now=now)
    claimed.enrolments.append(settled)
    if before and settled.status == EnrolmentStatus.COMPLETED:
        claimed.again.append(before)


def _done(enrolment: Enrolment) -> tuple[bool, int]:
    """How much is done: all, else in how many steps."""
    stands = where(enrolment)
    return stands.is_finished, stands.done_count


@transaction.atomic
def remove_work(*, guest: Person, reason: str, now: datetime | None = None) -> None:
    """Delete a guest with all that was done; survey answers stay, since they are nobody's.

    Facts of people are never deleted like this: the triggers let it pass because it announces
    itself, and it only ever asks for guests. Raises ValueError for anybody else.
    """
    if not _locked(guest):
        return
    mine = Enrolment.objects.filter(person=guest.pk)
    LearningClock.objects.filter(person=guest.pk).delete()
    for model, rows in (
        (AttemptRuling, AttemptRuling.objects.filter(attempt__enrolment__in=mine)),
        (AttemptAnswer, AttemptAnswer.objects.filter(attempt__enrolment__in=mine)),
        (Attempt, Attempt.objects.filter(enrolment__in=mine)),
        (OwnWord, OwnWord.objects.filter(enrolment__in=mine)),
        (EnrolmentMove, EnrolmentMove.objects.filter(enrolment__in=mine).order_by("-pk")),
    ):
        _announce(model._meta.db_table)  # noqa: SLF001 - Django's documented name
        rows.delete()
    _announce("")
    StepProgress.objects.filter(enrolment__in=mine).delete()
    mine.delete()
    remove_guest(guest=guest, reason=reason, now=now)


def _locked(guest: Person) -> bool:
    """Whether the guest is still there; nobody else then touches it until we are done."""
    try:
        is_guest = lock(guest).is_guest
    except Person.DoesNotExist:
        return False
    if not is_guest:
        message = "This is a person, not a guest."
        raise ValueError(message)
    return True


def _announce(table: str) -> None:
    """Tell the triggers for which table deleting is meant (lms.core.database)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lms.ledger_maintenance', %s, true)", [table])


def remove_forgotten(*, now: datetime | None = None) -> int:
    """Remove guests that did nothing for 30 days, each in a transaction of its own; how many."""
    now = now or timezone.now()
    since = new_york_date(now) - timedelta(days=KEPT_DAYS)
    forgotten = list(Person.objects.guests().filter(guest_seen_on__lte=since).order_by("pk"))
    for guest in forgotten:
        remove_work(guest=guest, reason="not_claimed", now=now)
    return len(forgotten)
