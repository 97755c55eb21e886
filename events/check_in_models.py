"""Who was let in at the door, or said so with the code shown in the room."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class CheckIn(models.Model):
    """Somebody with a seat is there. Taken back by whoever looks after the door, with an audit row.

    It decides nothing by itself: attendance is noted from it on the session's sheet.
    """

    registration = models.OneToOneField(
        "events.Registration", on_delete=models.CASCADE, related_name="check_in"
    )
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    def __str__(self) -> str:
        return f"check-in {self.registration_id}"
