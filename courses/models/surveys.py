"""Surveys: the questions, and answers that nobody can lead back to whoever gave them."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page

from courses.blocks import LessonBody
from courses.models.step_pages import StepPage
from courses.querysets import SurveyResponseQuerySet
from lms.trainings.models import Training, TrainingVersion


class RatingBlock(blocks.StructBlock):
    """A question answered from 1 to 5; what both ends mean is said."""

    text = blocks.CharBlock(max_length=300, label=_("Question"))
    low = blocks.CharBlock(max_length=60, label=_("What 1 means"))
    high = blocks.CharBlock(max_length=60, label=_("What 5 means"))

    class Meta:
        icon = "order"
        label = _("From 1 to 5")


class ChoiceQuestionBlock(blocks.StructBlock):
    """A question with answers to choose from."""

    text = blocks.CharBlock(max_length=300, label=_("Question"))
    several = blocks.BooleanBlock(required=False, label=_("More than one may be chosen"))
    answers = blocks.ListBlock(blocks.CharBlock(max_length=200), min_num=2, label=_("Answers"))

    class Meta:
        icon = "list-ul"
        label = _("Choice")


class SurveyPage(StepPage):
    """A survey. An answer is counted under the id of its block: to ask anew, add a question."""

    shown_fields = ("body", "questions", "comment")

    body = StreamField(LessonBody(), verbose_name=_("introduction"), blank=True, default=list)
    questions = StreamField(
        [("rating", RatingBlock()), ("choice", ChoiceQuestionBlock())],
        verbose_name=_("questions"),
        blank=True,
        default=list,
        help_text=_(
            "To ask something else, add a question: answers stay with the one they answer."
        ),
    )
    comment = models.CharField(
        _("question answered in words"),
        max_length=200,
        blank=True,
        default="",
        help_text=_("At most one, and never needed. Empty: nothing is asked in words."),
    )

    content_panels = [
        *Page.content_panels,
        FieldPanel("body"),
        FieldPanel("questions"),
        FieldPanel("comment"),
    ]
    template = "courses/survey_page.html"

    def clean(self) -> None:
        """Draws up each question, so that the ids of its answers are written and stay."""
        super().clean()
        list(self.questions)

    class Meta:
        verbose_name = _("survey")
        verbose_name_plural = _("surveys")


class SurveyResponse(models.Model):
    """What somebody answered. Append-only, and without whoever it was.

    That a person gave the survey is in their enrolment; here are neither person nor enrolment, no
    day but only the month, and a random id instead of a number. `answers` is {question's id: [ids
    of answers, or "1" to "5"]}.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    training = models.ForeignKey(
        Training, on_delete=models.PROTECT, related_name="survey_responses"
    )
    version = models.ForeignKey(TrainingVersion, on_delete=models.PROTECT, related_name="+")
    survey = models.UUIDField()
    language = models.CharField(max_length=10)
    month = models.DateField()
    answers: "models.JSONField[dict[str, Any]]" = models.JSONField()

    objects = SurveyResponseQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(month__day=1), name="courses_surveyresponse_month_only"
            )
        ]

    def __str__(self) -> str:
        return f"{self.survey} {self.month}"


class SurveyComment(models.Model):
    """What somebody wrote in a survey, apart from what they chose; an officer can remove it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    training = models.ForeignKey(Training, on_delete=models.PROTECT, related_name="survey_comments")
    survey = models.UUIDField()
    month = models.DateField()
    text = models.CharField(max_length=1000, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(text="") & Q(removed_at__isnull=False))
                | (~Q(text="") & Q(removed_at__isnull=True)),
                name="courses_surveycomment_empty_iff_removed",
            ),
            models.CheckConstraint(
                condition=Q(month__day=1), name="courses_surveycomment_month_only"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
