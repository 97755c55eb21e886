"""More time at tests for a person, as an office arranged it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from courses.enums import ExtraTimeReason
from courses.querysets_accommodations import AccommodationQuerySet
from lms.people.models import Organization


class Accommodation(models.Model):
    """Somebody has more time at the tests of an office's courses, between two New York days.

    Why is a category, never words, and only those who arrange it see it.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="accommodations"
    )
    office = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    extra_percent = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=12, choices=ExtraTimeReason.choices)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    recorded_at = models.DateTimeField(default=timezone.now)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = AccommodationQuerySet.as_manager()

    class Meta:
        ordering = ["-valid_from", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(extra_percent__gte=1, extra_percent__lte=300),
                name="courses_accommodation_percent_sane",
            ),
            models.CheckConstraint(
                condition=Q(reason__in=ExtraTimeReason.values),
                name="courses_accommodation_reason_known",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="courses_accommodation_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} +{self.extra_percent} %"
