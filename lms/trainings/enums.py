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


class ConfirmationState(models.TextChoices):
    """What a row about an accreditor says: confirmed, or a confirmation taken back."""

    CONFIRMED = "confirmed", _("Confirmed")
    WITHDRAWN = "withdrawn", _("Taken back")


class ApprovalBasis(models.TextChoices):
    """Why a program counts as established or approved where a law asks for that (DOMAIN 3)."""

    STATE_MADE = "state_made", _("Made by the state's agencies")
    STATE_LISTED = "state_listed", _("On the state's published list")
    PUBLIC_BODY = "public_body", _("Made by a federal or state body or a non-profit")
    OWN = "own", _("The facility's own, mapped to the topics")


class Access(models.TextChoices):
    """Who may take a training. Anything but OPEN is restricted: outsiders find none of it."""

    OPEN = "open", _("Everybody")
    ORGANIZATION = "organization", _("People of named organizations")
    INVITATION = "invitation", _("Invited people")
    APPROVAL = "approval", _("People the office approves")


class GrantBasis(models.TextChoices):
    """What a grant rests on; behind each stands a person who decided."""

    INVITATION = "invitation", _("Invited")
    REQUEST = "request", _("Asked and approved")
    BY_HAND = "by_hand", _("Let in by the office")


class RequestStatus(models.TextChoices):
    """open -> granted, open -> refused, open -> withdrawn. Asking again is a new request."""

    OPEN = "open", _("Waiting for an answer")
    GRANTED = "granted", _("Granted")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Taken back")


class Proof(models.TextChoices):
    """How somebody shows that they work where they say. Never a picture of a badge or a paper."""

    AGENCY_EMAIL = "agency_email", _("A code sent to my work address")
    SUPERVISOR = "supervisor", _("My supervisor's word")
