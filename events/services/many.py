"""Many dates at once: looked at together before any is saved, then all of them or none."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as later

from events.clashes import Clash, clashes_of
from events.models import Session
from events.services.sessions import (
    as_known,
    planned_session,
    refuse_unpublished,
    schedule_session,
)
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
    found out, also how the dates stand to each other, and nothing is written. Raises Refused for a
    training never published.
    """
    now = now or timezone.now()
    rows = _looked_at(training, dates, details=details, actor=actor, now=now)
    if dry_run or any(row.outcome == DateOutcome.WRONG for row in rows):
        return rows
    return [
        replace(row, session=_added(training, row.date, details, actor=actor, now=now))
        for row in rows
    ]


def _added(
    training: Training,
    planned: PlannedDate,
    details: dict[str, Any],
    *,
    actor: Person | None,
    now: datetime,
) -> Session:
    session = schedule_session(
        training=training, **planned.__dict__, **details, actor=actor, now=now
    )
    session.training = training
    return session


def _looked_at(
    training: Training,
    dates: Sequence[PlannedDate],
    *,
    details: dict[str, Any],
    actor: Person | None,
    now: datetime,
) -> list[DateRow]:
    """What would come of each date, and what it collides with; the queries do not grow."""
    refuse_unpublished(training)
    there = {
        (session.starts_at, session.title): session
        for session in Session.objects.standing().filter(
            training=training, day__in=[planned.day for planned in dates]
        )
    }
    rows = []
    for planned in dates:
        try:
            session = planned_session(
                training=training, **planned.__dict__, **details, actor=actor, now=now
            )
            known = there.get((session.starts_at, session.title))
            if known is not None:
                known.training = training
                rows.append(DateRow(planned, DateOutcome.KNOWN, as_known(session, known)))
                continue
        except Refused as refusal:
            rows.append(DateRow(planned, DateOutcome.WRONG, reason=str(refusal)))
            continue
        # The same day twice in one list is one session.
        there[session.starts_at, session.title] = session
        rows.append(DateRow(planned, DateOutcome.NEW, session))
    new = [row.session for row in rows if row.session and row.outcome == DateOutcome.NEW]
    found = iter(clashes_of(new))
    return [
        replace(row, clashes=next(found)) if row.outcome == DateOutcome.NEW else row for row in rows
    ]
