"""Who asks to manage a facility: to be its first manager, or one more beside those it has."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lms.compliance.rules import Applicability, Rule
from lms.core.files import private_storage
from lms.people.models import Organization
from lms.people.places import Place


class ClaimStatus(models.TextChoices):
    """pending -> verified, refused or withdrawn; moved by `claims.services` alone."""

    PENDING = "pending", _("Being checked")
    VERIFIED = "verified", _("Verified")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class ClaimWay(models.TextChoices):
    """How it is shown that somebody may speak for the place."""

    LETTER = "letter", _("A code by letter to the place")
    LICENCE = "licence", _("The license of the place")
    OFFICE = "office", _("The office asks")
    MANAGERS = "managers", _("Its managers say so")


class FacilityClaim(models.Model):
    """Somebody says they run a place. Until it is verified they see nothing and manage nothing.

    The place is as they typed it. `facility` is the one it comes to be, or already is: one that has
    no manager is taken over; where it has managers, they are asked (`way` is then MANAGERS). The
    letter's code is kept as a hash; a new letter ends the one before.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="facility_claims"
    )
    facility = models.ForeignKey(
        Organization, null=True, blank=True, on_delete=models.PROTECT, related_name="claims"
    )
    company = models.ForeignKey(
        Organization, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    name = models.CharField(_("name of the place"), max_length=200)
    street = models.CharField(_("street and number"), max_length=200)
    city = models.CharField(_("city"), max_length=100)
    county = models.CharField(_("county"), max_length=60, blank=True)
    postcode = models.CharField(_("ZIP code"), max_length=10)
    address_key = models.CharField(max_length=160, editable=False)
    is_another = models.BooleanField(default=False)
    rooms_for_hire = models.PositiveIntegerField(null=True, blank=True)
    owner_lives_there = models.BooleanField(null=True, blank=True)
    is_dwelling = models.BooleanField(null=True, blank=True)
    position = models.CharField(_("position at the place"), max_length=80)
    way = models.CharField(max_length=8, choices=ClaimWay.choices)
    licence_number = models.CharField(_("license number"), max_length=60, blank=True)
    file = models.FileField(
        upload_to="facility-claims/%Y/%m/", storage=private_storage, max_length=200, blank=True
    )
    file_name = models.CharField(max_length=200, blank=True)
    file_kind = models.CharField(max_length=8, blank=True)
    file_sha256 = models.CharField(max_length=64, blank=True)
    code_hash = models.CharField(max_length=64, blank=True)
    code_until = models.DateTimeField(null=True, blank=True)
    code_tries = models.PositiveSmallIntegerField(default=0)
    letters_made = models.PositiveSmallIntegerField(default=0)
    letter_sent_on = models.DateField(null=True, blank=True)
    status = models.CharField(
        max_length=9, choices=ClaimStatus.choices, default=ClaimStatus.PENDING
    )
    asked_at = models.DateTimeField(default=timezone.now)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ["asked_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=ClaimStatus.values), name="compliance_claim_status_known"
            ),
            models.CheckConstraint(
                condition=Q(way__in=ClaimWay.values), name="compliance_claim_way_known"
            ),
            models.CheckConstraint(
                condition=Q(status=ClaimStatus.PENDING, decided_at__isnull=True)
                | (~Q(status=ClaimStatus.PENDING) & Q(decided_at__isnull=False)),
                name="compliance_claim_decided_iff_not_pending",
            ),
            models.CheckConstraint(
                condition=~Q(status=ClaimStatus.REFUSED) | ~Q(reason=""),
                name="compliance_claim_refused_has_reason",
            ),
            models.CheckConstraint(
                condition=~Q(status=ClaimStatus.VERIFIED) | Q(facility__isnull=False),
                name="compliance_claim_verified_has_facility",
            ),
            models.CheckConstraint(
                condition=~Q(way=ClaimWay.MANAGERS) | Q(facility__isnull=False),
                name="compliance_claim_managers_of_a_facility",
            ),
            models.UniqueConstraint(
                fields=["person", "address_key"],
                condition=Q(status=ClaimStatus.PENDING),
                name="compliance_claim_one_open",
                violation_error_message=_("You have asked for this place already."),
            ),
        ]
        indexes = [
            models.Index(
                fields=["asked_at"],
                name="compliance_claims_open",
                condition=Q(status=ClaimStatus.PENDING),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def place(self) -> Place:
        """The place as it was typed."""
        return Place(self.name, self.street, self.city, self.county, self.postcode)

    @property
    def letter_place(self) -> Place:
        """Where the letter goes: of a facility that is here, to the address we have, not the typed.

        Else somebody could name a hotel, give an address of their own, and read its records.
        """
        known = Place.of(self.facility) if self.facility else None
        return known if known and known.address_key else self.place

    @property
    def is_pending(self) -> bool:
        return self.status == ClaimStatus.PENDING

    @property
    def is_verified(self) -> bool:
        return self.status == ClaimStatus.VERIFIED

    @property
    def asks_managers(self) -> bool:
        """Whether the managers of a facility that is here already decide."""
        return self.way == ClaimWay.MANAGERS

    @property
    def waits_for_letter(self) -> bool:
        """Whether the office has a letter to send."""
        return self.is_pending and self.way == ClaimWay.LETTER and self.letter_sent_on is None

    def code_works(self, now: datetime) -> bool:
        """Whether a code that was sent can still be typed in."""
        return bool(self.code_hash and self.code_until and now < self.code_until)

    def applies(self, rule: Rule) -> Applicability:
        """Whether `rule` is for the place as it was described."""
        return rule.applies_to(
            rooms=self.rooms_for_hire,
            owner_lives_there=self.owner_lives_there,
            is_dwelling=self.is_dwelling,
            state="NY",
            county=self.county,
        )
