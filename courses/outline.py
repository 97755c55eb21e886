"""A course's outline: ordered steps, drafted and published with the course page (DESIGN 4.6)."""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from courses.enums import Gate, Review, Scoring

# The name of the block that is no step: a heading over the steps after it.
MODULE = "module"


def topic_choices() -> Iterator[tuple[str, str]]:
    """The topics rule sets ask for, asked when a form is drawn."""
    from lms.trainings.models import Topic  # noqa: PLC0415 - blocks are built before models

    for topic in Topic.objects.all():
        yield topic.code, str(topic)


class StepBlock(blocks.StructBlock):
    """What every step has. The key is set once: progress is kept under it."""

    key = blocks.RegexBlock(
        regex=r"^[a-z0-9]+(-[a-z0-9]+)*$",
        max_length=80,
        help_text=_("Small letters, digits and hyphens. It stays as it was first published."),
        error_messages={"invalid": _("Use small letters, digits and single hyphens.")},
    )
    title = blocks.CharBlock(max_length=200)
    minutes = blocks.IntegerBlock(min_value=0, max_value=600, default=5)
    required = blocks.BooleanBlock(
        required=False, default=True, label=_("Needed to complete the course")
    )
    gate = blocks.ChoiceBlock(choices=Gate.choices, default=Gate.PREVIOUS, label=_("Opens after"))
    topics = blocks.MultipleChoiceBlock(
        choices=topic_choices, required=False, label=_("Topics covered")
    )


class ModuleBlock(blocks.StructBlock):
    """A heading: the steps after it belong together, until the next one."""

    title = blocks.CharBlock(max_length=120)
    summary = blocks.CharBlock(
        required=False, max_length=300, help_text=_("In a sentence, what this part is about.")
    )

    class Meta:
        icon = "folder-open-inverse"
        label = _("Module: a heading over the steps after it")


class LessonStepBlock(StepBlock):
    """A lesson page to read."""

    page = blocks.PageChooserBlock(page_type="courses.LessonPage", label=_("Lesson"))

    class Meta:
        icon = "doc-full"
        label = _("Lesson")


class TestStepBlock(StepBlock):
    """Questions drawn from the course's bank; no pass mark means that nobody can fail."""

    objectives = blocks.ListBlock(
        blocks.CharBlock(max_length=80),
        default=[],
        label=_("Learning objectives"),
        help_text=_("Empty: questions of all objectives."),
    )
    draw = blocks.IntegerBlock(
        required=False, min_value=1, label=_("How many questions"), help_text=_("Empty: all.")
    )
    pass_percent = blocks.IntegerBlock(
        required=False, min_value=1, max_value=100, label=_("Pass mark in percent")
    )
    attempts = blocks.IntegerBlock(
        required=False, min_value=1, label=_("Tries"), help_text=_("Empty: as many as one likes.")
    )
    time_limit = blocks.IntegerBlock(
        required=False,
        min_value=1,
        max_value=600,
        label=_("Time limit in minutes"),
        help_text=_("Empty: none. A person's extra time is added by itself."),
    )
    cool_down = blocks.IntegerBlock(
        required=False,
        min_value=1,
        max_value=720,
        label=_("Hours to wait between tries"),
        help_text=_("Counted from when a try should have ended."),
    )
    last_start = blocks.DateTimeBlock(
        required=False, label=_("Last time to start"), help_text=_("Eastern time.")
    )
    hard_end = blocks.DateTimeBlock(
        required=False, label=_("Over for everybody at"), help_text=_("Eastern time.")
    )
    review = blocks.ChoiceBlock(
        choices=Review.choices,
        default=Review.EVERYTHING,
        required=False,
        label=_("Shown after handing in"),
    )
    page = blocks.PageChooserBlock(
        required=False,
        page_type="courses.AssessmentPage",
        label=_("Introduction"),
        help_text=_("Empty: only how the test works is said before it."),
    )
    scoring = blocks.ChoiceBlock(
        choices=Scoring.choices,
        default=Scoring.ALL_OR_NOTHING,
        label=_("Questions with several right answers"),
        help_text=_("Learners read the rule above each such question."),
    )

    class Meta:
        icon = "form"


class KnowledgeCheckBlock(TestStepBlock):
    """Questions along the way: nothing waits for it unless the editor says so."""

    required = blocks.BooleanBlock(
        required=False, default=False, label=_("Needed to complete the course")
    )


class DocumentStepBlock(StepBlock):
    """A document to read and sign."""

    page = blocks.PageChooserBlock(page_type="courses.DocumentPage", label=_("Document"))

    class Meta:
        icon = "edit"
        label = _("Document to read and sign")


class OutsideStepBlock(StepBlock):
    """A course that somebody else gives; its proof is uploaded here."""

    page = blocks.PageChooserBlock(
        page_type="courses.OutsideCoursePage", label=_("Course taken elsewhere")
    )

    class Meta:
        icon = "link-external"
        label = _("Course taken elsewhere")


class SurveyStepBlock(StepBlock):
    """A survey, as a rule after the course; nobody has to give it unless the editor says so."""

    required = blocks.BooleanBlock(
        required=False, default=False, label=_("Needed to complete the course")
    )
    page = blocks.PageChooserBlock(page_type="courses.SurveyPage", label=_("Survey"))

    class Meta:
        icon = "comment"
        label = _("Survey")


class OutlineBlock(blocks.StreamBlock):
    """The steps in their order; a block's name is the kind of the step (enums.StepKind).

    What each kind means is in courses.kinds.
    """

    module = ModuleBlock()
    pre_test = TestStepBlock(label=_("Pre-test"))
    lesson = LessonStepBlock()
    knowledge_check = KnowledgeCheckBlock(label=_("Knowledge check"))
    post_test = TestStepBlock(label=_("Post-test"))
    document = DocumentStepBlock()
    outside = OutsideStepBlock()
    survey = SurveyStepBlock()

    class Meta:
        block_counts = {"pre_test": {"max_num": 1}}

    def clean(self, value: Any) -> Any:
        """Each key once in a course."""
        cleaned = super().clean(value)
        seen: set[str] = set()
        errors: dict[int, ValidationError] = {}
        for index, step in enumerate(cleaned):
            key = step.value.get("key")
            if key is None:
                continue
            if key in seen:
                errors[index] = blocks.struct_block.StructBlockValidationError(
                    {"key": ValidationError(gettext("Another step of this course has this key."))}
                )
            seen.add(key)
        if errors:
            raise blocks.StreamBlockValidationError(block_errors=errors)
        return cleaned
