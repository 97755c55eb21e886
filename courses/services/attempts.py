"""Tries at a test: drawn and frozen when they start, scored when handed in."""

import random
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from courses import reads, results, scoring
from courses.enums import AttemptStatus, Scoring
from courses.leniency import leniencies
from courses.models import Attempt, Enrolment
from courses.selectors import times_seen, where
from courses.services.enrolments import complete_if_finished, lock_with_standing
from courses.services.extra_time import extra_minutes
from courses.services.steps import demand_open, note_done
from courses.timing import GRACE, is_over, rule_of
from lms.core import audit
from lms.core.exceptions import Refused
from lms.core.locking import lock
from lms.people.models import Person


@transaction.atomic
def start_attempt(
    *,
    enrolment: Enrolment,
    step_key: str,
    actor: Person | None,
    now: datetime | None = None,
    chance: random.Random | None = None,
) -> Attempt:
    """A try at the test: the one in progress, else a new one with questions drawn and frozen.

    Questions the person has not seen come first, then those seen least; answers are shuffled
    (never those of true or false). A try counts from its start. One that takes the place of a try
    which an outage ended has its own time (`Timing.anew`). Raises Refused while the test is
    locked, when no try is left, and for a test that is passed already.
    """
    now = now or timezone.now()
    running = _running(enrolment, step_key, now)
    if running:
        return running
    locked = lock_with_standing(enrolment)
    running = _running(enrolment, step_key, now)
    if running:
        return running
    step = demand_open(where(locked, now=now), step_key)
    if not step.is_test:
        raise Refused(_("This step has no questions."), code="not_a_test")
    if step.is_done:
        raise Refused(_("You have done this test already; your result is kept."), code="done")
    frozen = next(s for s in locked.version.spec["outline"] if s["key"] == step_key)
    items = _draw(locked, frozen, chance or random.SystemRandom())
    extra = extra_minutes(locked, step.timing.time_limit, now)
    timing = replace(step.timing, extra_minutes=extra)
    attempt = Attempt.objects.create(
        enrolment=locked,
        step_key=step_key,
        number=Attempt.objects.filter(enrolment=locked, step_key=step_key).count() + 1,
        items=items,
        rule={
            "draw": frozen["draw"],
            "pass_percent": frozen["pass_percent"],
            "attempts": frozen["attempts"],
            "scoring": frozen.get("scoring", Scoring.ALL_OR_NOTHING.value),
            **rule_of(timing),
        },
        deadline_at=timing.deadline(now),
        started_at=now,
        max_points=scoring.max_points(items),
    )
    audit.record("attempt.started", attempt, actor=actor, now=now, number=attempt.number)
    return attempt


def _running(enrolment: Enrolment, step_key: str, now: datetime) -> Attempt | None:
    """The try in progress; one whose time has run out is handed in instead."""
    found = reads.attempt_in_progress.first(enrolment=enrolment.pk, step=step_key)
    if found and is_over(found, now):
        hand_in(attempt=found, actor=None, now=now)
        return None
    return found


def hand_in_overdue(*, now: datetime | None = None) -> int:
    """Hand in every test whose time, with the grace for answers on their way, has run out.

    For the periodic job; returns how many there were. Each stands for itself.
    """
    now = now or timezone.now()
    overdue = Attempt.objects.overdue(now - GRACE).select_related("enrolment")
    for attempt in overdue:
        hand_in(attempt=attempt, actor=None, now=now)
    return len(overdue)


def _draw(
    enrolment: Enrolment, frozen: dict[str, Any], chance: random.Random
) -> list[dict[str, Any]]:
    """The questions of a new try, frozen with the order of their answers; reflections come last."""
    seen = times_seen(enrolment)
    pool = reads.wordings(pks=frozen["pool"])
    chance.shuffle(pool)
    pool.sort(key=lambda wording: seen[wording.question_id])
    drawn = pool[: frozen["draw"]]
    chance.shuffle(drawn)
    if "reflections" in frozen:
        drawn += reads.wordings(pks=frozen["reflections"])
    return [scoring.frozen_item(wording, chance) for wording in drawn]


@transaction.atomic
def hand_in(*, attempt: Attempt, actor: Person | None, now: datetime | None = None) -> Attempt:
    """Score the try and close it for good; completes the course if it was the last thing.

    What is not answered earns nothing. A replayed call returns the same result. Locks the
    enrolment, then the attempt, so that no answer slips in between scoring and closing.
    """
    now = now or timezone.now()
    enrolment = lock_with_standing(attempt.enrolment)
    locked = lock(attempt)
    if locked.status == AttemptStatus.HANDED_IN:
        return locked
    if locked.status == AttemptStatus.VOID or not enrolment.is_active:
        raise Refused(_("This try does not count any more; start the test anew."), code="void")
    given = {answer.position: answer.response for answer in reads.answers_of(attempt=locked.pk)}
    shown = [item["version"] for item in locked.items]
    wordings = {wording.pk: wording for wording in reads.wordings(pks=shown)}
    result = results.scored(locked, given, wordings, leniencies(shown))
    locked.score_points, locked.passed = result.points, result.is_pass
    locked.status = AttemptStatus.HANDED_IN
    # Whoever looks late changes nothing: it ended when its time did.
    locked.handed_in_at = min(now, locked.deadline_at) if locked.deadline_at else now
    locked.save(update_fields=["score_points", "passed", "status", "handed_in_at"])
    audit.record("attempt.handed_in", locked, actor=actor, now=now, number=locked.number)
    if result.is_pass is not False:
        note_done(enrolment, locked.step_key, now)
    complete_if_finished(locked=enrolment, actor=actor, now=now)
    return locked
