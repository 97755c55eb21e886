"""A course's page, with the outline of its steps; the steps' own pages are in step_pages."""

from collections.abc import Iterator
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import PageManager

from courses.course_form import CoursePageForm
from courses.enums import StepKind
from courses.models.step_pages import StepPage
from courses.outline import MODULE, OutlineBlock
from courses.querysets import CoursePageQuerySet
from lms.people.models import Person
from lms.trainings.credit_rules import CreditFacts
from lms.trainings.enums import ApprovalBasis, TrainingKind
from lms.trainings.models import TrainingPage, TrainingVersion


class ApprovalBlock(blocks.StructBlock):
    """Who made or approved the program, as a rule set asks; without it, nobody has."""

    basis = blocks.ChoiceBlock(choices=ApprovalBasis.choices)
    by = blocks.CharBlock(max_length=200, label=_("By whom"))
    link = blocks.URLBlock(required=False, label=_("Where it is published"))
    checked_on = blocks.DateBlock(label=_("Checked on"))

    class Meta:
        icon = "check"
        label = _("Approval")


class CoursePage(TrainingPage):
    """A self-paced course: what it is, and the outline of its steps.

    Publishing freezes a version in the same transaction (services.publishing); new learners begin
    with `version_in_force`, everybody else keeps the version they began with - unless a draft's
    `takes_along_from` names the version in force: then its publication takes people along.
    """

    outline = StreamField(OutlineBlock(), verbose_name=_("outline"), blank=True, default=list)
    approval = StreamField(
        [("approval", ApprovalBlock())],
        verbose_name=_("approval as a program"),
        max_num=1,
        blank=True,
        default=list,
    )
    min_active_minutes = models.PositiveSmallIntegerField(
        _("least minutes with the course"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(600)],
        help_text=_(
            "Counted while a page of the course is in front of somebody who moves, types or "
            "listens. Empty: no minutes are asked for."
        ),
    )
    asks_own_word = models.BooleanField(
        _("the learner's own word"),
        default=False,
        help_text=_("At the end, the learner confirms having done the course in person."),
    )
    version_in_force = models.ForeignKey(
        TrainingVersion,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )

    takes_along_from = models.ForeignKey(
        TrainingVersion,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )

    objects = PageManager.from_queryset(CoursePageQuerySet)()

    content_panels = [
        *TrainingPage.content_panels,
        FieldPanel("without_account"),
        FieldPanel("approval"),
        MultiFieldPanel(
            [FieldPanel("min_active_minutes"), FieldPanel("asks_own_word")],
            heading=_("Needed to complete the course, besides the steps"),
        ),
        FieldPanel("outline"),
        FieldPanel("people_under_way"),
    ]
    base_form_class = CoursePageForm
    # A copy is another training: it begins without a version.
    exclude_fields_in_copy = ["version_in_force", "takes_along_from"]
    parent_page_types = ["pages.CataloguePage"]
    subpage_types = [
        "courses.LessonPage",
        "courses.AssessmentPage",
        "courses.DocumentPage",
        "courses.OutsideCoursePage",
        "courses.SurveyPage",
    ]
    template = "courses/course_page.html"

    class Meta:
        verbose_name = _("online course")
        verbose_name_plural = _("online courses")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.training_kind = TrainingKind.COURSE

    def clean(self) -> None:
        """A step's key stays as it was first published: people's progress is kept under it."""
        super().clean()
        if self.version_in_force_id is None:
            return
        published = CoursePage.objects.filter(pk=self.pk).only("outline").first()
        known = {step.id: step.value["key"] for step in published.steps()} if published else {}
        for step in self.steps():
            first = known.get(step.id)
            if first and step.value["key"] != first:
                raise ValidationError(
                    {
                        "outline": _(
                            "The key of the step “%(title)s” must stay “%(key)s”: people's "
                            "progress is kept under it."
                        )
                        % {"title": step.value["title"], "key": first}
                    }
                )

    def with_content_json(self, content: dict[str, Any]) -> "CoursePage":
        """A draft as a page; which version is in force is the page's, not a draft's."""
        draft: CoursePage = super().with_content_json(content)
        draft.version_in_force_id = self.version_in_force_id
        return draft

    @property
    def takes_people_along(self) -> bool:
        """Whether publishing this draft takes people under way to the new version.

        A choice made before some other version came into force does not hold any more.
        """
        chosen = self.takes_along_from_id
        return chosen is not None and chosen == self.version_in_force_id

    @property
    def preview_modes(self) -> list[tuple[str, Any]]:
        """The course's page, and each of its tests as learners get it."""
        from courses import previews  # noqa: PLC0415 - it reads models

        return [("", _("The course's page")), *previews.test_modes(self)]

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> str:
        from courses import previews  # noqa: PLC0415 - it reads models

        return previews.TEMPLATE if mode_name else super().get_preview_template(request, mode_name)

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict[str, Any]:
        from courses import previews  # noqa: PLC0415 - it reads models

        context: dict[str, Any] = super().get_preview_context(request, mode_name)
        return {**context, **(previews.of_course(self, mode_name) if mode_name else {})}

    def freeze_publication(self, *, actor: Person | None) -> None:
        """What is published is what new learners are held to."""
        from courses.services import publishing  # noqa: PLC0415 - services import models

        publishing.freeze_course(page=self, actor=actor)

    def copy(self, *args: Any, **kwargs: Any) -> "CoursePage":
        """A copy stands by itself: its own lessons in its outline, its own bank of questions."""
        from courses.services import publishing  # noqa: PLC0415 - services import models

        with transaction.atomic():
            copied: CoursePage = super().copy(*args, **kwargs)
            publishing.settle_copy(source=self, copy=copied, actor=kwargs.get("user"))
        return copied

    def credit_facts(self) -> CreditFacts:
        """What accreditors' rules look at, with the post-tests and the survey."""
        from courses.credit import with_tests_and_survey  # noqa: PLC0415 - it reads models

        return with_tests_and_survey(self, super().credit_facts())

    def steps(self) -> Iterator[blocks.StreamValue.StreamChild]:
        """The outline's steps in their order, without the headings of modules between them."""
        return (block for block in self.outline if block.block_type != MODULE)

    def page_for(self, step: blocks.StructValue) -> StepPage | None:
        """The page below this one that a step means; None if it names none, or none is there.

        In a translation the outline still names the original's page; ours has the same key.
        """
        chosen = step.get("page")
        if chosen is None:
            return None
        below = type(chosen).objects.child_of(self)
        found = below.filter(translation_key=chosen.translation_key).first()
        return cast("StepPage | None", found)

    def rules(self) -> dict[str, Any]:
        """What completing asks for besides the steps; only the rules that are set have a key."""
        return {
            name: value
            for name, value in (
                ("min_active_minutes", self.min_active_minutes),
                ("attestation", self.asks_own_word),
            )
            if value
        }

    def lesson_count(self) -> int:
        """How many lessons there are."""
        return sum(1 for step in self.steps() if step.block_type == StepKind.LESSON)
