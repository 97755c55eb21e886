"""Learning plans: several trainings in an order, and one certificate when they are done."""

from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField

from courses.enums import EnrolmentStatus
from courses.plan_querysets import PlanEnrolmentQuerySet
from lms.completions.models import Completion
from lms.people.models import Person
from lms.trainings.enums import TrainingKind
from lms.trainings.models import Training, TrainingPage, TrainingVersion


def outside_trainings() -> list[tuple[str, str]]:
    """Trainings that take place elsewhere, by key; the office records who brought proof."""
    rows = Training.objects.filter(kind=TrainingKind.OUTSIDE).order_by("title")
    return [(str(row.key), row.title) for row in rows]


class PlanItem(blocks.StructBlock):
    """A part of a plan that has a page here: a course or a live training."""

    page = blocks.PageChooserBlock(page_type="trainings.TrainingPage", label=_("Training"))
    required = blocks.BooleanBlock(required=False, default=True, label=_("Required"))

    class Meta:
        icon = "doc-full"
        label = _("Training of this site")


class OutsideItem(blocks.StructBlock):
    """A part of a plan that takes place elsewhere: what it is, where it is, what proves it.

    Its training is the one chosen, else one of its own, whose key is the block's id: translations
    of the plan keep that.
    """

    training = blocks.ChoiceBlock(
        choices=outside_trainings,
        required=False,
        label=_("Outside training that is known already"),
        help_text=_("The office it belongs to looks at the proofs."),
    )
    title = blocks.CharBlock(
        required=False,
        max_length=200,
        label=_("Title"),
        help_text=_("Needed where none is chosen above. Records keep it as it is first published."),
    )
    required = blocks.BooleanBlock(required=False, default=True, label=_("Required"))
    provider = blocks.CharBlock(required=False, max_length=200, label=_("Who gives it"))
    address = blocks.URLBlock(required=False, max_length=500, label=_("Address of the training"))
    text = blocks.TextBlock(required=False, max_length=600, rows=3, label=_("What it is"))
    proof = blocks.CharBlock(
        required=False,
        max_length=300,
        default="The certificate of completion, as a PDF or a picture.",
        label=_("What proves it"),
    )
    provider_approves = blocks.BooleanBlock(
        required=False, default=False, label=_("The provider approves registrations separately")
    )
    approval_note = blocks.CharBlock(
        required=False, max_length=300, label=_("How that goes, and how long it takes")
    )

    class Meta:
        icon = "link-external"
        label = _("Outside training")


class PlanPage(TrainingPage):
    """What a learning plan is and which trainings it has; publishing freezes them as a version."""

    items = StreamField(
        [("training", PlanItem()), ("outside", OutsideItem())],
        verbose_name=_("trainings, in their order"),
        blank=True,
        default=list,
    )
    valid_months = models.PositiveSmallIntegerField(
        _("months that a training counts"),
        null=True,
        blank=True,
        help_text=_("What somebody did longer ago does not count. Empty: it counts if it stands."),
    )

    content_panels = [
        # All but credit, which a plan does not give.
        *TrainingPage.content_panels[:-1],
        FieldPanel("items"),
        FieldPanel("valid_months"),
        FieldPanel("credit_note"),
    ]
    is_creatable = True
    subpage_types: list[str] = []
    template = "courses/plan_page.html"

    class Meta:
        verbose_name = _("learning plan")
        verbose_name_plural = _("learning plans")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.training_kind = TrainingKind.PLAN

    def clean(self) -> None:
        """Credit is given by a plan's trainings, each once: the plan's own would count it twice."""
        super().clean()
        self.credit_lines = []

    def freeze_publication(self, *, actor: Person | None) -> None:
        """What is published is what whoever joins from now on is held to."""
        from courses.services import plans  # noqa: PLC0415 - services import models

        plans.freeze_plan(page=self, actor=actor)

    def copy(self, *args: Any, **kwargs: Any) -> "PlanPage":
        """A copy stands by itself: its outside parts are its own."""
        from courses.services import plans  # noqa: PLC0415 - services import models

        with transaction.atomic():
            copied: PlanPage = super().copy(*args, **kwargs)
            plans.settle_plan_copy(source=self, copy=copied, actor=kwargs.get("user"))
        return copied

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Which front door the page lies behind, and its parts; nothing about the reader."""
        from courses.plan_selectors import parts_of_page  # noqa: PLC0415 - selectors import models

        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return {**context, "nav": {"current": "trainings"}, "parts": parts_of_page(self)}


class PlanEnrolment(models.Model):
    """A person follows a plan, in the version they joined.

    How far they are is asked of the ledger, never stored. When a part of a completed plan stops to
    stand, the plan's completion is revoked and a new row goes on from what still stands.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="plan_enrolments"
    )
    training = models.ForeignKey(Training, on_delete=models.PROTECT, related_name="plan_enrolments")
    version = models.ForeignKey(
        TrainingVersion, on_delete=models.PROTECT, related_name="plan_enrolments"
    )
    language = models.CharField(max_length=10, default=settings.LANGUAGE_CODE)
    status = models.CharField(
        max_length=12, choices=EnrolmentStatus.choices, default=EnrolmentStatus.ACTIVE
    )
    started_at = models.DateTimeField(default=timezone.now)
    completed_at = models.DateTimeField(null=True, blank=True)
    completion = models.OneToOneField(
        Completion, null=True, blank=True, on_delete=models.SET_NULL, related_name="plan_enrolment"
    )

    objects = PlanEnrolmentQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=EnrolmentStatus.values),
                name="courses_planenrolment_status_known",
            ),
            models.UniqueConstraint(
                fields=["person", "training"],
                condition=Q(status=EnrolmentStatus.ACTIVE),
                name="courses_planenrolment_one_active",
            ),
            models.CheckConstraint(
                condition=Q(status=EnrolmentStatus.COMPLETED, completed_at__isnull=False)
                | (~Q(status=EnrolmentStatus.COMPLETED) & Q(completed_at__isnull=True)),
                name="courses_planenrolment_completed_at_iff_completed",
            ),
            models.CheckConstraint(
                condition=Q(completed_at__isnull=True) | Q(completed_at__gte=F("started_at")),
                name="courses_planenrolment_completed_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.training} ({self.status})"

    @property
    def is_active(self) -> bool:
        """Whether it goes on."""
        return self.status == EnrolmentStatus.ACTIVE
