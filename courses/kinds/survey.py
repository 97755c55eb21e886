"""A survey: given once, also after the course is completed."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from wagtail.blocks import StructValue

from courses.enums import EnrolmentStatus
from courses.kinds.base import StepType
from courses.models import Attempt, CoursePage, Enrolment, StepProgress, SurveyPage

if TYPE_CHECKING:
    from courses.selectors import Step


class Survey(StepType):
    """Done when it is given; what was answered is kept apart from who answered."""

    def problems(self, course: CoursePage, value: StructValue) -> list[str]:
        page = course.page_for(value)
        problems = super().problems(course, value)
        if isinstance(page, SurveyPage) and not len(page.questions):
            problems.append(_("Add a question to “%(title)s”.") % {"title": page.title})
        return problems

    def facts(
        self,
        enrolment: Enrolment,
        frozen: dict[str, Any],
        progress: StepProgress | None,
        attempts: Sequence[Attempt],
    ) -> dict[str, Any]:
        """A survey that nobody needed stays open when the course is completed."""
        facts = super().facts(enrolment, frozen, progress, attempts)
        given = bool(progress and progress.done_at)
        completed = enrolment.status == EnrolmentStatus.COMPLETED
        return {**facts, "asks_again": completed and not given}

    def note(self, step: "Step") -> str:
        if step.asks_again:
            return _("A few questions. Your answers are kept without your name.")
        return super().note(step)

    def asking(self) -> str:
        return _("Answer the survey")

    def because(self, steps: "Iterable[Step]") -> list[str]:
        return [_("gave the survey “%(title)s”") % {"title": step.title} for step in steps]
