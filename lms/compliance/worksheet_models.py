"""Verification worksheets: a facility's own program, topic by topic, as its trainer attests it."""

from datetime import date, datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lms.compliance.enums import WorksheetState, WorksheetStatus
from lms.compliance.rules import Rule, get_rule
from lms.core.files import private_storage
from lms.core.time import new_york_date
from lms.people.models import Organization
from lms.trainings.models import TrainingVersion


class Worksheet(models.Model):
    """Where a program's material covers each topic of a rule set.

    It belongs to a facility, or to a company and then to all of its facilities. Once it is
    answered, a trigger keeps program, material and rule set as they were: other material is
    another worksheet.
    """

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="worksheets"
    )
    rule = models.CharField(max_length=40)
    program = models.CharField(_("program"), max_length=200)
    provider = models.CharField(_("provider"), max_length=200)
    language = models.CharField(_("language"), max_length=10, default=settings.LANGUAGE_CODE)
    trainer_name = models.CharField(_("trainer"), max_length=150)
    trainer_email = models.EmailField(_("trainer's e-mail address"))
    material = models.FileField(
        upload_to="worksheets/%Y/%m/", storage=private_storage, max_length=200, blank=True
    )
    material_name = models.CharField(max_length=200, blank=True)
    material_kind = models.CharField(max_length=8, blank=True)
    material_size = models.PositiveBigIntegerField(default=0)
    material_sha256 = models.CharField(max_length=64, blank=True)
    status = models.CharField(
        max_length=10, choices=WorksheetStatus.choices, default=WorksheetStatus.DRAFT
    )
    # The worksheet this one takes the place of, once it is attested.
    replaces = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="renewals"
    )
    version = models.OneToOneField(
        TrainingVersion,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="worksheet",
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    link_until = models.DateTimeField(null=True, blank=True)
    # How often a link was made: only the newest one opens the worksheet.
    links_made = models.PositiveSmallIntegerField(default=0)
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=WorksheetStatus.values),
                name="compliance_worksheet_status_known",
            ),
            models.CheckConstraint(
                condition=Q(status=WorksheetStatus.DRAFT)
                | (Q(sent_at__isnull=False, link_until__isnull=False) & ~Q(material_sha256="")),
                name="compliance_worksheet_sent_has_material",
            ),
            models.CheckConstraint(
                condition=Q(
                    status__in=[WorksheetStatus.ATTESTED, WorksheetStatus.REPLACED],
                    version__isnull=False,
                    valid_from__isnull=False,
                    valid_until__gte=F("valid_from"),
                )
                | Q(
                    status__in=[
                        WorksheetStatus.DRAFT,
                        WorksheetStatus.SENT,
                        WorksheetStatus.DECLINED,
                    ],
                    version__isnull=True,
                    valid_from__isnull=True,
                    valid_until__isnull=True,
                ),
                name="compliance_worksheet_version_iff_attested",
            ),
            models.UniqueConstraint(
                fields=["replaces"],
                condition=Q(status__in=[WorksheetStatus.DRAFT, WorksheetStatus.SENT]),
                name="compliance_worksheet_renewed_once_at_a_time",
                violation_error_message=_("This worksheet is being renewed already."),
            ),
        ]

    def __str__(self) -> str:
        return self.program

    @property
    def rule_set(self) -> Rule:
        """The rule set whose topics it maps."""
        return get_rule(self.rule)

    @property
    def is_draft(self) -> bool:
        return self.status == WorksheetStatus.DRAFT

    @property
    def is_sent(self) -> bool:
        return self.status == WorksheetStatus.SENT

    @property
    def is_answered(self) -> bool:
        """Whether the trainer has said yes or no."""
        return not (self.is_draft or self.is_sent)

    @property
    def own_word(self) -> bool:
        """Whether whoever wrote it is also asked to attest it; pages say so."""
        return bool(self.created_by.email) and self.created_by.email == self.trainer_email

    def link_is_over(self, now: datetime) -> bool:
        """Whether the trainer's link has run out."""
        return self.link_until is not None and now > self.link_until

    def is_valid_on(self, day: date) -> bool:
        """Whether a training on this New York day rests on it."""
        return bool(
            self.valid_from and self.valid_until and self.valid_from <= day <= self.valid_until
        )

    def state(self, now: datetime | None = None) -> WorksheetState:
        """What it is called at a moment: its status, and whether its time has run out."""
        now = now or timezone.now()
        if self.is_sent and self.link_is_over(now):
            return WorksheetState.LINK_OVER
        attested = self.status == WorksheetStatus.ATTESTED
        if attested and self.valid_until and new_york_date(now) > self.valid_until:
            return WorksheetState.EXPIRED
        return WorksheetState(self.status)


class WorksheetTopic(models.Model):
    """A topic of the rule set and where the material covers it; without a place it is a gap.

    `proposed` is what the facility had written when it sent the worksheet; the trainer corrects
    `place`.
    """

    worksheet = models.ForeignKey(Worksheet, on_delete=models.CASCADE, related_name="topics")
    position = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=30)
    place = models.CharField(max_length=200, blank=True)
    proposed = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["worksheet", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["worksheet", "code"], name="compliance_worksheet_topic_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.place}"

    @property
    def is_gap(self) -> bool:
        """Whether the material does not cover the topic."""
        return not self.place

    @property
    def changed(self) -> bool:
        """Whether the trainer says otherwise than the facility."""
        return self.place != self.proposed


class WorksheetAnswer(models.Model):
    """What the trainer answered through the link, with the exact words. Append-only.

    `mapping` is the list of {code, name, place} as it stood; its hash and the material's name
    what was attested.
    """

    worksheet = models.OneToOneField(Worksheet, on_delete=models.PROTECT, related_name="answer")
    attested = models.BooleanField()
    name = models.CharField(max_length=150)
    email = models.EmailField()
    text = models.TextField()
    reason = models.CharField(max_length=400, blank=True)
    material_sha256 = models.CharField(max_length=64)
    mapping = models.JSONField()
    mapping_sha256 = models.CharField(max_length=64)
    answered_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(attested=True, reason="") | (Q(attested=False) & ~Q(reason="")),
                name="compliance_worksheetanswer_reason_iff_declined",
            ),
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(text=""), name="compliance_worksheetanswer_has_words"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.worksheet_id} {self.attested}"

    @property
    def gaps(self) -> list[dict[str, str]]:
        """The topics without a place."""
        return [row for row in self.mapping if not row["place"]]
