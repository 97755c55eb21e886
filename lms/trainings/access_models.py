"""Who is let into a restricted training: organizations, invitations, requests, grants.

`status` is assigned in services alone. Nothing here is ever granted by a timer: the database asks
of each grant who decided it.
"""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lms.people.models import Organization
from lms.trainings.enums import GrantBasis, Proof, RequestStatus
from lms.trainings.models import Training
from lms.trainings.querysets import (
    AccessGrantQuerySet,
    AccessInvitationQuerySet,
    AccessRequestQuerySet,
)


class AccessRule(models.Model):
    """How an office answers requests for one training; without a row the defaults hold.

    `target_days` are working days in New York, or with `every_day` plain days to the hour, as where
    an office promises an answer within 24 hours; a request that waits longer goes to the deputy.
    """

    training = models.OneToOneField(Training, on_delete=models.PROTECT, related_name="access_rule")
    target_days = models.PositiveSmallIntegerField(
        _("Working days until an answer"),
        default=2,
        validators=[MinValueValidator(1), MaxValueValidator(20)],
    )
    every_day = models.BooleanField(_("Weekends and holidays count too"), default=False)
    deputy = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("Deputy"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    grant_days = models.PositiveSmallIntegerField(
        _("Access lasts, in days"),
        default=365,
        validators=[MinValueValidator(1), MaxValueValidator(3660)],
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(target_days__gte=1, target_days__lte=20),
                name="trainings_accessrule_target_is_near",
            ),
            models.CheckConstraint(
                condition=Q(grant_days__gte=1), name="trainings_accessrule_lasts_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.training}: {self.target_days}"


class AccessOrganization(models.Model):
    """An organization whose people may take the training.

    Its people are those employed there now, and those with a verified address at one of `domains`.
    """

    training = models.ForeignKey(
        Training, on_delete=models.PROTECT, related_name="access_organizations"
    )
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    domains = ArrayField(models.CharField(max_length=120), default=list, blank=True)

    class Meta:
        ordering = ["organization__search_name"]
        constraints = [
            models.UniqueConstraint(
                fields=["training", "organization"], name="trainings_accessorganization_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.training}: {self.organization}"


class AccessInvitation(models.Model):
    """An address whose owner may take the training; a grant once they have proved it is theirs."""

    training = models.ForeignKey(
        Training, on_delete=models.PROTECT, related_name="access_invitations"
    )
    address = models.EmailField()
    invited_at = models.DateTimeField(default=timezone.now)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    claimed_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = AccessInvitationQuerySet.as_manager()

    class Meta:
        ordering = ["address", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["training", "address"],
                condition=Q(withdrawn_at__isnull=True),
                name="trainings_accessinvitation_once",
            ),
            models.CheckConstraint(
                condition=Q(claimed_at__isnull=True) | Q(claimed_at__gte=F("invited_at")),
                name="trainings_accessinvitation_claimed_after_invited",
            ),
        ]
        indexes = [models.Index(fields=["address"], name="trainings_invited_address")]

    def __str__(self) -> str:
        return f"{self.training}: #{self.pk}"


class AccessRequest(models.Model):
    """Somebody asks to be let in, and how they prove where they work. A person answers it.

    `due_at` is when the office's own target runs out; nothing is decided then, the deputy is told.
    `proof_address` is the work address a code was sent to, or the supervisor's; `proved_at` is when
    the code was typed, or the supervisor said yes.
    """

    training = models.ForeignKey(Training, on_delete=models.PROTECT, related_name="access_requests")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="access_requests"
    )
    status = models.CharField(
        max_length=12, choices=RequestStatus.choices, default=RequestStatus.OPEN
    )
    workplace = models.CharField(max_length=150)
    proof = models.CharField(max_length=12, choices=Proof.choices)
    proof_address = models.EmailField()
    code_hash = models.CharField(max_length=64, blank=True, default="")
    code_sent_at = models.DateTimeField(null=True, blank=True)
    code_tries = models.PositiveSmallIntegerField(default=0)
    proved_at = models.DateTimeField(null=True, blank=True)
    supervisor_said = models.BooleanField(null=True, blank=True)
    supervisor_said_at = models.DateTimeField(null=True, blank=True)
    asked_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField()
    escalated_at = models.DateTimeField(null=True, blank=True)
    escalated_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.CharField(max_length=300, blank=True, default="")

    objects = AccessRequestQuerySet.as_manager()

    class Meta:
        ordering = ["asked_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=RequestStatus.values),
                name="trainings_accessrequest_status_known",
            ),
            models.CheckConstraint(
                condition=Q(proof__in=Proof.values), name="trainings_accessrequest_proof_known"
            ),
            models.UniqueConstraint(
                fields=["training", "person"],
                condition=Q(status=RequestStatus.OPEN),
                name="trainings_accessrequest_one_open",
            ),
            models.CheckConstraint(
                condition=Q(
                    status__in=[RequestStatus.GRANTED, RequestStatus.REFUSED],
                    answered_at__isnull=False,
                    answered_by__isnull=False,
                )
                | (
                    Q(status__in=[RequestStatus.OPEN, RequestStatus.WITHDRAWN])
                    & Q(answered_by__isnull=True)
                ),
                name="trainings_accessrequest_answered_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(status=RequestStatus.REFUSED) | ~Q(reason=""),
                name="trainings_accessrequest_refused_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(due_at__gt=F("asked_at")), name="trainings_accessrequest_due_later"
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(status=RequestStatus.OPEN),
                name="trainings_accessrequest_due",
            )
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.training} ({self.status})"

    @property
    def is_open(self) -> bool:
        return self.status == RequestStatus.OPEN


class AccessGrant(models.Model):
    """Somebody is let in, until a day or until it is ended. `granted_by` is who decided.

    `reason` says why somebody was let in by hand.
    """

    training = models.ForeignKey(Training, on_delete=models.PROTECT, related_name="access_grants")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="access_grants"
    )
    basis = models.CharField(max_length=12, choices=GrantBasis.choices)
    request = models.OneToOneField(
        AccessRequest, null=True, blank=True, on_delete=models.PROTECT, related_name="grant"
    )
    invitation = models.OneToOneField(
        AccessInvitation, null=True, blank=True, on_delete=models.PROTECT, related_name="grant"
    )
    reason = models.CharField(max_length=300, blank=True, default="")
    granted_at = models.DateTimeField(default=timezone.now)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    expires_on = models.DateField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = AccessGrantQuerySet.as_manager()

    class Meta:
        ordering = ["-granted_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(basis__in=GrantBasis.values), name="trainings_accessgrant_basis_known"
            ),
            models.CheckConstraint(
                condition=(Q(basis=GrantBasis.REQUEST) & Q(request__isnull=False))
                | (~Q(basis=GrantBasis.REQUEST) & Q(request__isnull=True)),
                name="trainings_accessgrant_request_iff_asked",
            ),
            models.UniqueConstraint(
                fields=["training", "person"],
                condition=Q(ended_at__isnull=True),
                name="trainings_accessgrant_one_open",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("granted_at")),
                name="trainings_accessgrant_ends_after_granted",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.training}"
