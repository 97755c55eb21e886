"""What was recorded wrongly about an employment, and who put it right."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from lms.people.enums import Corrected
from lms.people.models import Employment, EmploymentPeriod


class EmploymentCorrection(models.Model):
    """A fact about an employment that was recorded wrongly, and what it was corrected to.

    Append-only. The employment itself holds what is true as corrected; these rows say what was
    known before, so that "as known then" can be read. Taking one back is another correction.
    `was` and `became` hold the values by field, days as 2026-11-30.
    """

    employment = models.ForeignKey(Employment, on_delete=models.PROTECT, related_name="corrections")
    period = models.ForeignKey(
        EmploymentPeriod,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="corrections",
    )
    kind = models.CharField(max_length=8, choices=Corrected.choices)
    was = models.JSONField()
    became = models.JSONField()
    reason = models.CharField(max_length=300)
    corrected_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    corrected_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["corrected_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=Corrected.values), name="people_correction_kind_known"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="people_correction_has_reason"),
            models.CheckConstraint(
                condition=Q(kind=Corrected.POST, period__isnull=False)
                | (~Q(kind=Corrected.POST) & Q(period__isnull=True)),
                name="people_correction_period_iff_post",
            ),
        ]
        indexes = [models.Index(fields=["employment", "id"], name="people_correction_newest")]

    def __str__(self) -> str:
        return f"{self.employment_id}: {self.kind}"
