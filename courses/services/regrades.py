"""Deciding on a question that was not fair, and counting the tests anew that had it.

The decision is a row of its own and holds from then on for whoever hands in later. Tests handed in
before are worked off in batches, each in its own transaction, by whoever comes first: the request,
a worker, or the periodic job after a crash. Nobody ever loses by it.
"""

import logging
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from courses import results, scoring
from courses.enums import AttemptStatus, QuestionKind, RegradeKind, RulingKind
from courses.leniency import Leniency, leniencies
from courses.models import (
    Attempt,
    AttemptRuling,
    Enrolment,
    QuestionVersion,
    Regrade,
    RegradeRun,
)
from courses.ruling_letters import tell_ruling
from courses.selectors import where
from courses.services.enrolments import evaluate
from courses.services.rulings import close_running, demand_ruling
from courses.services.steps import note_done
from lms.core import audit
from lms.core.exceptions import Refused
from lms.core.locking import lock
from lms.people.models import Person
from lms.trainings.models import Training

logger = logging.getLogger(__name__)

# So many are worked off while somebody waits for the page; more are a worker's.
SMALL = 200
BATCH = 100


@transaction.atomic
def decide_regrade(
    *,
    wording: QuestionVersion,
    kind: RegradeKind,
    reason: str,
    choice: str = "",
    actor: Person,
    now: datetime | None = None,
) -> Regrade:
    """Decide on the wording; the same decision again returns the first.

    `work_off` counts anew what is handed in. Raises Refused "not_yours", "not_scored", "no_choice"
    for an answer that cannot be given or is right already, "full" where all have the point anyway,
    and "no_reason".
    """
    now = now or timezone.now()
    training = Training.objects.select_related("owner").get(key=wording.question.course_key)
    demand_ruling(actor, training.owner)
    if not QuestionKind(wording.kind).is_scored:
        raise Refused(_("This question gives no point, so there is none to give."), code="no_score")
    choice = choice if kind == RegradeKind.ALSO_RIGHT else ""
    if kind == RegradeKind.ALSO_RIGHT and choice not in scoring.may_count_too(wording):
        raise Refused(_("Choose the answer that counts as right too."), code="no_choice")
    made = Regrade.objects.filter(wording=wording)
    known = made.filter(kind=kind, choice=choice).first()
    if known:
        return known
    if made.filter(kind=RegradeKind.FULL_MARKS).exists():
        raise Refused(_("Everybody has full marks for this question already."), code="full")
    if not reason.strip():
        raise Refused(_("Say why, so that those who were asked know."), code="no_reason")
    regrade, created = Regrade.objects.get_or_create(
        wording=wording,
        kind=kind,
        choice=choice,
        defaults={"reason": reason.strip(), "decided_at": now, "decided_by": actor},
    )
    if created:
        total = Attempt.objects.that_saw(wording).count()
        RegradeRun.objects.create(regrade=regrade, total=total)
        audit.record(
            "question.regraded", regrade, actor=actor, now=now, kind=kind.value, attempts=total
        )
    return regrade


def work_off(*, regrade: Regrade, now: datetime | None = None) -> RegradeRun:
    """Count anew every test that has the wording; safe to run twice, also at once."""
    run = RegradeRun.objects.get(regrade=regrade)
    while run.finished_at is None:
        run = _work_off_batch(run=run, now=now or timezone.now())
    return run


def work_off_all(*, now: datetime | None = None) -> int:
    """Make good what a lost worker left; returns how many decisions were taken up again."""
    runs = RegradeRun.objects.filter(finished_at=None).select_related("regrade")
    for run in runs:
        try:
            work_off(regrade=run.regrade, now=now)
        except Exception:
            logger.exception("Regrade %s failed", run.regrade_id)
    return len(runs)


@transaction.atomic
def _work_off_batch(*, run: RegradeRun, now: datetime) -> RegradeRun:
    locked = lock(run)
    if locked.finished_at:
        return locked
    regrade = locked.regrade
    saw = Attempt.objects.that_saw(regrade.wording_id).filter(pk__gt=locked.last)
    attempts = list(
        saw.with_result()
        .select_related("enrolment")
        .prefetch_related("answers")
        .order_by("pk")[:BATCH]
    )
    shown = {item["version"] for attempt in attempts for item in attempt.items}
    wordings, lenient = QuestionVersion.objects.in_bulk(shown), leniencies(shown)
    for attempt in attempts:
        if attempt.status == AttemptStatus.HANDED_IN and not _gains(attempt, wordings, lenient):
            continue
        effect = _count_anew(attempt, regrade, wordings, now)
        locked.changed += effect.changed
        locked.now_passed += effect.newly_passed
        locked.now_completed += effect.completed
    locked.looked_at += len(attempts)
    if attempts:
        locked.last = attempts[-1].pk
    if len(attempts) < BATCH:
        locked.finished_at = now
        audit.record("question.regrade_done", regrade, actor=None, now=now, changed=locked.changed)
    locked.save()
    return locked


@dataclass(frozen=True)
class _Effect:
    """What a decision did to one attempt."""

    changed: bool = False
    newly_passed: bool = False
    completed: bool = False


def _gains(
    attempt: Attempt,
    wordings: dict[int, QuestionVersion],
    lenient: dict[int, Leniency],
) -> results.Result | None:
    """The better result, if there is one; never a worse one."""
    before = results.result_of(attempt)
    if before is None:
        return None
    given = {answer.position: answer.response for answer in attempt.answers.all()}
    after = results.scored(attempt, given, wordings, lenient)
    if after.points <= before.points:
        return None
    # Whoever passed by an earlier word keeps it.
    is_pass = after.is_pass if before.is_pass is not True else True
    return results.Result(after.points, after.of, is_pass)


def _count_anew(
    attempt: Attempt, regrade: Regrade, wordings: dict[int, QuestionVersion], now: datetime
) -> _Effect:
    """Under the enrolment's lock: what another ruling, or handing in, did meanwhile is seen."""
    enrolment = lock(attempt.enrolment)
    fresh = Attempt.objects.with_result().prefetch_related("answers").get(pk=attempt.pk)
    if fresh.status != AttemptStatus.HANDED_IN:
        # Still running: it is scored with the decision when it is handed in.
        return _Effect()
    after = _gains(fresh, wordings, leniencies(item["version"] for item in fresh.items))
    before = results.result_of(fresh)
    if after is None or before is None:
        return _Effect()
    passed = before.is_pass is False and after.is_pass is True
    was_done = passed and _is_done(enrolment, fresh.step_key)
    ruling = AttemptRuling.objects.create(
        attempt=fresh,
        kind=RulingKind.REGRADE,
        reason=regrade.reason,
        points=after.points,
        outcome=after.is_pass,
        regrade=regrade,
        ruled_at=now,
        ruled_by=regrade.decided_by,
    )
    audit.record("attempt.regraded", fresh, actor=regrade.decided_by, now=now, regrade=regrade.pk)
    news = passed and enrolment.is_active and not was_done and _is_done(enrolment, fresh.step_key)
    if news:
        note_done(enrolment, fresh.step_key, now)
        _end_running(enrolment, fresh.step_key, regrade, now)
    ended = evaluate(enrolment=enrolment, actor=regrade.decided_by, now=now)
    if news:
        tell_ruling(ruling, ended)
    return _Effect(True, passed, enrolment.is_active and not ended.is_active)


def _is_done(enrolment: Enrolment, step_key: str) -> bool:
    step = where(enrolment).step(step_key)
    return bool(step and step.is_done)


def _end_running(enrolment: Enrolment, step_key: str, regrade: Regrade, now: datetime) -> None:
    """A further try at the test, begun before this one turned out to be passed, is not needed."""
    running = enrolment.attempts.filter(step_key=step_key, status=AttemptStatus.IN_PROGRESS)
    for attempt in running:
        AttemptRuling.objects.create(
            attempt=attempt,
            kind=RulingKind.VOID,
            reason=_("An earlier try is passed, so this one is not needed."),
            ruled_at=now,
            ruled_by=regrade.decided_by,
        )
        close_running(attempt)
        audit.record("attempt.voided", attempt, actor=regrade.decided_by, now=now, kind="void")
