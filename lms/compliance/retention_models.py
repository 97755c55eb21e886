"""How long a facility keeps its records: what it let go of, and what a legal hold keeps."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lms.people.models import Employment, Organization


class RecordRelease(models.Model):
    """A facility no longer keeps the record of an employment, and reads it no more. Append-only.

    The law's time was over; somebody of the facility confirmed it. What the person did stays with
    the person.
    """

    employment = models.OneToOneField(Employment, on_delete=models.PROTECT, related_name="release")
    rule = models.CharField(max_length=40)
    kept_until = models.DateField()
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    released_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.employment_id} {self.rule}"


class LegalHold(models.Model):
    """Records that must be kept whatever the law's time: of a place, an employee or a person.

    Append-only; its end is a row of its own. It holds from `since` on (a New York calendar day).
    """

    facility = models.ForeignKey(
        Organization, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    employment = models.ForeignKey(
        Employment, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.CharField(max_length=300)
    since = models.DateField()
    placed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    placed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="compliance_hold_has_reason",
                violation_error_message=_("Give the reason."),
            ),
            models.CheckConstraint(
                condition=Q(facility__isnull=False, employment__isnull=True, person__isnull=True)
                | Q(facility__isnull=True, employment__isnull=False, person__isnull=True)
                | Q(facility__isnull=True, employment__isnull=True, person__isnull=False),
                name="compliance_hold_on_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return f"hold since {self.since}"


class HoldEnd(models.Model):
    """A legal hold was ended, by whom and why. Append-only."""

    hold = models.OneToOneField(LegalHold, on_delete=models.PROTECT, related_name="end")
    reason = models.CharField(max_length=300)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="compliance_holdend_has_reason")
        ]

    def __str__(self) -> str:
        return f"end of {self.hold_id}"
