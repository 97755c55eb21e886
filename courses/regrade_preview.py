"""What a decision on a question would come to, in numbers; nothing is written."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection

from courses import results, scoring
from courses.enums import AttemptStatus, RegradeKind
from courses.leniency import Leniency, leniencies
from courses.models import Attempt, Enrolment, QuestionVersion, Regrade
from courses.rulings import would_complete
from courses.selectors import prepare

# Every attempt with the wording, and what was answered to it there.
_RESPONSES = """
SELECT a.id, r.response::text
FROM courses_attempt a
CROSS JOIN LATERAL jsonb_array_elements(a.items) WITH ORDINALITY AS item(value, place)
LEFT JOIN courses_attemptanswer r ON r.attempt_id = a.id AND r.position = item.place
WHERE a.items @> jsonb_build_array(jsonb_build_object('version', %s::bigint))
    AND (item.value ->> 'version')::bigint = %s
"""


@dataclass(frozen=True)
class RegradePreview:
    """How many tests had the question, how many of them change, pass by it, complete a course.

    `running` are not handed in: they are scored with the decision later.
    """

    people: int
    saw: int
    running: int
    changed: int
    now_passed: int
    now_completed: int


def regrade_preview(wording: QuestionVersion, kind: RegradeKind, choice: str) -> RegradePreview:
    """What deciding so on the wording would do now; five queries."""
    before = leniencies([wording.pk]).get(wording.pk, scoring.STRICT)
    after = before.with_decision(Regrade(wording=wording, kind=kind, choice=choice))
    responses = dict(_responses(wording.pk))
    people, saw, running, changed, passed = set(), 0, 0, 0, {}
    found = Attempt.objects.that_saw(wording).with_result().select_related("enrolment__person")
    for attempt in found.defer("items").iterator(chunk_size=1000):
        if attempt.status == AttemptStatus.IN_PROGRESS:
            running += 1
        result = results.result_of(attempt)
        if result is None:
            continue
        saw += 1
        people.add(attempt.enrolment.person.canonical_person_id or attempt.enrolment.person_id)
        points = result.points + _gain(
            wording, responses.get(attempt.pk, []), attempt, before, after
        )
        if points > result.points:
            changed += 1
            if result.is_pass is False and results.outcome(attempt, points):
                passed[attempt.pk] = points
    concerned = Enrolment.objects.active().of_people().filter(attempts__in=list(passed)).distinct()
    return RegradePreview(
        people=len(people),
        saw=saw,
        running=running,
        changed=changed,
        now_passed=len(passed),
        now_completed=would_complete(prepare(concerned.with_standing()), passed) if passed else 0,
    )


def _gain(
    wording: QuestionVersion,
    response: list[str],
    attempt: Attempt,
    before: Leniency,
    after: Leniency,
) -> Decimal:
    rule = attempt.rule["scoring"]
    worth = [scoring.points(wording, response, rule, lenient) for lenient in (before, after)]
    return worth[1] - worth[0]


def _responses(wording: int) -> Iterator[tuple[int, list[str]]]:
    with connection.cursor() as cursor:
        cursor.execute(_RESPONSES, [wording, wording])
        for attempt, response in cursor.fetchall():
            yield attempt, json.loads(response) if response else []
