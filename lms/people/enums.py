"""The words people's records use."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class OrganizationKind(models.TextChoices):
    OFFICE = "office", _("Office that owns trainings")
    AGENCY = "agency", _("Agency")
    COMPANY = "company", _("Lodging company")
    FACILITY = "facility", _("Lodging facility")


class Role(models.TextChoices):
    """What a person may do, always for one organization (a reviewer's is the state's office)."""

    COORDINATOR = "coordinator", _("Training coordinator")
    EDITOR = "editor", _("Editor")
    MANAGER = "manager", _("Facility manager")
    COMPANY_MANAGER = "company_manager", _("Company manager")
    LIAISON = "liaison", _("Training liaison")
    TRAINER = "trainer", _("Trainer or speaker")
    REVIEWER = "reviewer", _("State reviewer")
    PRIVACY_OFFICER = "privacy_officer", _("Privacy officer")

    @classmethod
    def staff(cls) -> list["Role"]:
        """The roles that see other people's records and so need a second factor in production."""
        return [role for role in cls if role is not cls.TRAINER]

    @property
    def held_for(self) -> OrganizationKind:
        """The kind of organization the role is held for."""
        kinds = {
            Role.MANAGER: OrganizationKind.FACILITY,
            Role.COMPANY_MANAGER: OrganizationKind.COMPANY,
            Role.LIAISON: OrganizationKind.AGENCY,
        }
        return kinds.get(self, OrganizationKind.OFFICE)

    @classmethod
    def editing(cls) -> list["Role"]:
        """The roles that open the editors' pages (/admin/)."""
        return [cls.COORDINATOR, cls.EDITOR]


class MergeReason(models.TextChoices):
    """How it is known that two records are one person; shown to nobody but the office."""

    TOLD = "told", _("The person told us")
    PROVED = "proved", _("The person proved both addresses")
    EMPLOYER = "employer", _("Their employer told us")
    TWICE = "twice", _("Entered or imported twice")


class RedactionReason(models.TextChoices):
    """Why words were wiped out; nothing is typed, so that nothing is repeated."""

    VICTIM = "victim", _("It tells of a victim or a case")
    NAMES = "names", _("It names somebody who has no business there")
    HEALTH = "health", _("It tells of somebody's health or family")
    NUMBER = "number", _("It holds a number such as a social security number")
    SECRET = "secret", _("It holds a password or a code")


class Post(models.TextChoices):
    """Posts in a lodging facility; a rule set says which of them its law covers."""

    FRONT_DESK = "front_desk", _("Front desk")
    HOUSEKEEPING = "housekeeping", _("Housekeeping")
    BELL = "bell", _("Bell and door")
    CONCIERGE = "concierge", _("Concierge")
    FOOD_AND_BEVERAGE = "food_and_beverage", _("Food and beverage")
    SECURITY = "security", _("Security")
    NIGHT_AUDIT = "night_audit", _("Night audit")
    MAINTENANCE = "maintenance", _("Maintenance")
    MANAGEMENT = "management", _("Management")
    OFFICE = "office", _("Back office")
    OTHER = "other", _("Other")


class Corrected(models.TextChoices):
    """What about an employment was recorded wrongly."""

    HIRED = "hired", _("Hired on")
    NAME = "name", _("Name")
    NUMBER = "number", _("Employee number")
    SENT_BY = "sent_by", _("Sent by an agency")
    POST = "post", _("Post")
