"""The result of a test that counts: what was handed in, and every later ruling on it.

The one place that reads an attempt's own points (tests/architecture/test_results.py). Lists ask
`Attempt.objects.with_result()` or `.counting()`, SQL included; a single attempt is asked here.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce

from courses import reads, scoring
from courses.enums import AttemptStatus
from courses.leniency import Leniency
from courses.models import Attempt, AttemptRuling, Enrolment, QuestionVersion

_NAMES = ("is_void", "is_excused", "result_points", "result_outcome")


@dataclass(frozen=True)
class Result:
    """What an attempt counts as. `is_pass` is None where nobody can fail."""

    points: Decimal
    of: int
    is_pass: bool | None


def annotations() -> dict[str, Any]:
    """`is_void`, `is_excused`, `result_points`, `result_outcome`.

    The newest regrade counts, else the attempt.
    """
    rulings = AttemptRuling.objects.filter(attempt=OuterRef("pk"))
    regraded = rulings.regrading()
    return {
        "is_void": Q(status=AttemptStatus.VOID) | Exists(rulings.voiding()),
        "is_excused": Exists(rulings.excusing()),
        "result_points": Coalesce(Subquery(regraded.values("points")[:1]), F("score_points")),
        "result_outcome": Case(
            When(Exists(regraded), then=Subquery(regraded.values("outcome")[:1])),
            default=F("passed"),
        ),
    }


def _annotated(attempt: Attempt) -> dict[str, Any]:
    """The four values: as the row was read, else asked now."""
    if "is_void" in attempt.__dict__:
        return {name: attempt.__dict__[name] for name in _NAMES}
    return Attempt.objects.with_result().values(*_NAMES).get(pk=attempt.pk)


def is_void(attempt: Attempt) -> bool:
    """Whether the attempt does not count: for no result, no limit of tries, no waiting time."""
    return bool(_annotated(attempt)["is_void"])


def is_excused(attempt: Attempt) -> bool:
    """Whether the attempt does not count because an outage ended it."""
    return bool(_annotated(attempt)["is_excused"])


def result_of(attempt: Attempt) -> Result | None:
    """The result that counts; None while the attempt runs, and where it does not count."""
    known = _annotated(attempt)
    if known["is_void"] or known["result_points"] is None:
        return None
    return Result(known["result_points"], attempt.max_points, known["result_outcome"])


def tries_of(enrolment: Enrolment) -> list[Attempt]:
    """All attempts of the enrolment with their results; none asked twice, one query at most."""
    if "attempts" in getattr(enrolment, "_prefetched_objects_cache", {}):
        return list(enrolment.attempts.all())
    return reads.attempts_of(enrolments=[enrolment.pk])


def scored(
    attempt: Attempt,
    given: dict[int, list[str]],
    wordings: dict[int, QuestionVersion],
    lenient: dict[int, Leniency],
) -> Result:
    """What the answers are worth by the attempt's rule and what was decided on its questions."""
    points = sum(
        (
            scoring.points(
                wordings[item["version"]],
                given.get(position, []),
                attempt.rule["scoring"],
                lenient.get(item["version"], Leniency()),
            )
            for position, item in enumerate(attempt.items, start=1)
        ),
        Decimal(0),
    )
    return Result(points, attempt.max_points, outcome(attempt, points))


def outcome(attempt: Attempt, points: Decimal) -> bool | None:
    """Whether so many points pass the test; None where it has no pass mark."""
    percent = attempt.rule["pass_percent"]
    return None if percent is None else points * 100 >= percent * attempt.max_points
