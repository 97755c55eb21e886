"""The site was down: everybody who was in a test then gets back what they lost, in one act."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.enums import AttemptStatus, OutageEffect
from courses.models import Outage
from courses.outages import gets, in_a_test
from courses.services.attempts import hand_in
from courses.services.rulings import demand_ruling, excuse_outage, grant_outage_time
from courses.timing import GRACE, is_over
from lms.core import audit
from lms.core.exceptions import Refused
from lms.core.locking import lock
from lms.people.models import Person
from lms.trainings.models import Training

LONGEST = timedelta(days=1)


@dataclass(frozen=True)
class Declared:
    """How many got more minutes, and how many may take the test again."""

    more_time: int
    again: int


@transaction.atomic
def declare_outage(
    *,
    began_at: datetime,
    ended_at: datetime,
    trainings: Iterable[Training],
    step_key: str = "",
    reason: str,
    actor: Person,
    now: datetime | None = None,
) -> Declared:
    """Give everybody who was in a test of these courses then what `courses.outages.gets` says.

    Running tests end later, tries that ran out do not count; each is a ruling of its own with its
    mail and its audit row. The same outage again, or one that overlaps it, gives nobody a minute
    twice. Raises Refused "not_yours", "no_reason", "span" for a time that is not over or longer
    than a day.
    """
    now = now or timezone.now()
    trainings = list(trainings)
    for office in {training.owner for training in trainings}:
        demand_ruling(actor, office)
    if not reason.strip():
        raise Refused(_("Say why, so that those who were in a test know."), code="no_reason")
    demand_span(began_at, ended_at, now)
    outage: Outage | None = None
    counts = dict.fromkeys(OutageEffect, 0)
    asked = in_a_test(trainings, step_key, began_at, ended_at)
    for found in asked:
        lock(found.enrolment)
        attempt = asked.filter(pk=found.pk).first()
        runs = attempt and attempt.status == AttemptStatus.IN_PROGRESS
        if attempt and runs and is_over(attempt, now, grace=GRACE):
            hand_in(attempt=attempt, actor=None, now=now)
            attempt = asked.filter(pk=found.pk).first()
        row = attempt and gets(attempt, began_at, ended_at, actor=actor, now=now)
        if not attempt or not row or not row.effect.acts:
            continue
        outage = outage or Outage.objects.create(
            began_at=began_at,
            ended_at=ended_at,
            reason=reason.strip(),
            recorded_at=now,
            recorded_by=actor,
        )
        if row.effect == OutageEffect.MINUTES:
            grant_outage_time(
                attempt=attempt,
                minutes=row.minutes,
                reason=reason,
                key=uuid.uuid4(),
                outage=outage,
                actor=actor,
                now=now,
            )
        else:
            excuse_outage(attempt=attempt, reason=reason, outage=outage, actor=actor, now=now)
        counts[row.effect] += 1
    declared = Declared(counts[OutageEffect.MINUTES], counts[OutageEffect.AGAIN])
    if outage:
        audit.record(
            "outage.declared",
            outage,
            actor=actor,
            now=now,
            more_time=declared.more_time,
            again=declared.again,
        )
    return declared


def demand_span(began_at: datetime, ended_at: datetime, now: datetime) -> None:
    """Refuse what is no outage that is over; what goes on cannot be counted."""
    if ended_at <= began_at:
        raise Refused(_("The end is not after the beginning."), code="span")
    if ended_at > now:
        raise Refused(
            _("Wait until the site is up again: an outage that goes on cannot be counted yet."),
            code="span",
        )
    if ended_at - began_at > LONGEST:
        raise Refused(
            _("This is longer than a day. Look at the dates, or give it in parts."), code="span"
        )
