"""How long somebody is with a course: the server's clock decides, and no second counts twice.

A page of the player that is in front of somebody who moves, types or listens sends a sign of life
every half minute (front/js/active_time.js); opening a page is one too. What lies between two signs
counts, up to a cap, for the step the person was at. What the page says is never a number of
seconds, so there is none to forge. Nothing here is audited: how fast somebody reads is nobody's
business but theirs.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Sum
from django.utils import timezone

from courses.models import Enrolment, LearningClock, StepProgress
from courses.requirements import active_minutes_left
from courses.services.enrolments import evaluate
from lms.people.models import Person

# The script's signs come every 30 seconds; a late one still counts, a lost one costs its time.
SCRIPT_CAP = timedelta(seconds=60)
# Without a script nobody tells whether the page was looked at: five minutes, as long as the script
# waits for somebody who does not move.
PAGE_CAP = timedelta(minutes=5)
# No film is longer than a day, in seconds.
LONGEST = 24 * 60 * 60
# Written by hand: every page of the player and every half minute of everybody asks for these.
_MOVE = """
UPDATE courses_learningclock
SET enrolment_id = %(enrolment)s, step_key = %(step)s, seen_at = %(until)s,
    by_script = %(by_script)s
WHERE id = %(clock)s AND seen_at = %(seen_at)s
"""
_COUNT = """
UPDATE courses_stepprogress AS opened
SET active_seconds = opened.active_seconds + more.seconds,
    seen_at = CASE
        WHEN opened.step_key = %(at)s OR opened.seen_at IS NULL THEN %(now)s ELSE opened.seen_at
    END
FROM unnest(%(steps)s::text[], %(seconds)s::integer[]) AS more (step_key, seconds),
    courses_enrolment AS enrolment
WHERE opened.enrolment_id = %(enrolment)s AND opened.step_key = more.step_key
    AND enrolment.id = opened.enrolment_id AND enrolment.status = 'active'
"""


@transaction.atomic
def arrive(
    *, enrolment: Enrolment, step_key: str, actor: Person | None, now: datetime | None = None
) -> Enrolment:
    """A page of the step was asked for: the time since the last sign counts where one was then.

    From now on time counts for `step_key`. Does nothing in a course that is over. Two queries; the
    clock is read with the enrolment (`select_related`). Returns the enrolment, which is completed
    if the minutes were the last thing.
    """
    if not enrolment.is_active:
        return enrolment
    now = now or timezone.now()
    if not hasattr(enrolment.person, "learning_clock"):
        first = LearningClock(
            person_id=enrolment.person_id, enrolment=enrolment, step_key=step_key, seen_at=now
        )
        LearningClock.objects.bulk_create([first], ignore_conflicts=True)
        return enrolment
    clock = enrolment.person.learning_clock
    cap = SCRIPT_CAP if clock.by_script else PAGE_CAP
    seconds = _move(clock, enrolment, step_key, now, cap=cap, by_script=False)
    if seconds is None:
        return enrolment
    if clock.enrolment_id == enrolment.pk:
        arrived = {} if clock.step_key == step_key else {step_key: 0}
        _count(enrolment.pk, {clock.step_key: seconds, **arrived}, now)
        return _evaluate_when_reached(enrolment, seconds, actor=actor, now=now)
    _count(enrolment.pk, {step_key: 0}, now)
    if seconds and _count(clock.enrolment_id, {clock.step_key: seconds}, now):
        _evaluate_when_reached(clock.enrolment, seconds, actor=actor, now=now)
    return enrolment


@transaction.atomic
def keep_time(
    *,
    enrolment: Enrolment,
    step_key: str,
    back: bool = False,
    actor: Person | None,
    now: datetime | None = None,
) -> Enrolment:
    """A sign of life from the page of a step; after a pause (`back`) it only starts the clock anew.

    Counts for a step that was opened, in a course under way; a repeated sign counts the instant
    since the first. Two queries, and the sum where the version asks for minutes: when they are
    reached, the course is evaluated.
    """
    if not enrolment.is_active:
        return enrolment
    now = now or timezone.now()
    clock = _clock(enrolment, step_key, now)
    cap = timedelta() if back else SCRIPT_CAP
    seconds = _move(clock, enrolment, step_key, now, cap=cap, by_script=True)
    if seconds is None or not _count(enrolment.pk, {step_key: seconds}, now):
        return enrolment
    return _evaluate_when_reached(enrolment, seconds, actor=actor, now=now)


def keep_place(*, enrolment: Enrolment, step_key: str, file: int, second: int) -> None:
    """Where a film or a recording was left in an opened step of a course under way; one query.

    The newest place takes the last one's. Not audited, and told to nobody but the learner.
    """
    if enrolment.is_active:
        StepProgress.objects.filter(enrolment=enrolment, step_key=step_key).update(
            played_file=file, played_second=min(second, LONGEST)
        )


def seconds_in(enrolment: Enrolment) -> int:
    """The time spent with the course so far, in seconds."""
    total = StepProgress.objects.filter(enrolment=enrolment).aggregate(total=Sum("active_seconds"))
    return total["total"] or 0


def _clock(enrolment: Enrolment, step_key: str, now: datetime) -> LearningClock:
    """The person's clock; a first one starts now."""
    try:
        clock: LearningClock = enrolment.person.learning_clock
    except LearningClock.DoesNotExist:
        clock, _created = LearningClock.objects.get_or_create(
            person_id=enrolment.person_id,
            defaults={"enrolment": enrolment, "step_key": step_key, "seen_at": now},
        )
    return clock


def _move(
    clock: LearningClock,
    enrolment: Enrolment,
    step_key: str,
    now: datetime,
    *,
    cap: timedelta,
    by_script: bool,
) -> int | None:
    """Move the clock to `now`; returns the whole seconds it went, at most `cap`.

    Whoever moves it counts: of two signs at once the other finds it moved, and gets None. What is
    less than a second stays on the clock for the next sign.
    """
    passed = max(now - clock.seen_at, timedelta())
    seconds = int(min(passed, cap).total_seconds())
    until = max(now, clock.seen_at)
    if passed <= cap:
        until = clock.seen_at + timedelta(seconds=seconds)
    moved = _change(
        _MOVE,
        enrolment=enrolment.pk,
        step=step_key,
        until=until,
        by_script=by_script,
        clock=clock.pk,
        seen_at=clock.seen_at,
    )
    return seconds if moved else None


def _count(enrolment_id: int, seconds: dict[str, int], now: datetime) -> int:
    """Add to the time of opened steps of a course under way; returns how many were touched.

    The step named last is the one the person is at.
    """
    return _change(
        _COUNT,
        enrolment=enrolment_id,
        steps=list(seconds),
        seconds=list(seconds.values()),
        at=list(seconds)[-1],
        now=now,
    )


def _change(sql: str, **values: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.rowcount


def _evaluate_when_reached(
    enrolment: Enrolment, seconds: int, *, actor: Person | None, now: datetime
) -> Enrolment:
    """Evaluate when these `seconds` were what the minutes still lacked."""
    rules = enrolment.version.spec.get("rules", {})
    if not seconds or "min_active_minutes" not in rules:
        return enrolment
    total = seconds_in(enrolment)
    if active_minutes_left(rules, total) or not active_minutes_left(rules, total - seconds):
        return enrolment
    return evaluate(enrolment=enrolment, actor=actor, now=now)
