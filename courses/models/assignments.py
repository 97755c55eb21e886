"""What an agency asks of its people: a training with a due date, and who was reminded of it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.assignment_querysets import AssignmentQuerySet
from courses.enums import AssignmentEnd, ReminderStage
from lms.people.models import Organization
from lms.trainings.models import Training


class Assignment(models.Model):
    """Somebody is to do a training by a day, because the agency they work for says so.

    Whether it is done is asked of the ledger, never stored here. A completion counts if it stands
    and, where `counts_from` is set, happened on that day or later: then it is to be done again.
    Another due date is a new row; the old one ends as replaced. Days are New York's.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="assignments"
    )
    training = models.ForeignKey(Training, on_delete=models.PROTECT, related_name="assignments")
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="assignments"
    )
    due_on = models.DateField(_("due by"))
    counts_from = models.DateField(null=True, blank=True)
    assigned_at = models.DateTimeField(default=timezone.now)
    assigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_how = models.CharField(
        max_length=12, choices=AssignmentEnd.choices, blank=True, default=""
    )

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "training", "organization"],
                condition=Q(ended_at__isnull=True),
                name="courses_assignment_one_live",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_how="")
                | Q(ended_at__isnull=False, ended_how__in=AssignmentEnd.values),
                name="courses_assignment_end_says_how",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("assigned_at")),
                name="courses_assignment_ends_after_start",
            ),
        ]
        indexes = [
            # The reminders of a day ask for what is live by when it is due.
            models.Index(
                fields=["due_on"],
                condition=Q(ended_at__isnull=True),
                name="courses_assignment_live_due",
            ),
            models.Index(fields=["organization", "training"], name="courses_assignment_of"),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.training} by {self.due_on}"


class AssignmentReminder(models.Model):
    """A person was told that an assignment comes near, or is past, its day: once for each stage."""

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="reminders")
    stage = models.CharField(max_length=8, choices=ReminderStage.choices)
    told_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["assignment", "stage"], name="courses_assignmentreminder_once"
            ),
            models.CheckConstraint(
                condition=Q(stage__in=ReminderStage.values),
                name="courses_assignmentreminder_stage_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assignment_id} {self.stage}"
