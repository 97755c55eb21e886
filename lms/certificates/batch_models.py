"""Work on many certificates at once, and how far it has come."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lms.core.files import private_storage
from lms.people.models import Organization


class BatchKind(models.TextChoices):
    """What is done with each."""

    REISSUE = "reissue", _("Issued again with the credit confirmed since")
    PRINT = "print", _("Put into one document for printing")


class CertificateBatch(models.Model):
    """What somebody asked for, whose certificates, and how many of them are done.

    `items` are ids of completions in the order in which they are worked off; `done` of them are,
    `changed` became something new and `failed` could not. `touched_at` is when a worker last said
    so. `file` is the document for printing; it is removed after some days (`forget`).
    """

    kind = models.CharField(max_length=8, choices=BatchKind.choices)
    office = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=300)
    reason = models.CharField(max_length=300, blank=True)
    items = models.JSONField(default=list)
    done = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    file = models.FileField(storage=private_storage, max_length=200, blank=True)
    asked_at = models.DateTimeField(default=timezone.now)
    touched_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=BatchKind.values), name="certificates_batch_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(done__gte=F("changed") + F("failed")),
                name="certificates_batch_adds_up",
            ),
            models.CheckConstraint(
                condition=~Q(kind=BatchKind.REISSUE) | ~Q(reason=""),
                name="certificates_batch_reissue_has_reason",
            ),
        ]
        indexes = [
            models.Index(
                fields=["touched_at"],
                name="certificates_batch_unfinished",
                condition=Q(finished_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.asked_at:%Y-%m-%d %H:%M}"

    @property
    def total(self) -> int:
        """How many there are to do."""
        return len(self.items)

    @property
    def is_working(self) -> bool:
        """Whether it goes on."""
        return self.finished_at is None
