"""What facilities say about themselves and sign for their employees. What follows is computed."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lms.completions.models import Completion
from lms.compliance.enums import Basis
from lms.compliance.rules import Applicability, Rule
from lms.people.models import Employment, Organization
from lms.trainings.models import Training, TrainingVersion


class FacilityProfile(models.Model):
    """What decides whether a rule is for a facility; None means that nobody has said it yet."""

    organization = models.OneToOneField(
        Organization,
        on_delete=models.PROTECT,
        related_name="facility_profile",
        limit_choices_to={"kind": "facility"},
    )
    rooms_for_hire = models.PositiveIntegerField(_("rooms for hire"), null=True, blank=True)
    owner_lives_there = models.BooleanField(_("the owner lives there"), null=True, blank=True)
    is_dwelling = models.BooleanField(
        _("counts as a dwelling under state or local law"), null=True, blank=True
    )
    first_manager_verified_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(rooms_for_hire__isnull=True) | Q(rooms_for_hire__gt=0),
                name="compliance_facilityprofile_has_rooms",
                violation_error_message=_("A lodging facility has at least one room for hire."),
            )
        ]

    def __str__(self) -> str:
        return str(self.organization)

    def applies(self, rule: Rule, place: Organization) -> Applicability:
        """Whether `rule` is for `place`, whose profile this is, and why."""
        return rule.applies_to(
            rooms=self.rooms_for_hire,
            owner_lives_there=self.owner_lives_there,
            is_dwelling=self.is_dwelling,
            state=place.state,
            county=place.county,
        )


class ConditionAttestation(models.Model):
    """What a manager signed about one training of one employee: premises and paid time.

    Append-only: a correction is a newer row, and the newest counts. It belongs to one employment,
    since the next employer can only sign for its own premises.
    """

    employment = models.ForeignKey(
        Employment, on_delete=models.PROTECT, related_name="attestations"
    )
    completion = models.ForeignKey(
        Completion, on_delete=models.PROTECT, related_name="attestations"
    )
    on_premises = models.BooleanField(_("it took place on the premises"))
    paid_time = models.BooleanField(_("the time was paid"))
    attested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    attested_at = models.DateTimeField(default=timezone.now)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["employment", "completion", "-id"], name="compliance_attestation_newest"
            )
        ]

    def __str__(self) -> str:
        return f"{self.employment_id} {self.completion_id}"


class ProgramApproval(models.Model):
    """Why a program counts as established or approved, where its frozen version does not say.

    Append-only, the newest row for the version counts, else the newest for the training as a
    whole; `withdrawn` takes an approval back: all of it, or with a `last_day` for trainings after
    that day, while what was approved before still stands for those through it.
    """

    training = models.ForeignKey(Training, on_delete=models.PROTECT, related_name="approvals")
    version = models.ForeignKey(
        TrainingVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="approvals"
    )
    basis = models.CharField(max_length=20, choices=Basis.choices)
    approved_by = models.CharField(max_length=200, blank=True)
    link = models.URLField(max_length=500, blank=True)
    checked_on = models.DateField(null=True, blank=True)
    last_day = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(basis__in=Basis.values), name="compliance_programapproval_basis_known"
            ),
            models.CheckConstraint(
                condition=~Q(basis=Basis.STATE_LISTED)
                | (~Q(link="") & Q(checked_on__isnull=False)),
                name="compliance_programapproval_listed_has_link_and_day",
                violation_error_message=_(
                    "Give the link to the state's list and the day it was checked."
                ),
            ),
            models.CheckConstraint(
                condition=Q(basis__in=[Basis.STATE_LISTED, Basis.WITHDRAWN]) | ~Q(approved_by=""),
                name="compliance_programapproval_says_by_whom",
                violation_error_message=_("Say who made or approved the program."),
            ),
            models.CheckConstraint(
                condition=Q(last_day__isnull=True) | (Q(basis=Basis.WITHDRAWN) & ~Q(reason="")),
                name="compliance_programapproval_last_day_has_reason",
            ),
        ]
        indexes = [models.Index(fields=["training", "-id"], name="compliance_approval_newest")]

    def __str__(self) -> str:
        return f"{self.training} {self.basis}"


class Exemption(models.Model):
    """An employee the rule is not asked of, first to last day, with the reason.

    Append-only: the newest row of an employment and rule counts, so ending one is a newer row.
    """

    employment = models.ForeignKey(Employment, on_delete=models.PROTECT, related_name="exemptions")
    rule = models.CharField(max_length=40)
    reason = models.CharField(max_length=300)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="compliance_exemption_has_reason",
                violation_error_message=_("Give the reason."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="compliance_exemption_ends_after_start",
            ),
        ]
        indexes = [
            models.Index(fields=["employment", "rule", "-id"], name="compliance_exemption_newest")
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.employment_id}"


# The rest of this room's models; here, so that Django finds them.
from lms.compliance.claim_models import ClaimStatus, ClaimWay, FacilityClaim  # noqa: E402, F401
from lms.compliance.count_models import CountRun, StandingCount  # noqa: E402, F401
from lms.compliance.double_models import (  # noqa: E402, F401
    FacilityMerge,
    FacilitySplit,
    TwoPlaces,
)
from lms.compliance.duty_models import (  # noqa: E402, F401
    CardCheck,
    FacilityLicense,
    HousePolicy,
    SourceCheck,
)
from lms.compliance.group_models import (  # noqa: E402, F401
    ConfirmedBy,
    GroupConfirmation,
    GroupListing,
    GroupTraining,
)
from lms.compliance.handover_models import FacilityHandover, HandoverStatus  # noqa: E402, F401
from lms.compliance.packet_models import (  # noqa: E402, F401
    InspectionPacket,
    LinkOpening,
    PacketKey,
    PacketLink,
)
from lms.compliance.proof_models import (  # noqa: E402, F401
    FacilityProof,
    ProofPerson,
)
from lms.compliance.reminder_models import DutyReminder, WeekTold  # noqa: E402, F401
from lms.compliance.retention_models import (  # noqa: E402, F401
    HoldEnd,
    LegalHold,
    RecordRelease,
)
from lms.compliance.review_models import (  # noqa: E402, F401
    RecordAccess,
    RecordOpening,
    ReviewSample,
    SampledItem,
    SampleOutcome,
)
from lms.compliance.worksheet_models import (  # noqa: E402, F401
    Worksheet,
    WorksheetAnswer,
    WorksheetTopic,
)
