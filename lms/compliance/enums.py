"""The words compliance uses. They state facts, never a verdict (DESIGN 4.20)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Basis(models.TextChoices):
    """Why a program counts as established or approved."""

    STATE_MADE = "state_made", _("Made by the state")
    STATE_LISTED = "state_listed", _("On the state's list of programs")
    OWN_WITH_WORKSHEET = "own_with_worksheet", _("The facility's own, with a signed worksheet")
    OTHER = "other", _("Approved by somebody else")
    WITHDRAWN = "withdrawn", _("No longer accepted")


class StandingState(models.TextChoices):
    """Where an employee stands with one rule on one day; computed, never stored."""

    NOT_DUE = "not_due", _("Not yet employed")
    DUE = "due", _("Due")
    DUE_SOON = "due_soon", _("Due soon")
    OVERDUE = "overdue", _("Overdue")
    TRAINED_NOT_PROVEN = "trained_not_proven", _("Trained, not yet proven")
    MET_ON_TIME = "met_on_time", _("Met")
    MET_LATE = "met_late", _("Met late")
    RENEW_SOON = "renew_soon", _("Met, renew soon")
    EXEMPT = "exempt", _("Exempt")
    NOT_COVERED = "not_covered", _("Not covered")
    LEFT_BEFORE_DUE = "left_before_due", _("Left before it was due")
    LEFT_NOT_TRAINED = "left_not_trained", _("Left, no training shown")

    @classmethod
    def met(cls) -> "frozenset[StandingState]":
        """Everything the rule asks for is shown."""
        return frozenset({cls.MET_ON_TIME, cls.MET_LATE, cls.RENEW_SOON})

    @classmethod
    def trained(cls) -> "frozenset[StandingState]":
        """Took a training with every topic, whether or not the rest is shown yet."""
        return cls.met() | {cls.TRAINED_NOT_PROVEN}

    @classmethod
    def needing_action(cls) -> "frozenset[StandingState]":
        """Somebody must do something: train, or sign what is missing."""
        return frozenset({cls.OVERDUE, cls.DUE_SOON, cls.RENEW_SOON, cls.TRAINED_NOT_PROVEN})

    @classmethod
    def covered(cls) -> "frozenset[StandingState]":
        """Counts among the employees the rule is for."""
        return cls.trained() | {cls.DUE, cls.DUE_SOON, cls.OVERDUE}


class MissingKind(models.TextChoices):
    """What a record lacks."""

    TOPIC = "topic", _("Topic")
    APPROVAL = "approval", _("Approval of the program")
    PREMISES = "premises", _("On the premises")
    PAID = "paid", _("On paid time")
    MINUTES = "minutes", _("Long enough")


class SourceFound(models.TextChoices):
    """What somebody found who read a rule's sources again."""

    SAME = "same", _("Still the same")
    CHANGED = "changed", _("Something has changed")


class WorksheetStatus(models.TextChoices):
    """draft -> sent -> attested -> replaced; sent -> declined; sent -> draft when taken back."""

    DRAFT = "draft", _("Draft")
    SENT = "sent", _("Waiting for the trainer")
    ATTESTED = "attested", _("Attested")
    DECLINED = "declined", _("Declined")
    REPLACED = "replaced", _("Replaced")


class WorksheetState(models.TextChoices):
    """What a worksheet is called at a moment: its status, or that its time has run out."""

    DRAFT = "draft", _("Draft")
    SENT = "sent", _("Waiting for the trainer")
    LINK_OVER = "link_over", _("The trainer’s link ran out")
    ATTESTED = "attested", _("Attested")
    EXPIRED = "expired", _("No longer valid")
    DECLINED = "declined", _("Declined")
    REPLACED = "replaced", _("Replaced")
