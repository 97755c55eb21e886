"""What a person can choose to be reminded of."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class NoticeKind(models.TextChoices):
    """Mails one can do without. News about one's own seat is not among them: it is always told."""

    SESSION_WEEK = "session_week", _("A week before a session")
    SESSION_DAY = "session_day", _("A day before a session")
    SESSION_HOUR = "session_hour", _("An hour before a session")
