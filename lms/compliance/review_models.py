"""What reviewers of the state draw, open and say. All of it append-only."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lms.compliance.group_models import GroupTraining
from lms.compliance.proof_models import FacilityProof
from lms.compliance.worksheet_models import Worksheet
from lms.people.models import Organization


class SampleKind(models.TextChoices):
    """What is drawn."""

    FACILITIES = "facilities", _("Facilities")
    SCANS = "scans", _("Trainings recorded by a scan")
    WORKSHEETS = "worksheets", _("Facilities’ own programs, with a signed worksheet")
    GROUPS = "groups", _("Group trainings")


class Ground(models.TextChoices):
    """Why a reviewer opens a facility's record. The facility reads it, so none names a source."""

    INSPECTION = "inspection", _("Inspection")
    SAMPLE = "sample", _("Random sample")
    ASKED = "asked", _("The facility asked for it")
    ORDER = "order", _("Order of a court or another authority")
    REVIEW = "review", _("Other review of the record the law asks for")


class Look(models.TextChoices):
    """What was opened in a record."""

    RECORD = "record", _("the record")
    SCAN = "scan", _("a scan")
    WORKSHEET = "worksheet", _("a worksheet")


class Outcome(models.TextChoices):
    """What came of looking at something drawn."""

    NOTHING = "nothing", _("Nothing noted")
    NOTE = "note", _("A note to the facility")


class Remark(models.TextChoices):
    """The sentences a note is made of."""

    UNREADABLE = "unreadable", _("The file cannot be read in full. Please upload a better copy.")
    DAY = "day", _("The file does not show the day of the training.")
    PROGRAM = "program", _("The file shows another program than the one that is recorded.")
    PEOPLE = "people", _("The file does not name everybody it is recorded for.")
    TOPICS = "topics", _("The material does not show a topic at the place the worksheet names.")
    PLACE = "place", _("It is not clear that the training was on the premises.")
    PAID = "paid", _("It is not clear that the time was paid.")
    ASK = "ask", _("We would like to talk about it. Please write to us.")


class ReviewSample(models.Model):
    """Some of a population, drawn by a seed: who has the seed and the population draws the same.

    `population` and its hash say among how many, and whether they are the same later.
    """

    office = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="review_samples"
    )
    kind = models.CharField(max_length=12, choices=SampleKind.choices)
    county = models.CharField(max_length=60, blank=True)
    basis = models.CharField(max_length=20, blank=True)
    size = models.PositiveSmallIntegerField()
    seed = models.CharField(max_length=40)
    reason = models.CharField(max_length=200)
    population = models.PositiveIntegerField()
    population_sha256 = models.CharField(max_length=64)
    drawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    drawn_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=SampleKind.values), name="compliance_sample_kind_known"
            ),
            models.CheckConstraint(
                condition=~Q(seed="") & ~Q(reason="") & Q(size__gt=0),
                name="compliance_sample_says_how_and_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.seed}"


class SampledItem(models.Model):
    """One thing drawn: a facility, or one of its trainings. `place` is its turn in the draw.

    `organization` is whose it is: a company's for a worksheet that all its facilities use.
    """

    sample = models.ForeignKey(ReviewSample, on_delete=models.PROTECT, related_name="items")
    place = models.PositiveSmallIntegerField()
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    # A scan goes when its time is over (compliance.retention); that it was drawn stays.
    proof = models.ForeignKey(
        FacilityProof,
        null=True,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="sampled",
    )
    worksheet = models.ForeignKey(
        Worksheet, null=True, on_delete=models.PROTECT, related_name="sampled"
    )
    group = models.ForeignKey(
        GroupTraining, null=True, on_delete=models.PROTECT, related_name="sampled"
    )

    class Meta:
        ordering = ["sample", "place"]
        constraints = [
            models.UniqueConstraint(fields=["sample", "place"], name="compliance_sampled_place"),
            models.CheckConstraint(
                condition=Q(proof__isnull=True, worksheet__isnull=True)
                | Q(proof__isnull=True, group__isnull=True)
                | Q(worksheet__isnull=True, group__isnull=True),
                name="compliance_sampled_is_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sample_id} {self.place}"


class SampleOutcome(models.Model):
    """What a reviewer said after looking; the newest of an item counts."""

    item = models.ForeignKey(SampledItem, on_delete=models.PROTECT, related_name="outcomes")
    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    remarks = models.JSONField(default=list)
    words = models.CharField(max_length=300, blank=True)
    said_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    said_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome=Outcome.NOTHING, remarks=[], words="")
                | (Q(outcome=Outcome.NOTE) & ~Q(remarks=[])),
                name="compliance_outcome_note_says_something",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.outcome}"

    @property
    def sentences(self) -> list[str]:
        """The fixed sentences, then the reviewer's own words."""
        found = [str(Remark(code).label) for code in self.remarks if code in Remark.values]
        return [*found, self.words] if self.words else found


class RecordAccess(models.Model):
    """A reviewer may read a facility's record with its names, on a ground, until a moment."""

    office = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    facility = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="record_accesses"
    )
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    ground = models.CharField(max_length=12, choices=Ground.choices)
    words = models.CharField(max_length=120)
    begun_at = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ground__in=Ground.values) & ~Q(words=""),
                name="compliance_access_has_a_ground",
            ),
            models.CheckConstraint(
                condition=Q(until__gt=F("begun_at")), name="compliance_access_ends_later"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.facility_id} {self.ground}"

    def is_open(self, now: datetime | None = None) -> bool:
        """Whether it may still be used."""
        return self.until > (now or timezone.now())


class RecordOpening(models.Model):
    """Something with names in it was opened on the ground of an access."""

    access = models.ForeignKey(RecordAccess, on_delete=models.PROTECT, related_name="openings")
    look = models.CharField(max_length=10, choices=Look.choices)
    as_of = models.DateField(null=True)
    proof = models.ForeignKey(
        FacilityProof,
        null=True,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="openings",
    )
    worksheet = models.ForeignKey(
        Worksheet, null=True, on_delete=models.PROTECT, related_name="openings"
    )
    opened_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(look=Look.RECORD, as_of__isnull=False)
                | Q(look=Look.SCAN, proof__isnull=False)
                | Q(look=Look.WORKSHEET, worksheet__isnull=False),
                name="compliance_recordopening_says_what",
            )
        ]

    def __str__(self) -> str:
        return f"{self.access_id} {self.look}"
