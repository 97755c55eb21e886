"""What people chose to be told, and what not. Who chose nothing is told everything."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from lms.notices.enums import NoticeKind


class Preference(models.Model):
    """Whether a person wants one kind of reminder."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="preferences"
    )
    kind = models.CharField(max_length=20, choices=NoticeKind.choices)
    wanted = models.BooleanField()
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "kind"], name="notices_preference_one_each"),
            models.CheckConstraint(
                condition=Q(kind__in=NoticeKind.values), name="notices_preference_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.wanted}"
