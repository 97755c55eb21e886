"""What an office learns from a course: computed in SQL from first tries, in a constant few queries.

People are counted, groups under MIN_GROUP are not shown, and nobody is named. Discrimination is the
correlation of a question's points with the points of the rest of the test (point-biserial, as
Moodle's quiz statistics have it); facility is the mean share of a question's point.
"""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from math import sqrt
from typing import Any

from django.db import connection
from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from courses import scoring
from courses.enums import QuestionKind, StepKind
from courses.models import Enrolment, QuestionVersion
from lms.trainings.models import TrainingVersion

MIN_GROUP = 5

# The first try each person handed in at each test, question by question.
_ANSWERS = """
WITH chosen AS ({chosen}), tries AS (
    SELECT DISTINCT ON (a.enrolment_id, a.step_key)
        a.id, a.enrolment_id, a.step_key, a.items, a.score_points::float8 AS score
    FROM courses_attempt a JOIN chosen ON chosen.id = a.enrolment_id
    WHERE a.status = 'handed_in'
    ORDER BY a.enrolment_id, a.step_key, a.number
), answers AS (
    SELECT t.enrolment_id, t.step_key, t.score, (item.value ->> 'version')::bigint AS version,
        COALESCE(r.response, '[]'::jsonb) AS response
    FROM tries t
    CROSS JOIN LATERAL jsonb_array_elements(t.items) WITH ORDINALITY AS item(value, place)
    LEFT JOIN courses_attemptanswer r ON r.attempt_id = t.id AND r.position = item.place
)
"""
_BY_RESPONSE = """
SELECT step_key, version, response::text, count(*), COALESCE(sum(score), 0),
    COALESCE(sum(score * score), 0)
FROM answers GROUP BY step_key, version, response
"""
# `earned` brings what each response is worth, as courses.scoring says.
_BY_OBJECTIVE = """
, earned AS (
    SELECT * FROM jsonb_to_recordset(%s::jsonb)
        AS row(version bigint, response jsonb, points float8, objective text)
), shares AS (
    SELECT a.enrolment_id, e.objective, a.step_key = ANY(%s) AS after, avg(e.points) AS share
    FROM answers a JOIN earned e ON e.version = a.version AND e.response = a.response
    WHERE a.step_key = ANY(%s)
    GROUP BY 1, 2, 3
)
SELECT b.objective, count(*), avg(b.share), avg(f.share)
FROM shares b JOIN shares f USING (enrolment_id, objective)
WHERE NOT b.after AND f.after
GROUP BY b.objective ORDER BY b.objective
"""
_BY_STEP = """
SELECT p.step_key, count(*), count(p.done_at),
    count(*) FILTER (WHERE p.active_seconds > 0),
    percentile_cont(ARRAY[0.25, 0.5, 0.75]) WITHIN GROUP (ORDER BY p.active_seconds)
        FILTER (WHERE p.active_seconds > 0)
FROM courses_stepprogress p JOIN ({chosen}) chosen ON chosen.id = p.enrolment_id
GROUP BY p.step_key
"""


@dataclass(frozen=True)
class Gain:
    """What people knew of an objective before and after, in percent; those asked both times."""

    objective: str
    people: int
    before: int
    after: int

    @property
    def shown(self) -> bool:
        return self.people >= MIN_GROUP

    @property
    def gain(self) -> int:
        return self.after - self.before


@dataclass(frozen=True)
class Choice:
    """An answer to choose, and the share of people who chose it, in percent."""

    text: str
    right: bool
    percent: int


@dataclass(frozen=True)
class Item:
    """A question in one wording, as first tries at one test answered it."""

    test: str
    text: str
    objective: str
    people: int
    facility: int
    discrimination: float | None
    choices: list[Choice] = field(default_factory=list)

    @property
    def shown(self) -> bool:
        return self.people >= MIN_GROUP


@dataclass(frozen=True)
class StepFigures:
    """How many came to a step and through it, and the minutes they were active in it."""

    title: str
    kind: StepKind
    planned: int
    opened: int
    done: int
    timed: int
    low: int = 0
    middle: int = 0
    high: int = 0

    @property
    def stopped(self) -> int:
        return self.opened - self.done

    @property
    def timed_enough(self) -> bool:
        return self.timed >= MIN_GROUP


@dataclass(frozen=True)
class CourseReport:
    """All of a course's figures for the people chosen."""

    people: int
    began: int
    completed: int
    gains: list[Gain]
    items: list[Item]
    steps: list[StepFigures]

    @property
    def shown(self) -> bool:
        """Whether there are enough people to say anything."""
        return self.people >= MIN_GROUP


def course_report(enrolments: QuerySet[Enrolment], version: TrainingVersion) -> CourseReport:
    """The figures of `enrolments`, in the order of the steps of `version`; six queries at most."""
    counts = enrolments.order_by().aggregate(
        people=Count("person", distinct=True),
        began=Count("pk", distinct=True),
        completed=Count("completion", distinct=True),
    )
    if counts["people"] < MIN_GROUP:
        return CourseReport(**counts, gains=[], items=[], steps=[])
    chosen, params = enrolments.order_by().values("id").query.sql_with_params()
    outline = version.spec["outline"]
    rows = _fetch(_ANSWERS + _BY_RESPONSE, chosen, params)
    wordings = QuestionVersion.objects.select_related("question").in_bulk({row[1] for row in rows})
    known = [(*row[:2], json.loads(row[2]), *row[3:]) for row in rows if row[1] in wordings]
    return CourseReport(
        **counts,
        gains=_gains(known, wordings, outline, chosen, params),
        items=_items(known, wordings, outline),
        steps=_steps(_fetch(_BY_STEP, chosen, params), outline),
    )


def _fetch(sql: str, chosen: str, params: Iterable[Any], *more: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql.replace("{chosen}", chosen), [*params, *more])
        return list(cursor.fetchall())


def _points(wording: QuestionVersion, response: list[str]) -> float:
    return float(scoring.points(wording, response))


def _gains(
    rows: list[tuple[Any, ...]],
    wordings: dict[int, QuestionVersion],
    outline: list[dict[str, Any]],
    chosen: str,
    params: Iterable[Any],
) -> list[Gain]:
    before = [step["key"] for step in outline if step["kind"] == StepKind.PRE_TEST]
    after = [step["key"] for step in outline if step["kind"] == StepKind.POST_TEST]
    if not before or not after:
        return []
    seen = {(row[1], json.dumps(row[2])): row[2] for row in rows}
    earned = [
        {
            "version": version,
            "response": response,
            "points": _points(wordings[version], response),
            "objective": wordings[version].question.objective,
        }
        for (version, _text), response in seen.items()
        if QuestionKind(wordings[version].kind).is_scored
    ]
    found = _fetch(
        _ANSWERS + _BY_OBJECTIVE, chosen, params, json.dumps(earned), after, [*before, *after]
    )
    return [
        Gain(objective, people, round(100 * share), round(100 * later))
        for objective, people, share, later in found
    ]


def _items(
    rows: list[tuple[Any, ...]],
    wordings: dict[int, QuestionVersion],
    outline: list[dict[str, Any]],
) -> list[Item]:
    """One item per test and wording, those most missed first."""
    titles = {step["key"]: step["title"] for step in outline}
    grouped: dict[tuple[str, int], list[tuple[list[str], int, float, float]]] = defaultdict(list)
    for step_key, version, response, count, total, squares in rows:
        grouped[step_key, version].append((response, count, total, squares))
    items = []
    for (step_key, version), groups in grouped.items():
        wording = wordings[version]
        if not QuestionKind(wording.kind).is_scored:
            continue
        people = sum(count for _response, count, _sum, _squares in groups)
        points = sum(count * _points(wording, response) for response, count, *_rest in groups)
        items.append(
            Item(
                test=titles.get(step_key, step_key),
                text=wording.text,
                objective=wording.question.objective,
                people=people,
                facility=round(100 * points / people),
                discrimination=_discrimination(wording, groups),
                choices=_choices(wording, groups, people),
            )
        )
    return sorted(items, key=lambda item: (not item.shown, item.facility, item.text))


def _discrimination(
    wording: QuestionVersion, groups: list[tuple[list[str], int, float, float]]
) -> float | None:
    """Correlation of the item with the rest of the test; None where nobody differs."""
    n = x = xx = y = yy = xy = 0.0
    for response, count, total, squares in groups:
        p = _points(wording, response)
        rest = total - count * p
        n, x, xx, y = n + count, x + count * p, xx + count * p * p, y + rest
        yy += squares - 2 * p * total + count * p * p
        xy += p * rest
    spread = (n * xx - x * x) * (n * yy - y * y)
    return round((n * xy - x * y) / sqrt(spread), 2) if spread > 1e-9 else None


def _choices(
    wording: QuestionVersion, groups: list[tuple[list[str], int, float, float]], people: int
) -> list[Choice]:
    """The shares of each answer, for the kinds where one ticks answers."""
    kinds = (QuestionKind.SINGLE, QuestionKind.MULTIPLE, QuestionKind.TRUE_FALSE)
    if QuestionKind(wording.kind) not in kinds:
        return []
    return [
        Choice(
            text=choice["text"],
            right=bool(choice["correct"]),
            percent=round(
                100 * sum(count for given, count, *_r in groups if choice["key"] in given) / people
            ),
        )
        for choice in wording.choices
    ]


def _steps(rows: list[tuple[Any, ...]], outline: list[dict[str, Any]]) -> list[StepFigures]:
    """The outline's steps; those of older versions that it no longer has are left out."""
    found = {row[0]: row[1:] for row in rows}
    steps = []
    for step in outline:
        opened, done, timed, times = found.get(step["key"], (0, 0, 0, None))
        low, middle, high = (round(seconds / 60) for seconds in times or (0, 0, 0))
        steps.append(
            StepFigures(
                title=step["title"],
                kind=StepKind(step["kind"]),
                planned=step["minutes"],
                opened=opened,
                done=done,
                timed=timed,
                low=low,
                middle=middle,
                high=high,
            )
        )
    return steps


def too_few() -> str:
    """What stands in place of a number of too small a group."""
    return _("fewer than %(count)s people") % {"count": MIN_GROUP}
