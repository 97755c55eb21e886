"""What a facility keeps about its duties besides training, and when a rule's source was looked at.

Every row is written once. The newest counts, and the rows before it are the history.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lms.compliance.enums import SourceFound
from lms.core.files import private_storage
from lms.people.enums import OrganizationKind
from lms.people.models import Organization


class FacilityLicense(models.Model):
    """The license a city gave the facility: its number and its last day."""

    facility = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="licenses")
    number = models.CharField(_("license number"), max_length=40)
    ends_on = models.DateField(_("last day"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(number=""), name="compliance_facilitylicense_has_number"
            )
        ]

    def __str__(self) -> str:
        return f"{self.facility_id} {self.number}"


class CardCheck(models.Model):
    """Somebody looked whether cards are where a law wants them: one place of one checklist."""

    facility = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="card_checks")
    checklist = models.CharField(max_length=40)
    place = models.CharField(max_length=40)
    is_there = models.BooleanField(_("a card is there"))
    source = models.CharField(_("who made the card"), max_length=40, blank=True)
    checked_on = models.DateField(_("day"))
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField(default=timezone.now)
    photo = models.FileField(upload_to="card-checks/%Y/%m/", storage=private_storage, blank=True)
    photo_name = models.CharField(max_length=200, blank=True)
    photo_kind = models.CharField(max_length=8, blank=True)
    photo_sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_there=False) | ~Q(source=""),
                name="compliance_cardcheck_says_whose_card",
                violation_error_message=_("Say who made the card."),
            ),
            models.CheckConstraint(
                condition=Q(photo="", photo_kind="", photo_sha256="")
                | (~Q(photo="") & ~Q(photo_kind="") & ~Q(photo_sha256="")),
                name="compliance_cardcheck_photo_is_whole",
            ),
        ]
        indexes = [
            models.Index(
                fields=["facility", "checklist", "place", "-id"],
                name="compliance_cardcheck_newest",
            )
        ]

    def __str__(self) -> str:
        return f"{self.facility_id} {self.place} {self.checked_on}"


class HousePolicy(models.Model):
    """A facility's or a company's own rule that the training is taken again; never law.

    The newest row of an organization counts, so ending a policy is a newer row with its last day.
    """

    MONTHS = (12, 24)

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="house_policies"
    )
    months = models.PositiveSmallIntegerField()
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(months__in=(12, 24)), name="compliance_housepolicy_months_known"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="compliance_housepolicy_ends_after_start",
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "-id"], name="compliance_housepolicy_newest")
        ]

    def __str__(self) -> str:
        return f"{self.organization_id} every {self.months} months"

    @property
    def is_companys(self) -> bool:
        """Whether a company set it, for all of its facilities."""
        return self.organization.kind == OrganizationKind.COMPANY


class SourceCheck(models.Model):
    """Somebody of an office read a rule's sources again, and whether they still say the same."""

    subject = models.CharField(max_length=60)  # the id of a rule set or a checklist
    found = models.CharField(max_length=10, choices=SourceFound.choices)
    checked_on = models.DateField()
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(found__in=SourceFound.values),
                name="compliance_sourcecheck_found_known",
            )
        ]
        indexes = [models.Index(fields=["subject", "-id"], name="compliance_sourcecheck_newest")]

    def __str__(self) -> str:
        return f"{self.subject} {self.found} {self.checked_on}"
