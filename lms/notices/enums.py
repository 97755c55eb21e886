"""What a person can choose to be reminded of."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class NoticeKind(models.TextChoices):
    """Mails one can do without. News about one's own seat is not among them: it is always told."""

    SESSION_WEEK = "session_week", _("A week before a session")
    SESSION_DAY = "session_day", _("A day before a session")
    SESSION_HOUR = "session_hour", _("An hour before a session")
    DUTY_DUE = "duty_due", _("Before and after a training that your workplace must show is due")
    DUTY_DIGEST = "duty_digest", _("What needs a hand at the facilities you manage")
