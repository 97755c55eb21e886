"""What was redacted: that, where, by whom and why; never what it said."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from lms.people.enums import RedactionReason
from lms.people.models import Organization


class Redaction(models.Model):
    """Words were wiped out of one row (DESIGN 4.18). Append-only.

    `place` and `row` say where; `leaf` which text of a nested column. Of a completion's evidence
    `evidence_hash` is its hash since then, so that it can still be checked; the hash of what was
    recorded stays on the completion. `mails` is out of how many mails the words were wiped too.
    """

    place = models.CharField(max_length=60)
    row = models.CharField(max_length=40)
    leaf = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=20, choices=RedactionReason.choices)
    office = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    redacted_at = models.DateTimeField(default=timezone.now)
    evidence_hash = models.CharField(max_length=64, blank=True)
    mails = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-redacted_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(reason__in=RedactionReason.values),
                name="people_redaction_reason_known",
            )
        ]
        indexes = [models.Index(fields=["place", "row"], name="people_redaction_by_place")]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """Where it was, as officers write it."""
        return f"{self.place}/{self.row}"
