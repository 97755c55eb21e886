"""The words rosters use."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RosterState(models.TextChoices):
    """From upload to the end; set by roster services only."""

    WAITING = "waiting", _("Waiting to be read")
    READING = "reading", _("Being read")
    READY = "ready", _("To look at")
    APPLYING = "applying", _("Being taken over")
    APPLIED = "applied", _("Taken over")
    UNDONE = "undone", _("Undone")
    FAILED = "failed", _("Could not be read")
    DROPPED = "dropped", _("Set aside")

    @classmethod
    def working(cls) -> list["RosterState"]:
        """A worker has it or will have it."""
        return [cls.WAITING, cls.READING, cls.APPLYING]


class RowKind(models.TextChoices):
    """What a row of a roster comes to."""

    PROBLEM = "problem", _("Needs a look")
    JOINER = "joiner", _("New")
    REHIRE = "rehire", _("Back again")
    CHANGE = "change", _("Changed")
    LEAVER = "leaver", _("Left")
    PAST = "past", _("Left within the last year, not yet in the record")
    SAME = "same", _("Unchanged")
    SKIPPED = "skipped", _("Not taken over")

    @classmethod
    def doing(cls) -> list["RowKind"]:
        """The kinds that change something when the roster is taken over."""
        return [cls.JOINER, cls.REHIRE, cls.CHANGE, cls.LEAVER, cls.PAST]
