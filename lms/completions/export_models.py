"""Exports of completions: what was sent to which other system, and when."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from lms.completions.models import Completion
from lms.people.models import Organization


class CompletionExport(models.Model):
    """A file that was made for another system. Append-only, as are its lines."""

    office = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    system = models.CharField(max_length=80)
    columns = models.JSONField(default=list)
    form = models.CharField(max_length=4)
    count = models.PositiveIntegerField()
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["office", "system"], name="completions_export_system")]

    def __str__(self) -> str:
        return f"{self.system} #{self.pk}"


class ExportedCompletion(models.Model):
    """A completion that was in an export, and whether it still stood then."""

    export = models.ForeignKey(CompletionExport, on_delete=models.CASCADE, related_name="lines")
    completion = models.ForeignKey(Completion, on_delete=models.CASCADE, related_name="exported")
    stood = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["export", "completion"], name="completions_exported_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.export_id}: {self.completion_id}"
