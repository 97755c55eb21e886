"""What an office learns from a course: computed in SQL from first tries, in a constant few queries.

What counts of a try is courses.results' word: void tries are left out, and points are as they were
counted anew; of a question, by the rule each test ran under.

People are counted, each once: with merged rows, and however often they took the course. Answers
are those of a person's first try at a test, in whichever enrolment it was. Groups under MIN_GROUP
are not shown, and nobody is named.

Discrimination is the correlation of a question's points with the points of the rest of the test
(point-biserial, as Moodle's quiz statistics have it); facility is the mean share of a question's
point.
"""

import json
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from math import sqrt
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import BigIntegerField, Count, F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from courses import scoring
from courses.enums import QuestionKind, StepKind
from courses.leniency import Leniency, leniencies
from courses.models import Attempt, Enrolment, QuestionVersion
from lms.trainings.models import TrainingVersion

MIN_GROUP = 5

# The first try that counts of each person at each test, question by question. Materialized, since
# the planner would otherwise take every try apart once for each answer that it is joined with.
_ANSWERS = """
WITH tries AS (
    SELECT DISTINCT ON (a.who, a.step_key)
        a.id, a.who, a.began, a.step_key, a.items, a.rule ->> 'scoring' AS scoring,
        a.result_points::float8 AS score
    FROM ({chosen}) a
    ORDER BY a.who, a.step_key, a.began, a.enrolment_id, a.number
), answers AS MATERIALIZED (
    SELECT t.who, t.began, t.step_key, t.score, t.scoring,
        (item.value ->> 'version')::bigint AS version,
        COALESCE(r.response, '[]'::jsonb) AS response
    FROM tries t
    CROSS JOIN LATERAL jsonb_array_elements(t.items) WITH ORDINALITY AS item(value, place)
    LEFT JOIN courses_attemptanswer r ON r.attempt_id = t.id AND r.position = item.place
)
"""
_BY_RESPONSE = """
SELECT step_key, version, scoring, response::text, count(*), COALESCE(sum(score), 0),
    COALESCE(sum(score * score), 0)
FROM answers GROUP BY step_key, version, scoring, response
"""
# `earned` brings what each response is worth under each rule, as courses.scoring says.
_BY_OBJECTIVE = """
, earned AS (
    SELECT * FROM jsonb_to_recordset(%s::jsonb)
        AS row(answer text, points float8, objective text)
), shares AS (
    SELECT a.who, e.objective, a.step_key = ANY(%s) AS after, avg(e.points) AS share,
        min(a.began) AS began
    FROM answers a JOIN earned e
        ON e.answer = concat_ws(' ', a.version, a.scoring, a.response::text)
    WHERE a.step_key = ANY(%s)
    GROUP BY 1, 2, 3
)
SELECT b.objective, count(*), avg(b.share), avg(f.share)
FROM shares b JOIN shares f USING (who, objective)
WHERE NOT b.after AND f.after AND b.began <= f.began
GROUP BY b.objective ORDER BY b.objective
"""
# Whoever took the course again finished a step if they ever did; their minutes are the first ones.
_BY_STEP = """
SELECT step_key, count(*), count(*) FILTER (WHERE done), count(seconds),
    percentile_cont(ARRAY[0.25, 0.5, 0.75]) WITHIN GROUP (ORDER BY seconds)
FROM (
    SELECT p.step_key, chosen.who, bool_or(p.done_at IS NOT NULL) AS done,
        (array_agg(p.active_seconds ORDER BY chosen.began, chosen.id)
            FILTER (WHERE p.active_seconds > 0))[1] AS seconds
    FROM courses_stepprogress p JOIN ({chosen}) chosen ON chosen.id = p.enrolment_id
    GROUP BY p.step_key, chosen.who
) people
GROUP BY step_key
"""


def person_of(path: str = "") -> Coalesce:
    """The row that stays, of the person at `path`: merged rows are one person (DESIGN 4.9)."""
    return Coalesce(
        f"{path}person__canonical_person", f"{path}person", output_field=BigIntegerField()
    )


def may_tell(people: int) -> bool:
    """Whether a part of a shown group may be counted: nobody, or enough people."""
    return people == 0 or people >= MIN_GROUP


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
    """A question in one wording, as first tries at one test answered it.

    `decided`: the office gave full marks for it, or counts one more answer.
    """

    wording: int
    test: str
    text: str
    objective: str
    people: int
    facility: int
    discrimination: float | None
    decided: bool = False
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
    def parts_shown(self) -> bool:
        """Whether both who finished and who did not may be counted: one tells the other."""
        return may_tell(self.done) and may_tell(self.stopped)

    @property
    def timed_enough(self) -> bool:
        return self.timed >= MIN_GROUP


@dataclass(frozen=True)
class CourseReport:
    """All of a course's figures for the people chosen; `began` counts enrolments."""

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

    @cached_property
    def told(self) -> "Told":
        """The numbers of people that are told exactly, here and in all tables."""
        counts = [count for step in self.steps for count in (step.opened, step.done, step.timed)]
        counts += [row.people for row in (*self.gains, *self.items)]
        return Told(first=[self.people, self.completed], more=counts)


class Told:
    """Which numbers of people are told exactly: no two of them differ by fewer than MIN_GROUP.

    Subtracting two numbers would otherwise tell of a few: those who left after one step, those who
    were not asked a question. Any other number is told as the nearest of these: about so many.
    """

    def __init__(self, *, first: list[int], more: list[int]) -> None:
        """`first` are told rather than `more`; of those the larger rather than the smaller."""
        self._exact: list[int] = []
        for count in (*first, *sorted(more, reverse=True)):
            if count >= MIN_GROUP and all(may_tell(abs(count - told)) for told in self._exact):
                self._exact.append(count)

    def number(self, count: int) -> int:
        """What is told of `count`: itself or a near one; 0 of nobody, and of too few."""
        if count < MIN_GROUP:
            return 0
        return min(self._exact, key=lambda told: (abs(told - count), told), default=0)

    def text(self, count: int) -> int | str:
        """`count` for a cell: a number, or how it is told."""
        if 0 < count < MIN_GROUP:
            return too_few()
        number = self.number(count)
        return number if number == count else _("about %(count)s") % {"count": number}


def course_report(enrolments: QuerySet[Enrolment], version: TrainingVersion) -> CourseReport:
    """The figures of `enrolments`, in the order of the steps of `version`; 7 queries at most."""
    counts = enrolments.order_by().aggregate(
        people=Count(person_of(), distinct=True),
        began=Count("pk", distinct=True),
        completed=Count(person_of(), distinct=True, filter=Q(completion__isnull=False)),
    )
    if counts["people"] < MIN_GROUP:
        return CourseReport(**counts, gains=[], items=[], steps=[])
    chosen = enrolments.order_by().values("id")
    people = chosen.values("id", who=person_of(), began=F("started_at"))
    outline = version.spec["outline"]
    rows, wordings = _answers(chosen)
    return CourseReport(
        **counts,
        gains=_gains(rows, wordings, outline, chosen),
        items=_items(rows, wordings, outline),
        steps=_steps(_fetch(_BY_STEP, people), outline),
    )


def _fetch(sql: str, chosen: "QuerySet[Any, Any]", *more: Any) -> list[tuple[Any, ...]]:
    """The rows of `sql`, in which {chosen} stands for the queryset."""
    inner, params = chosen.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(sql.replace("{chosen}", inner), [*params, *more])
        return list(cursor.fetchall())


def _tries(chosen: "QuerySet[Any, Any]") -> "QuerySet[Any, Any]":
    """What counts of the attempts, as _ANSWERS reads it."""
    counting = Attempt.objects.counting().filter(enrolment__in=chosen).order_by()
    return counting.values(
        "id", "enrolment_id", "step_key", "number", "items", "rule", "result_points",
        who=person_of("enrolment__"), began=F("enrolment__started_at"),
    )  # fmt: skip


class _Answer(NamedTuple):
    """A response to a wording in a test, how many people gave it first, and what it is worth.

    `text` is the response as the database writes it; `total` and `squares` are the sums of those
    tests' points, and of their squares.
    """

    step: str
    version: int
    rule: str
    text: str
    response: list[str]
    count: int
    total: float
    squares: float
    points: float


def _answers(
    chosen: "QuerySet[Any, Any]",
) -> tuple[list[_Answer], dict[int, "_Wording"]]:
    """The responses of first tries, and the wordings they answer, with what was decided on them."""
    found = _fetch(_ANSWERS + _BY_RESPONSE, _tries(chosen))
    shown = {row[1] for row in found}
    lenient = leniencies(shown)
    wordings = {
        pk: _Wording(row, lenient.get(pk, scoring.STRICT))
        for pk, row in QuestionVersion.objects.as_spelled()
        .select_related("question")
        .in_bulk(shown)
        .items()
    }
    rows = []
    for step, version, rule, text, *sums in found:
        if version in wordings:
            response = json.loads(text)
            worth = wordings[version].worth(response, rule)
            rows.append(_Answer(step, version, rule, text, response, *sums, worth))
    return rows, wordings


@dataclass(frozen=True)
class _Wording:
    """A question's wording, and what was decided in favour of whoever saw it."""

    row: QuestionVersion
    lenient: Leniency

    @property
    def kind(self) -> QuestionKind:
        return QuestionKind(self.row.kind)

    def worth(self, response: list[str], rule: str) -> float:
        return float(scoring.points(self.row, response, rule, self.lenient))


def _gains(
    rows: list[_Answer],
    wordings: dict[int, _Wording],
    outline: list[dict[str, Any]],
    chosen: "QuerySet[Any, Any]",
) -> list[Gain]:
    before = [step["key"] for step in outline if step["kind"] == StepKind.PRE_TEST]
    after = [step["key"] for step in outline if step["kind"] == StepKind.POST_TEST]
    if not before or not after:
        return []
    seen = {f"{row.version} {row.rule} {row.text}": row for row in rows}
    earned = [
        {
            "answer": answer,
            "points": row.points,
            "objective": wordings[row.version].row.question.objective,
        }
        for answer, row in seen.items()
        if wordings[row.version].kind.is_scored
    ]
    found = _fetch(
        _ANSWERS + _BY_OBJECTIVE, _tries(chosen), json.dumps(earned), after, [*before, *after]
    )
    return [
        Gain(objective, people, round(100 * share), round(100 * later))
        for objective, people, share, later in found
    ]


def _items(
    rows: list[_Answer], wordings: dict[int, _Wording], outline: list[dict[str, Any]]
) -> list[Item]:
    """One item per test and wording, those most missed first."""
    titles = {step["key"]: step["title"] for step in outline}
    grouped: dict[tuple[str, int], list[_Answer]] = defaultdict(list)
    for row in rows:
        if wordings[row.version].kind.is_scored:
            grouped[row.step, row.version].append(row)
    items = []
    for (step_key, version), group in grouped.items():
        wording = wordings[version]
        people = sum(row.count for row in group)
        items.append(
            Item(
                wording=version,
                test=titles.get(step_key, step_key),
                text=wording.row.text,
                objective=wording.row.question.objective,
                people=people,
                facility=round(100 * sum(row.count * row.points for row in group) / people),
                discrimination=_discrimination(group),
                decided=wording.lenient != scoring.STRICT,
                choices=_choices(wording, group, people),
            )
        )
    return sorted(items, key=lambda item: (not item.shown, item.facility, item.text))


def _discrimination(group: list[_Answer]) -> float | None:
    """Correlation of the item with the rest of the test; None where nobody differs."""
    n = x = xx = y = yy = xy = 0.0
    for row in group:
        p, count = row.points, row.count
        rest = row.total - count * p
        n, x, xx, y = n + count, x + count * p, xx + count * p * p, y + rest
        yy += row.squares - 2 * p * row.total + count * p * p
        xy += p * rest
    spread = (n * xx - x * x) * (n * yy - y * y)
    return round((n * xy - x * y) / sqrt(spread), 2) if spread > 1e-9 else None


def _choices(wording: _Wording, group: list[_Answer], people: int) -> list[Choice]:
    """The shares of each answer, for the kinds where one ticks answers."""
    kinds = (QuestionKind.SINGLE, QuestionKind.MULTIPLE, QuestionKind.TRUE_FALSE)
    if wording.kind not in kinds:
        return []
    return [
        Choice(
            text=choice["text"],
            right=bool(choice["correct"]) or choice["key"] in wording.lenient.also,
            percent=round(
                100 * sum(row.count for row in group if choice["key"] in row.response) / people
            ),
        )
        for choice in wording.row.choices
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
