"""Records that are one person: what was joined and parted, and pairs that are two people."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from lms.people.enums import MergeReason


class PersonMerge(models.Model):
    """One record was merged into another (DESIGN 4.9). Append-only; a split is a row of its own.

    `moved` holds what the split needs to put back: ids of addresses and of records that were merged
    into the duplicate before, and what rooms settled. No names, no addresses.
    """

    duplicate = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    into = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=20, choices=MergeReason.choices)
    moved = models.JSONField(default=dict)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    merged_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-merged_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(reason__in=MergeReason.values), name="people_merge_reason_known"
            ),
            models.CheckConstraint(
                condition=~Q(duplicate=F("into")), name="people_merge_of_two_records"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.duplicate_id} into {self.into_id}"


class PersonSplit(models.Model):
    """A merge was undone: each record has its own rows again. Append-only, once for each merge."""

    merge = models.OneToOneField(PersonMerge, on_delete=models.PROTECT, related_name="split")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    split_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"split of {self.merge_id}"


class SaidDifferent(models.Model):
    """Somebody said that these two records are two people: the pair is suggested no more."""

    first = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="people_different_once"),
            models.CheckConstraint(
                condition=Q(first__lt=F("second")), name="people_different_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} is not {self.second_id}"
