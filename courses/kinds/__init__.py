"""The kinds of steps, each in a module of its own: all that is particular to a kind is there.

A new kind needs its name in enums.StepKind, its block in outline.OutlineBlock, its page in
models.step_pages, its line in KINDS, and how it is shown in views_steps.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from courses.enums import StepKind
from courses.kinds.base import StepType
from courses.kinds.document import Document, DocumentStanding
from courses.kinds.lesson import Lesson
from courses.kinds.outside import Outside, ProofStanding
from courses.kinds.survey import Survey
from courses.kinds.tests import AttemptResult, Test, points_in_words, questions_in_words

if TYPE_CHECKING:
    from courses.selectors import Step

__all__ = [
    "KINDS",
    "AttemptResult",
    "DocumentStanding",
    "ProofStanding",
    "StepType",
    "contributions",
    "kind_of",
    "points_in_words",
    "questions_in_words",
]

# In the order in which a completion says what it rests on.
KINDS: dict[StepKind, StepType] = {
    kind: step_type(kind)
    for kind, step_type in (
        (StepKind.LESSON, Lesson),
        (StepKind.DOCUMENT, Document),
        (StepKind.OUTSIDE, Outside),
        (StepKind.SURVEY, Survey),
        (StepKind.PRE_TEST, Test),
        (StepKind.KNOWLEDGE_CHECK, Test),
        (StepKind.POST_TEST, Test),
    )
}


def kind_of(kind: str) -> StepType:
    """The kind by its name, as it stands in an outline's block and in a version's spec."""
    return KINDS[StepKind(kind)]


def contributions(steps: "Sequence[Step]") -> str:
    """What the done steps contributed: "Finished 6 lessons and passed the test with 9 of 10"."""
    parts = [
        part
        for kind, step_type in KINDS.items()
        for part in step_type.because(
            [step for step in steps if step.kind == kind and step.is_done]
        )
    ]
    if not parts:
        return _("Did all that the course asks for")
    if len(parts) == 1:
        return capfirst(parts[0])
    return capfirst(
        _("%(these)s and %(last)s") % {"these": ", ".join(parts[:-1]), "last": parts[-1]}
    )
