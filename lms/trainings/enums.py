"""The words trainings use."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class TrainingKind(models.TextChoices):
    COURSE = "course", _("Online course")
    LIVE = "live", _("Live session")
    CONFERENCE = "conference", _("Conference or series")
    PLAN = "plan", _("Learning plan")
    OUTSIDE = "outside", _("Outside training")
    FACILITY = "facility", _("A facility's own training")


class Audience(models.TextChoices):
    CHILD_WELFARE = "child_welfare", _("Child-welfare and provider staff")
    LAW_ENFORCEMENT = "law_enforcement", _("Law enforcement")
    LODGING = "lodging", _("Hotel and lodging staff")
    PROFESSIONALS = "professionals", _("Other professionals")
    PUBLIC = "public", _("Everyone")


class CreditType(models.TextChoices):
    LIVE = "live", _("live")
    SELF_STUDY = "self_study", _("self-study")
