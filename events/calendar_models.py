"""The secret addresses of people's calendars."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone


class CalendarToken(models.Model):
    """The secret in the address of somebody's calendar feed; revoked ones answer 404."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_tokens"
    )
    token = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(revoked_at__isnull=True),
                name="events_calendar_one_address_each",
            )
        ]

    def __str__(self) -> str:
        return f"calendar of {self.person_id}"
