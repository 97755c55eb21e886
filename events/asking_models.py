"""What is asked at registration, what people answered, and what they need to take part.

Answers belong to the session's business and are read by its office. Needs (an interpreter, a seat
for a wheelchair) are nobody's business but theirs who arrange them: kept apart, on no roster and in
no export; see `permissions.arranges`.
"""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.enums import Need, QuestionKind


class RegistrationQuestion(models.Model):
    """A question for everybody who registers for a training, or for one session of it.

    Its words never change once asked: it is retired (`retired_at`) and another one is asked, so
    that an answer always stands beside the question it was given to.
    """

    training = models.ForeignKey(
        "trainings.Training", on_delete=models.PROTECT, related_name="registration_questions"
    )
    session = models.ForeignKey(
        "events.Session", null=True, blank=True, on_delete=models.PROTECT, related_name="questions"
    )
    kind = models.CharField(max_length=8, choices=QuestionKind.choices)
    text = models.CharField(_("question"), max_length=200)
    choices = ArrayField(models.CharField(max_length=100), default=list, blank=True)
    required = models.BooleanField(_("must be answered"), default=False)
    others_may_answer = models.BooleanField(
        _("who registers somebody else may answer it for them"), default=False
    )
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=QuestionKind.values), name="events_question_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(kind=QuestionKind.CHOICE, choices__len__gte=2)
                | (~Q(kind=QuestionKind.CHOICE) & Q(choices__len=0)),
                name="events_question_choices_iff_choice",
            ),
        ]

    def __str__(self) -> str:
        return self.text


class RegistrationAnswer(models.Model):
    """What somebody answered; changing one's mind changes the row, until the session begins."""

    registration = models.ForeignKey(
        "events.Registration", on_delete=models.CASCADE, related_name="answers"
    )
    question = models.ForeignKey(
        RegistrationQuestion, on_delete=models.PROTECT, related_name="answers"
    )
    text = models.CharField(max_length=300)
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["registration", "question"], name="events_answer_one_each"
            )
        ]

    def __str__(self) -> str:
        return f"answer {self.pk}"


class Arrangement(models.Model):
    """What somebody needs to take part. `arranged_at`: somebody has seen to it."""

    registration = models.OneToOneField(
        "events.Registration", on_delete=models.CASCADE, related_name="arrangement"
    )
    needs = ArrayField(models.CharField(max_length=12, choices=Need.choices), default=list)
    language = models.CharField(max_length=40, blank=True)
    note = models.CharField(max_length=300, blank=True)
    updated_at = models.DateTimeField(default=timezone.now)
    arranged_at = models.DateTimeField(null=True, blank=True)
    arranged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(arranged_at__isnull=True, arranged_by__isnull=True)
                | Q(arranged_at__isnull=False, arranged_by__isnull=False),
                name="events_arranged_by_somebody",
            )
        ]

    def __str__(self) -> str:
        return f"arrangement {self.pk}"
