"""What was told of when a training is due, so that it is told once."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lms.people.models import Employment, Organization


class DutyStage(models.TextChoices):
    """When one is told: as the last weeks begin, in the last days, and after."""

    SOON = "soon", _("Due soon")
    LAST_DAYS = "last_days", _("Due within days")
    OVERDUE = "overdue", _("Overdue")


class DutyReminder(models.Model):
    """A stage of an employee's duty that was told, or that has no mail to be told by.

    A due day that moved (another post, a corrected hire date) is told anew.
    """

    employment = models.ForeignKey(
        Employment, on_delete=models.CASCADE, related_name="duty_reminders"
    )
    rule = models.CharField(max_length=40)
    due_on = models.DateField()
    stage = models.CharField(max_length=12, choices=DutyStage.choices)
    told_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["employment", "rule", "due_on", "stage"],
                name="compliance_dutyreminder_once",
            ),
            models.CheckConstraint(
                condition=Q(stage__in=DutyStage.values), name="compliance_dutyreminder_stage_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.employment_id} {self.stage} {self.due_on}"


class WeekTold(models.Model):
    """That the week of a facility or a company was looked at, and told where anything was open."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="weeks_told"
    )
    week = models.CharField(max_length=8)  # as "2026-W47"
    told_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "week"], name="compliance_weektold_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.organization_id} {self.week}"
