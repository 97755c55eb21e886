"""The words of the site's pages: whom something is for, what has happened, what it is."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Audience(models.TextChoices):
    """Whom a training or a resource is for."""

    CHILD_WELFARE = "child_welfare", _("Child-welfare and provider staff")
    LAW_ENFORCEMENT = "law_enforcement", _("Law enforcement")
    LODGING = "lodging", _("Hotel and lodging staff")
    PROFESSIONALS = "professionals", _("Other professionals")
    PUBLIC = "public", _("Everyone")


class Situation(models.TextChoices):
    """What has happened to the person who looks for a contact; the help page is ordered by it."""

    DANGER = "danger", _("Danger right now")
    TRAFFICKING = "trafficking", _("Someone may be trafficked")
    MISSING_CHILD = "missing_child", _("A child is missing")
    CHILD_ABUSE = "child_abuse", _("A child is being harmed or exploited")
    RESIDENTIAL_CARE = "residential_care", _("Harm in residential care")
    LABOR = "labor", _("A child may be made to work")
    PROFESSIONAL = "professional", _("For professionals")


# What concerns a child or a young person, in the order of the help page.
CHILD_SITUATIONS = (
    Situation.MISSING_CHILD,
    Situation.CHILD_ABUSE,
    Situation.RESIDENTIAL_CARE,
    Situation.LABOR,
)


class QuestionAudience(models.TextChoices):
    """Who asks a question of the FAQ."""

    PUBLIC = "public", _("Everyone")
    PROFESSIONAL = "professional", _("Professionals")


class ResourceKind(models.TextChoices):
    """What a resource is."""

    GUIDE = "guide", _("Guide")
    POSTER = "poster", _("Poster")
    CARD = "card", _("Card to hand out")
    FORM = "form", _("Form")
    OUTSIDE_TRAINING = "outside_training", _("Outside training")
    LAW = "law", _("Law or policy")


class DoorShape(models.TextChoices):
    """The drawn shape on a door of the home page."""

    LEARN = "learn", _("A path: taking a training")
    RUN = "run", _("A calendar: running trainings")
    PROVE = "prove", _("A list with ticks: proving it")
