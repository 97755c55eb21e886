"""Tests: the pre-test, knowledge checks along the way, the post-test."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.blocks import StructValue

from courses.enums import AttemptStatus, QuestionKind, Scoring, StepKind, StepState
from courses.kinds.base import StepType
from courses.models import Attempt, CoursePage, Enrolment, QuestionVersion, StepProgress
from courses.results import is_excused, is_void, result_of
from courses.scoring import trimmed
from courses.timing import freeze, timing_of

if TYPE_CHECKING:
    from courses.selectors import Step


@dataclass(frozen=True)
class AttemptResult:
    """A try that was handed in and counts, with the result that counts."""

    pk: int
    number: int
    points: Decimal
    max_points: int
    is_pass: bool | None
    handed_in_at: datetime
    partial: bool = False

    @property
    def percent(self) -> int:
        """The share of the points, rounded down."""
        return int(self.points * 100 // self.max_points) if self.max_points else 100

    @property
    def in_words(self) -> str:
        return points_in_words(self.points, self.max_points, partial=self.partial)


def points_in_words(points: Decimal, of: int, *, partial: bool = False) -> str:
    """A result; where a part of a point can be earned, not each point is a right answer."""
    whole = points == points.to_integral_value() and not partial
    wording = _("%(points)s of %(of)s right") if whole else _("%(points)s of %(of)s points")
    return wording % {"points": number_format(trimmed(points)), "of": of}


def questions_in_words(count: int) -> str:
    """The number of a test's questions."""
    return ngettext("%(count)s question", "%(count)s questions", count) % {"count": count}


def pool(
    course: CoursePage, kind: StepKind, value: StructValue, *, scored: bool = True
) -> list[int]:
    """The wordings a test may draw from, as ids; or the reflections that close it."""
    found = QuestionVersion.objects.pool(
        course_key=course.translation_key,
        language=course.locale.language_code,
        use=kind.value,
        objectives=list(value["objectives"]),
    )
    reflections = Q(kind=QuestionKind.REFLECTION)
    found = found.exclude(reflections) if scored else found.filter(reflections)
    return sorted(found.values_list("pk", flat=True))


class Test(StepType):
    """Questions from the course's bank; done when passed, or handed in where nobody can fail."""

    def problems(self, course: CoursePage, value: StructValue) -> list[str]:
        """Whether the bank has what the test draws, and its introduction can be shown."""
        problems = []
        if value.get("page"):
            problems = super().problems(course, value)
        available, wanted = len(pool(course, self.kind, value)), value["draw"] or 1
        if available < wanted:
            problems.append(
                _("“%(title)s” draws %(wanted)s questions, but the bank has %(available)s for it.")
                % {"title": value["title"], "wanted": wanted, "available": available}
            )
        return problems

    def freeze(self, course: CoursePage, value: StructValue) -> dict[str, Any]:
        wordings = pool(course, self.kind, value)
        frozen = {
            "objectives": sorted(value["objectives"]),
            "pool": wordings,
            "draw": value["draw"] or len(wordings),
            "pass_percent": value["pass_percent"],
            "attempts": value["attempts"],
            **freeze(value),
        }
        reflections = pool(course, self.kind, value, scored=False)
        if reflections:
            frozen["reflections"] = reflections
        if value.get("scoring") == Scoring.PARTIAL:
            frozen["scoring"] = Scoring.PARTIAL.value
        return {**frozen, **super().freeze(course, value)} if value.get("page") else frozen

    def part(self, frozen: dict[str, Any]) -> str:
        return f"{frozen['title']}, {questions_in_words(frozen['draw'])}"

    def facts(
        self,
        enrolment: Enrolment,
        frozen: dict[str, Any],
        progress: StepProgress | None,
        attempts: Sequence[Attempt],
    ) -> dict[str, Any]:
        scoring = frozen.get("scoring", Scoring.ALL_OR_NOTHING.value)
        handed_in = [
            AttemptResult(
                pk=attempt.pk,
                number=attempt.number,
                points=trimmed(result.points),
                max_points=attempt.max_points,
                is_pass=result.is_pass,
                handed_in_at=attempt.handed_in_at,
                partial=scoring == Scoring.PARTIAL,
            )
            for attempt in attempts
            if (result := result_of(attempt)) and attempt.handed_in_at
        ]
        good = [result for result in handed_in if result.is_pass is not False]
        running = [attempt for attempt in attempts if attempt.status == AttemptStatus.IN_PROGRESS]
        rule = timing_of(frozen)
        excused = attempts[-1] if attempts and is_excused(attempts[-1]) else None
        valid = [attempt for attempt in attempts if not is_void(attempt)]
        counted = [attempt for attempt in valid if attempt.status == AttemptStatus.HANDED_IN]
        last = good[-1] if good else handed_in[-1] if handed_in else None
        return {
            "state": StepState.DONE if good else StepState.OPEN,
            "questions": frozen["draw"],
            "pass_percent": frozen["pass_percent"],
            "attempts_allowed": frozen["attempts"],
            "attempts_used": len(valid),
            "attempt_in_progress": running[0].pk if running else None,
            "last_attempt": last,
            "scoring": scoring,
            "timing": rule.anew(excused) if excused else rule,
            "free_again": rule.free_again(counted),
        }

    def note(self, step: "Step") -> str:
        """How it went, or how many questions it has.

        Of a pre-test that nobody can fail, only that it is done.
        """
        if step.last_attempt and (self.kind != StepKind.PRE_TEST or step.must_pass_first):
            return step.last_attempt.in_words
        return "" if step.is_done else questions_in_words(step.questions)

    def because(self, steps: "Iterable[Step]") -> list[str]:
        """The last test that was passed; of the others only the evidence tells."""
        passed = [step.last_attempt for step in steps if step.last_attempt]
        passed = [result for result in passed if result.is_pass]
        if self.kind != StepKind.POST_TEST or not passed:
            return []
        return [
            _("passed the test with %(points)s of %(of)s")
            % {"points": passed[-1].points, "of": passed[-1].max_points}
        ]
