"""The pages editors write: a course with its outline, and its lessons below it."""

from typing import Any, NoReturn

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.http import Http404, HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page, PageManager

from courses.blocks import LessonBody
from courses.enums import StepKind
from courses.outline import OutlineBlock
from courses.querysets import CoursePageQuerySet
from courses.topics import LessonPageForm, TopicPlaceBlock
from lms.people.models import Person
from lms.trainings.enums import ApprovalBasis, TrainingKind
from lms.trainings.models import TrainingPage, TrainingVersion
from lms.trainings.ownership import OwnedByOffice
from lms.trainings.publication import FreezesOnPublication


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
    with `version_in_force`, everybody else keeps the version they began with.
    """

    outline = StreamField(OutlineBlock(), verbose_name=_("outline"), blank=True, default=list)
    approval = StreamField(
        [("approval", ApprovalBlock())],
        verbose_name=_("approval as a program"),
        max_num=1,
        blank=True,
        default=list,
    )
    version_in_force = models.ForeignKey(
        TrainingVersion,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )

    objects = PageManager.from_queryset(CoursePageQuerySet)()

    content_panels = [*TrainingPage.content_panels, FieldPanel("approval"), FieldPanel("outline")]
    # A copy is another training: it begins without a version.
    exclude_fields_in_copy = ["version_in_force"]
    parent_page_types = ["pages.CataloguePage"]
    subpage_types = ["courses.LessonPage"]
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
        known = {step.id: step.value["key"] for step in published.outline} if published else {}
        for step in self.outline:
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

    def lesson_for(self, step: blocks.StructValue) -> "LessonPage | None":
        """The lesson below this page that a lesson step means.

        In a translation the outline still names the original's lesson; ours has the same key.
        """
        chosen = step["page"]
        if chosen is None:
            return None
        below = LessonPage.objects.child_of(self)
        return below.filter(translation_key=chosen.translation_key).first()

    def lesson_count(self) -> int:
        """How many lessons there are."""
        return sum(1 for step in self.outline if step.block_type == StepKind.LESSON)


class LessonPage(FreezesOnPublication, OwnedByOffice, Page):
    """A lesson's content. Readers meet it in the player only, with gate and pinned version."""

    body = StreamField(LessonBody(), verbose_name=_("content"), blank=True, default=list)
    topics = StreamField(
        [("topic", TopicPlaceBlock())],
        verbose_name=_("topics covered"),
        blank=True,
        default=list,
        help_text=_(
            "What this lesson covers of the lists that laws ask for, and where. It counts from "
            "the next time the course itself is published."
        ),
    )

    content_panels = [*Page.content_panels, FieldPanel("body"), FieldPanel("topics")]
    base_form_class = LessonPageForm
    # Not indexed: no search may show what the player would not open.
    search_fields: list[Any] = []
    parent_page_types = ["courses.CoursePage"]
    subpage_types: list[str] = []
    show_in_menus_default = False
    template = "courses/lesson_page.html"

    class Meta:
        verbose_name = _("lesson")
        verbose_name_plural = _("lessons")

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> NoReturn:
        """Never by its own address, whoever asks; editors have the preview."""
        raise Http404

    def get_url_parts(self, *args: Any, **kwargs: Any) -> None:
        """It has no address, so nothing links to one."""
        return

    def get_sitemap_urls(self, request: HttpRequest | None = None) -> list[dict[str, Any]]:
        return []

    def freeze_publication(self, *, actor: Person | None) -> None:
        """What is published is in force for the course's present version at once."""
        from courses.services import publishing  # noqa: PLC0415 - services import models

        publishing.put_lesson_in_force(lesson=self)
