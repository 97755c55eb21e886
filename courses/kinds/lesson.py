"""A lesson: read, and finished by going on."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.utils.translation import ngettext
from wagtail.blocks import StructValue

from courses.kinds.base import StepType
from courses.models import CoursePage, LessonPage
from courses.topics import named

if TYPE_CHECKING:
    from courses.selectors import Step


class Lesson(StepType):
    """A lesson page to read."""

    def covered(self, course: CoursePage, value: StructValue) -> list[dict[str, str]]:
        lesson = course.page_for(value)
        return named(lesson.topics) if isinstance(lesson, LessonPage) else []

    def because(self, steps: "Iterable[Step]") -> list[str]:
        count = sum(1 for _step in steps)
        if not count:
            return []
        return [
            ngettext("finished %(count)s lesson", "finished %(count)s lessons", count)
            % {"count": count}
        ]
