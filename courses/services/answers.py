"""Keeping answers: saved when given, each once, in the order they were given.

A browser counts its answers (`sequence`) and names itself (`device`), so that no clock but ours
matters: what arrives twice, or late, or from a device that another one has replaced, never takes
the place of a newer answer.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, connection, transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.translation import gettext as _

from courses import scoring
from courses.enums import AttemptStatus
from courses.models import Attempt, AttemptAnswer
from courses.services.attempts import hand_in
from courses.timing import GRACE, is_over, moment
from lms.core.exceptions import Refused
from lms.people.models import Person

# Refusals after which nothing can be saved in the attempt any more.
OVER = frozenset({"handed_in", "time_over", "void"})
# The trigger on the table looks at the attempt: it takes all of the statement or nothing of it.
_KEEP = """
INSERT INTO courses_attemptanswer AS kept (attempt_id, position, response, saved_at, turn, sequence)
SELECT %(attempt)s, given.position, given.response, %(now)s, given.turn, given.sequence
FROM jsonb_to_recordset(%(given)s::jsonb)
    AS given (position smallint, response jsonb, turn integer, sequence bigint)
ON CONFLICT (attempt_id, position) DO UPDATE SET
    response = EXCLUDED.response, saved_at = EXCLUDED.saved_at,
    turn = EXCLUDED.turn, sequence = EXCLUDED.sequence
WHERE (kept.turn, kept.sequence) < (EXCLUDED.turn, EXCLUDED.sequence)
RETURNING position
"""


@dataclass(frozen=True)
class Stamp:
    """When an answer was given, as the browser counts.

    `turn` is the attempt's turn that the browser knows now, `given_in` the one it knew when the
    answer was given (less, if it waited on the device while another device went on).
    """

    device: str
    turn: int
    given_in: int
    sequence: int


@dataclass(frozen=True)
class Saved:
    """What became of an answer: `newer` when a later one was kept instead."""

    at: datetime
    turn: int
    newer: bool = False


def save_answers(
    *,
    attempt: Attempt,
    answers: Mapping[int, list[str]],
    actor: Person | None,
    turn: int | None = None,
    now: datetime | None = None,
) -> datetime:
    """Keep the answers by position (from 1), as courses.scoring has them; the newest one counts.

    Where `turn` is given and another device has gone on since, they only fill what is empty. Saving
    the same again changes nothing but its time. Returns when they were saved. Raises Refused
    for a question that was not shown, an answer it does not have, or a test already handed in; then
    nothing of the call is saved. Not audited: an answer is nobody's business but the learner's.
    """
    now = now or timezone.now()
    _demand_running(attempt)
    _demand_time(attempt, actor, now)
    checked = {position: check(attempt, position, given) for position, given in answers.items()}
    turn = attempt.turn if turn is None else min(turn, attempt.turn)
    last = AttemptAnswer.objects.filter(attempt=attempt, turn=turn).aggregate(Max("sequence"))
    sequence = (last["sequence__max"] or 0) + 1 if turn == attempt.turn else 0
    _keep(attempt, [(position, given, turn, sequence) for position, given in checked.items()], now)
    return now


def save_answer(
    *,
    attempt: Attempt,
    position: int,
    response: list[str],
    stamp: Stamp,
    actor: Person | None,
    now: datetime | None = None,
) -> Saved:
    """Keep one answer as a browser sends it; a replay is harmless.

    A device that knows the attempt's present turn and is not the one that answered so far takes
    over. Raises Refused as `save_answers` does, and with the code "elsewhere" for a device that
    another one has replaced since; its answers stay with it, and opening the test there again
    takes the test back.
    """
    now = now or timezone.now()
    _demand_running(attempt)
    _demand_time(attempt, actor, now)
    if not stamp.device:
        # A page from before devices had names, still open somewhere: the newest counts.
        at = save_answers(attempt=attempt, answers={position: response}, actor=actor, now=now)
        return Saved(at=at, turn=attempt.turn)
    return _save(attempt, position, check(attempt, position, response), stamp, now)


def _save(
    attempt: Attempt, position: int, checked: list[str], stamp: Stamp, now: datetime
) -> Saved:
    if stamp.device == attempt.device:
        return _save_in_turn(attempt, position, checked, stamp, now)
    # Taking over holds only together with the answer.
    with transaction.atomic():
        attempt.turn = _take_over(attempt, stamp)
        return _save_in_turn(attempt, position, checked, stamp, now)


def _save_in_turn(
    attempt: Attempt, position: int, checked: list[str], stamp: Stamp, now: datetime
) -> Saved:
    turn = attempt.turn
    given_in = turn if stamp.given_in == stamp.turn else min(stamp.given_in, turn)
    if _keep(attempt, [(position, checked, given_in, stamp.sequence)], now):
        return Saved(at=now, turn=turn)
    row = AttemptAnswer.objects.get(attempt=attempt, position=position)
    newer = (row.turn, row.sequence) != (given_in, stamp.sequence)
    return Saved(at=row.saved_at, turn=turn, newer=newer)


def _take_over(attempt: Attempt, stamp: Stamp) -> int:
    """The turn after `stamp.device` went on with the test; the first device is in turn 0."""
    turn = attempt.turn + 1 if attempt.device else attempt.turn
    taken = stamp.turn == attempt.turn and Attempt.objects.filter(
        pk=attempt.pk,
        status=AttemptStatus.IN_PROGRESS,
        turn=attempt.turn,
        device=attempt.device,
    ).update(device=stamp.device, turn=F("turn") + (turn - attempt.turn))
    if taken:
        return turn
    # Perhaps our own request, sent twice, was the faster one; or the test was handed in meanwhile.
    attempt.refresh_from_db(fields=["status", "device", "turn"])
    _demand_running(attempt)
    if attempt.device == stamp.device:
        return attempt.turn
    raise Refused(_("This test was continued on another device."), code="elsewhere")


def _keep(
    attempt: Attempt, given: Iterable[tuple[int, list[str], int, int]], now: datetime
) -> set[int]:
    """Write the (position, response, turn, sequence) that are newer; returns their positions."""
    rows = [
        {"position": position, "response": response, "turn": turn, "sequence": sequence}
        for position, response, turn, sequence in given
    ]
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_KEEP, {"attempt": attempt.pk, "given": json.dumps(rows), "now": now})
            return {row[0] for row in cursor.fetchall()}
    except IntegrityError as error:
        raise Refused(_handed_in_already(), code="handed_in") from error


def _demand_running(attempt: Attempt) -> None:
    if attempt.status != AttemptStatus.IN_PROGRESS:
        raise Refused(_handed_in_already(), code="handed_in")


def _demand_time(attempt: Attempt, actor: Person | None, now: datetime) -> None:
    """After the deadline, and a moment's grace, the test is handed in with what was saved."""
    if is_over(attempt, now, grace=GRACE):
        hand_in(attempt=attempt, actor=actor, now=now)
        raise Refused(time_over(attempt), code="time_over")


def time_over(attempt: Attempt) -> str:
    """What somebody reads who comes too late."""
    return _("Your time was over on %(when)s. The test was handed in with what was saved.") % {
        "when": moment(attempt.deadline_at or timezone.now())
    }


def _handed_in_already() -> str:
    return _("This test has been handed in, perhaps in another window; your result is kept.")


def check(attempt: Attempt, position: int, response: list[str]) -> list[str]:
    """The response in a settled order; Refused if it cannot be one to this question."""
    if not 1 <= position <= len(attempt.items):
        raise Refused(_("This question is not part of your test."), code="not_shown")
    return scoring.checked(attempt.items[position - 1], response)
