"""The words trainings use."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from lms.pages.enums import Audience

__all__ = ["Audience", "CreditType", "TrainingKind"]


class TrainingKind(models.TextChoices):
    COURSE = "course", _("Online course")
    LIVE = "live", _("Live session")
    CONFERENCE = "conference", _("Conference or series")
    PLAN = "plan", _("Learning plan")
    OUTSIDE = "outside", _("Outside training")
    FACILITY = "facility", _("A facility's own training")


class CreditType(models.TextChoices):
    LIVE = "live", _("live")
    SELF_STUDY = "self_study", _("self-study")


class ApprovalBasis(models.TextChoices):
    """Why a program counts as established or approved where a law asks for that (DOMAIN 3)."""

    STATE_MADE = "state_made", _("Made by the state's agencies")
    STATE_LISTED = "state_listed", _("On the state's published list")
    PUBLIC_BODY = "public_body", _("Made by a federal or state body or a non-profit")
    OWN = "own", _("The facility's own, mapped to the topics")
