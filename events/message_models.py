"""What an office wrote to the people of a session."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.enums import MessageTo


class SessionMessage(models.Model):
    """A message to everybody of one kind in a session, as it was sent. Never changed."""

    session = models.ForeignKey("events.Session", on_delete=models.PROTECT, related_name="messages")
    to = models.CharField(_("to whom"), max_length=12, choices=MessageTo.choices)
    subject = models.CharField(_("subject"), max_length=120)
    body = models.TextField(_("text"), max_length=3000)
    people = models.PositiveIntegerField(_("people"))
    sent_at = models.DateTimeField(default=timezone.now)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["-sent_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(to__in=MessageTo.values), name="events_message_to_known"
            )
        ]

    def __str__(self) -> str:
        return self.subject
