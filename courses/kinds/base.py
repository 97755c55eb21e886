"""What every kind of step has to say for itself; a kind changes what is different about it."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from django.utils.translation import gettext as _
from wagtail.blocks import StructValue

from courses.enums import StepKind, StepState
from courses.models import Attempt, CoursePage, Enrolment, StepProgress
from lms.trainings.wording import length_in_words

if TYPE_CHECKING:
    from courses.selectors import Step


class StepType:
    """A step to read and be through with: its page is needed, finishing it is done.

    The parts of the site ask in this order: the editor (`problems`), publishing (`freeze`), the
    course's page (`part`), where somebody stands (`facts`, `note`), the completion (`evidence`,
    `because`). How it is shown and what posting does is in views_steps.
    """

    # What `facts` reads of an enrolment besides its steps and tests; lists fetch it at once.
    records: ClassVar[tuple[str, ...]] = ()
    # Whether a guest can do it: nothing in it needs a name or somebody's answer.
    for_guests: ClassVar[bool] = True

    def __init__(self, kind: StepKind) -> None:
        self.kind = kind

    def problems(self, course: CoursePage, value: StructValue) -> list[str]:
        """What keeps the step from being published, one sentence each, for the editor."""
        page = course.page_for(value)
        if page is None:
            return [
                _("For “%(title)s”, choose a page that lies below this course.")
                % {"title": value["title"]}
            ]
        if page.live_revision_id is None:
            return [_("Publish “%(title)s” first.") % {"title": page.title}]
        return []

    def freeze(self, course: CoursePage, value: StructValue) -> dict[str, Any]:
        """What the version keeps of the step besides what every step has."""
        return {"page": str(value["page"].translation_key)}

    def covered(self, course: CoursePage, value: StructValue) -> list[dict[str, str]]:
        """Which topics the step's page names, and where: [{topic, place}]."""
        return []

    def part(self, frozen: dict[str, Any]) -> str:
        """The step in the line that says what will happen."""
        return str(frozen["title"])

    def facts(
        self,
        enrolment: Enrolment,
        frozen: dict[str, Any],
        progress: StepProgress | None,
        attempts: Sequence[Attempt],
    ) -> dict[str, Any]:
        """The step's fields (selectors.Step) that depend on the kind, before gates are asked."""
        done = bool(progress and progress.done_at)
        return {"state": StepState.DONE if done else StepState.OPEN}

    def note(self, step: "Step") -> str:
        """The line under the step's title in the outline."""
        return "" if step.is_done or not step.minutes else length_in_words(step.minutes)

    def asking(self) -> str:
        """The words of the link where the step still asks for something after the course."""
        return _("Open")

    def evidence(self, enrolment: Enrolment, step: "Step") -> dict[str, Any]:
        """What a completion keeps of the done step besides when it was opened and done."""
        return {}

    def because(self, steps: "Iterable[Step]") -> list[str]:
        """What the done steps of this kind contributed, as parts of the sentence that says why."""
        return []
