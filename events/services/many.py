"""Many dates at once: looked at together before any is saved, then all of them or none."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as later

from events.models import Session
from events.selectors import Clash, clashes
from events.services.sessions import schedule_session
from lms.core.exceptions import Refused
from lms.people.models import Person
from lms.trainings.models import Training


class DateOutcome(models.TextChoices):
    """What comes of a date of the list."""

    NEW = "new", later("Will be added")
    KNOWN = "known", later("Is there already")
    WRONG = "wrong", later("Cannot be added")


@dataclass(frozen=True)
class PlannedDate:
    """A day with wall times in a zone (an IANA name)."""

    day: date
    start: time
    end: time
    zone: str


@dataclass(frozen=True)
class DateRow:
    """A date with what comes of it; `reason` says why nothing does."""

    date: PlannedDate
    outcome: DateOutcome
    session: Session | None = None
    reason: str = ""
    clashes: list[Clash] = field(default_factory=list)


@transaction.atomic
def schedule_many(
    *,
    training: Training,
    dates: Sequence[PlannedDate],
    actor: Person | None,
    dry_run: bool = False,
    now: datetime | None = None,
    **details: Any,
) -> list[DateRow]:
    """Add the dates to a live training, each with the same `details` (see schedule_session).

    All of them or none: with one that cannot be added nothing is. A date that is there already is
    left as it is, so that the same list twice adds nothing twice. With `dry_run` everything is
    found out, also how the dates stand to each other, and taken back.
    """
    now = now or timezone.now()
    known = set(Session.objects.standing().filter(training=training).values_list("pk", flat=True))
    rows = []
    for planned in dates:
        row = _row(training, planned, known, details=details, actor=actor, now=now)
        if row.session:
            known.add(row.session.pk)
        rows.append(row)
    rows = [
        DateRow(row.date, row.outcome, row.session, row.reason, clashes(row.session))
        if row.session and row.outcome == DateOutcome.NEW
        else row
        for row in rows
    ]
    if dry_run or any(row.outcome == DateOutcome.WRONG for row in rows):
        transaction.set_rollback(True)
    return rows


def _row(
    training: Training,
    planned: PlannedDate,
    known: set[int],
    *,
    details: dict[str, Any],
    actor: Person | None,
    now: datetime,
) -> DateRow:
    try:
        with transaction.atomic():
            session = schedule_session(
                training=training, **planned.__dict__, **details, actor=actor, now=now
            )
    except Refused as refusal:
        return DateRow(planned, DateOutcome.WRONG, reason=str(refusal))
    session.training = training
    outcome = DateOutcome.KNOWN if session.pk in known else DateOutcome.NEW
    return DateRow(planned, outcome, session)
