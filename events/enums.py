"""The words live trainings use, and the moves between their states."""

from enum import nonmember

from django.db import models
from django.utils.translation import gettext_lazy as _


class SessionStatus(models.TextChoices):
    """A session is planned, then it begins (HELD) or it is cancelled."""

    SCHEDULED = "scheduled", _("Scheduled")
    HELD = "held", _("Held")
    CANCELLED = "cancelled", _("Cancelled")

    # What still takes place or took place.
    STANDING = nonmember(("scheduled", "held"))


class RegistrationStatus(models.TextChoices):
    """A person's seat: taken, or given back."""

    REGISTERED = "registered", _("Registered")
    CANCELLED = "cancelled", _("Cancelled")


class RegistrationMove(models.TextChoices):
    """What happened to a seat; each is a row that stays."""

    REGISTERED = "registered", _("Registered")
    CANCELLED = "cancelled", _("Cancelled")
    REGISTERED_AGAIN = "registered_again", _("Registered again")
    SESSION_MOVED = "session_moved", _("The session was changed")
    SESSION_CANCELLED = "session_cancelled", _("The session was cancelled")


class Outcome(models.TextChoices):
    """What attendance came to, decided by a person or by arithmetic."""

    ATTENDED = "attended", _("Attended")
    PARTIAL = "partial", _("Attended in part")
    NO_SHOW = "no_show", _("Did not come")
    EXCUSED = "excused", _("Excused")
