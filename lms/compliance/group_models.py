"""Group trainings on the premises: who was listed, and who confirmed to have been there."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lms.completions.models import Completion
from lms.people.device_models import SharedDevice
from lms.people.models import Employment, Organization
from lms.trainings.models import TrainingVersion


class ConfirmedBy(models.TextChoices):
    """How somebody said whether they were there."""

    PIN = "pin", _("own PIN on a shared device")
    SHEET = "sheet", _("signature on the sheet")


class GroupTraining(models.Model):
    """One training of a group at a facility, as a manager logged it. Append-only."""

    facility = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="group_trainings"
    )
    version = models.ForeignKey(TrainingVersion, on_delete=models.PROTECT, related_name="+")
    held_on = models.DateField(_("day"))
    place = models.CharField(_("room"), max_length=120)
    on_premises = models.BooleanField(_("on the premises"))
    paid_time = models.BooleanField(_("in paid time"))
    trainer = models.CharField(_("trainer"), max_length=150)
    language = models.CharField(max_length=10, default=settings.LANGUAGE_CODE)
    logged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    logged_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-held_on", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(place=""), name="compliance_group_has_place"),
            models.CheckConstraint(condition=~Q(trainer=""), name="compliance_group_has_trainer"),
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.held_on}"


class GroupListing(models.Model):
    """Somebody the manager says was there. It proves nothing until it is confirmed. Append-only."""

    group = models.ForeignKey(GroupTraining, on_delete=models.PROTECT, related_name="listings")
    employment = models.ForeignKey(
        Employment, on_delete=models.PROTECT, related_name="group_listings"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["group", "employment"], name="compliance_group_listed_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.group_id} {self.employment_id}"


class GroupConfirmation(models.Model):
    """Yes or no to having been there, once. Append-only; a yes has its completion."""

    listing = models.OneToOneField(
        GroupListing, on_delete=models.PROTECT, related_name="confirmation"
    )
    was_there = models.BooleanField()
    how = models.CharField(max_length=8, choices=ConfirmedBy.choices)
    device = models.ForeignKey(
        SharedDevice, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    pin_reset_that_day = models.BooleanField(default=False)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_at = models.DateTimeField(default=timezone.now)
    completion = models.ForeignKey(
        Completion, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(was_there=True, completion__isnull=False)
                | Q(was_there=False, completion__isnull=True),
                name="compliance_group_yes_has_completion",
            ),
            models.CheckConstraint(
                condition=Q(how=ConfirmedBy.PIN, device__isnull=False)
                | Q(how=ConfirmedBy.SHEET, device__isnull=True),
                name="compliance_group_pin_has_device",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.listing_id} {self.was_there}"
