"""The ledger: facts that are written once (DESIGN 4.7). Triggers refuse change and removal."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from lms.completions.enums import SourceKind, StaffBasis
from lms.people.models import Person
from lms.trainings.models import Training, TrainingVersion


class CompletionQuerySet(models.QuerySet["Completion"]):
    """Completions of people; reads follow a merged person's aliases."""

    def of(self, person: Person) -> "CompletionQuerySet":
        return self.filter(person__in=Person.objects.one_with(person))

    def standing(self) -> "CompletionQuerySet":
        """Not revoked."""
        return self.filter(revocation__isnull=True)


class Completion(models.Model):
    """Somebody completed a training: an immutable fact with its evidence.

    `occurred_on` is the New York calendar day it happened, `recorded_at` when we learned of it.
    `evidence` is frozen JSON with its hash; it names what the completion rests on and always has
    "why": one sentence fit to show. `minutes` is the training's length, not credit.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="completions"
    )
    training = models.ForeignKey(Training, on_delete=models.PROTECT, related_name="completions")
    version = models.ForeignKey(
        TrainingVersion, on_delete=models.PROTECT, related_name="completions"
    )
    source_kind = models.CharField(max_length=16, choices=SourceKind.choices)
    source_key = models.CharField(max_length=80)
    occurred_on = models.DateField()
    recorded_at = models.DateTimeField(default=timezone.now)
    language = models.CharField(max_length=10, default="en")
    minutes = models.PositiveIntegerField()
    topics = models.JSONField(default=list)
    credits = models.JSONField(default=list)
    evidence = models.JSONField()
    evidence_hash = models.CharField(max_length=64)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = CompletionQuerySet.as_manager()

    class Meta:
        ordering = ["-occurred_on", "-recorded_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["source_kind", "source_key"], name="completions_completion_source_once"
            ),
            models.CheckConstraint(
                condition=Q(source_kind__in=SourceKind.values),
                name="completions_completion_source_known",
            ),
            # A waiver says that somebody need not; it must never read as having learned something.
            models.CheckConstraint(
                condition=~Q(source_kind=SourceKind.WAIVER) | Q(minutes=0, topics=[], credits=[]),
                name="completions_completion_waiver_is_bare",
            ),
            # Its trainings give credit, each once; the plan's would count the same hours again.
            models.CheckConstraint(
                condition=~Q(source_kind=SourceKind.PLAN) | Q(credits=[]),
                name="completions_completion_plan_gives_no_credit",
            ),
        ]
        indexes = [
            models.Index(fields=["person", "training"], name="completions_person_training"),
            # What was recorded lately is swept every minute; the sweep must not grow with history.
            models.Index(fields=["recorded_at"], name="completions_recorded"),
        ]

    def __str__(self) -> str:
        return f"{self.training} {self.occurred_on}"


class Revocation(models.Model):
    """A completion no longer stands, since a moment, for a reason. Append-only too."""

    completion = models.OneToOneField(
        Completion, on_delete=models.PROTECT, related_name="revocation"
    )
    reason = models.CharField(max_length=500)
    revoked_at = models.DateTimeField(default=timezone.now)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    def __str__(self) -> str:
        return f"revoked {self.completion_id}"


class Tombstone(models.Model):
    """What is left of a completion that retention removed: id, hash and reason (DESIGN 4.8).

    A trigger refuses a new completion from the same source, so that nothing comes back by itself.
    """

    completion_id = models.UUIDField(primary_key=True)
    source_kind = models.CharField(max_length=16, choices=SourceKind.choices)
    source_key = models.CharField(max_length=80)
    evidence_hash = models.CharField(max_length=64)
    reason = models.CharField(max_length=200)
    removed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source_kind", "source_key"], name="completions_tombstone_source_once"
            )
        ]

    def __str__(self) -> str:
        return f"removed {self.completion_id}"


class StaffEntry(models.Model):
    """Why an office entered a completion or a waiver: for the office, not for others.

    Kept apart from the fact's evidence, which nothing can change: what somebody wrote here by
    mistake can be redacted.
    """

    completion = models.OneToOneField(
        Completion, on_delete=models.PROTECT, related_name="staff_entry"
    )
    basis = models.CharField(max_length=16, choices=StaffBasis.choices)
    reason = models.CharField(max_length=300)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(basis__in=StaffBasis.values), name="completions_staffentry_basis_known"
            ),
            models.CheckConstraint(
                condition=~Q(reason=""), name="completions_staffentry_has_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.completion_id}: {self.basis}"


# The rest of this room's models; here, so that Django finds them.
from lms.completions.export_models import (  # noqa: E402, F401
    CompletionExport,
    ExportedCompletion,
)
from lms.completions.import_models import (  # noqa: E402, F401
    CompletionImport,
    ImportRow,
    PersonLink,
    TitleLink,
)
