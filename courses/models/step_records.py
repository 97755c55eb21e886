"""What people did in steps that are neither read nor tested: documents signed, proofs sent."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from wagtail.models import Revision

from courses.enums import ProofStatus
from courses.models.records import Enrolment
from courses.querysets import (
    DocumentEditionQuerySet,
    DocumentSignatureQuerySet,
    OutsideProofQuerySet,
)
from lms.core.files import private_storage
from lms.people.models import Organization, Person
from lms.trainings.models import Training

if TYPE_CHECKING:
    from courses.models.plans import PlanEnrolment


class DocumentEdition(models.Model):
    """A version of a document that people have to sign: a policy as it was at some time.

    Append-only; `document` is the page's translation_key, so that all languages of it are one
    document. Everybody who signed an older number is asked again, whatever version of the course
    they are pinned to: a policy in force is in force for all.
    """

    training = models.ForeignKey(
        Training, on_delete=models.PROTECT, related_name="document_editions"
    )
    document = models.UUIDField()
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=255)
    what_changed = models.CharField(max_length=400, blank=True)
    recorded_at = models.DateTimeField(default=timezone.now)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = DocumentEditionQuerySet.as_manager()

    class Meta:
        ordering = ["training", "document", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["training", "document", "number"],
                name="courses_documentedition_number_once",
            ),
            models.CheckConstraint(
                condition=Q(number__gte=1), name="courses_documentedition_number_from_one"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} v{self.number}"


class DocumentText(models.Model):
    """The wording of an edition in a language. Append-only: a spelling fix adds a row."""

    edition = models.ForeignKey(DocumentEdition, on_delete=models.PROTECT, related_name="texts")
    locale = models.CharField(max_length=10)
    # Protected: what somebody signed must be shown to whoever asks, years later.
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.edition} {self.locale}"


class DocumentSignature(models.Model):
    """Somebody read and signed an edition, in the wording they had before them. Append-only."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="signatures")
    step_key = models.CharField(max_length=80)
    edition = models.ForeignKey(
        DocumentEdition, on_delete=models.PROTECT, related_name="signatures"
    )
    text = models.ForeignKey(DocumentText, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    signed_at = models.DateTimeField(default=timezone.now)

    objects = DocumentSignatureQuerySet.as_manager()

    class Meta:
        ordering = ["signed_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "step_key", "edition"],
                name="courses_documentsignature_once",
            ),
            models.CheckConstraint(
                condition=~Q(name=""), name="courses_documentsignature_name_given"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id} {self.edition_id}"


class OutsideProof(models.Model):
    """A file that shows that somebody took a course elsewhere, and what the office said of it.

    It belongs to a step of a course, or to an outside `training` that is a part of a plan. Once it
    is decided, a trigger refuses every change: a better proof is a new row.
    """

    enrolment = models.ForeignKey(
        Enrolment, null=True, blank=True, on_delete=models.PROTECT, related_name="proofs"
    )
    step_key = models.CharField(max_length=80, blank=True)
    plan_enrolment = models.ForeignKey(
        "courses.PlanEnrolment",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="proofs",
    )
    training = models.ForeignKey(
        Training, null=True, blank=True, on_delete=models.PROTECT, related_name="outside_proofs"
    )
    file = models.FileField(upload_to="proofs/%Y/%m/", storage=private_storage, max_length=200)
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    finished_on = models.DateField()
    status = models.CharField(
        max_length=12, choices=ProofStatus.choices, default=ProofStatus.WAITING
    )
    sent_at = models.DateTimeField(default=timezone.now)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.CharField(max_length=400, blank=True)

    objects = OutsideProofQuerySet.as_manager()

    class Meta:
        ordering = ["sent_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=ProofStatus.values), name="courses_outsideproof_status_known"
            ),
            models.CheckConstraint(
                condition=Q(
                    ~Q(step_key=""),
                    enrolment__isnull=False,
                    plan_enrolment__isnull=True,
                    training__isnull=True,
                )
                | Q(
                    step_key="",
                    enrolment__isnull=True,
                    plan_enrolment__isnull=False,
                    training__isnull=False,
                ),
                name="courses_outsideproof_of_step_or_part",
            ),
            # An accepted one may stand beside it: what it proved can have been too long ago since.
            models.UniqueConstraint(
                fields=["plan_enrolment", "training"],
                condition=Q(status=ProofStatus.WAITING),
                name="courses_outsideproof_one_waits_for_a_part",
            ),
            models.UniqueConstraint(
                fields=["enrolment", "step_key"],
                condition=Q(status__in=[ProofStatus.WAITING, ProofStatus.ACCEPTED]),
                name="courses_outsideproof_one_counts",
            ),
            models.CheckConstraint(
                condition=Q(status=ProofStatus.WAITING, decided_at__isnull=True)
                | (~Q(status=ProofStatus.WAITING) & Q(decided_at__gte=F("sent_at"))),
                name="courses_outsideproof_decided_iff_not_waiting",
            ),
            models.CheckConstraint(
                condition=(Q(status=ProofStatus.REFUSED) & ~Q(reason=""))
                | (~Q(status=ProofStatus.REFUSED) & Q(reason="")),
                name="courses_outsideproof_reason_iff_refused",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id} {self.step_key} ({self.status})"

    @property
    def place(self) -> "Enrolment | PlanEnrolment":
        """What the person is in the middle of: the course, or the plan."""
        place = self.enrolment or self.plan_enrolment
        assert place is not None  # noqa: S101 - a constraint says so
        return place

    @property
    def person(self) -> Person:
        """Whose it is."""
        person: Person = self.place.person
        return person

    @property
    def title(self) -> str:
        """What it proves: the step as the course calls it, or the outside training."""
        if self.training:
            return self.training.title
        outline = self.place.version.spec["outline"]
        return next((step["title"] for step in outline if step["key"] == self.step_key), "")

    @property
    def office(self) -> Organization:
        """Who decides: the course's office, or the outside training's."""
        return (self.training or self.place.training).owner
