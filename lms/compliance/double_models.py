"""Facilities that are one place: what was joined and parted, and pairs that are two places."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from lms.people.models import Organization


class FacilityMerge(models.Model):
    """A facility turned out to be another one. Append-only; undoing it is a row of its own.

    `moved` has the ids of what went over, by kind, and what an undo puts back. No names.
    """

    duplicate = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    into = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300)
    moved = models.JSONField(default=dict)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    merged_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-merged_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(duplicate=F("into")), name="compliance_merge_of_two_facilities"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="compliance_merge_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.duplicate_id} into {self.into_id}"


class FacilitySplit(models.Model):
    """A merge was undone. Append-only, once for each merge."""

    merge = models.OneToOneField(FacilityMerge, on_delete=models.PROTECT, related_name="split")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    split_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"split of {self.merge_id}"


class TwoPlaces(models.Model):
    """Somebody said that these are two places: the pair is suggested no more."""

    first = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="compliance_two_places_once"),
            models.CheckConstraint(
                condition=Q(first__lt=F("second")), name="compliance_two_places_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} is not {self.second_id}"
