"""Imports of completions: a file, its rows with what becomes of each, and what was remembered."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lms.completions.models import Completion
from lms.core.files import private_storage
from lms.people.models import Organization
from lms.trainings.models import Training


class ImportStatus(models.TextChoices):
    """uploaded -> checking -> checked -> importing -> imported -> undoing -> undone.

    From checked and imported back to checking, whenever somebody settles what was in doubt.
    """

    UPLOADED = "uploaded", _("Columns to choose")
    CHECKING = "checking", _("Being checked")
    CHECKED = "checked", _("Checked, nothing imported yet")
    IMPORTING = "importing", _("Being imported")
    IMPORTED = "imported", _("Imported")
    UNDOING = "undoing", _("Being undone")
    UNDONE = "undone", _("Undone")

    @classmethod
    def working(cls) -> list[str]:
        """While a worker is at it."""
        return [cls.CHECKING.value, cls.IMPORTING.value, cls.UNDOING.value]


class RowState(models.TextChoices):
    """What becomes of a row."""

    NEW = "new", _("Not checked yet")
    READY = "ready", _("Ready to import")
    NO_PERSON = "no_person", _("Person unknown")
    NO_TRAINING = "no_training", _("Training unknown")
    PROBLEM = "problem", _("Cannot be read")
    NOT_DONE = "not_done", _("Not a completion")
    KNOWN = "known", _("In the record already")
    LEFT_OUT = "left_out", _("Left out by you")
    IMPORTED = "imported", _("Imported")


class CompletionImport(models.Model):
    """One file of completions for an office, and how far it has come.

    `mapping` names the column (from 0) of each thing we read; `heading_key` is the hash of the
    heading, under which the mapping is found again. `done` of `total` rows are worked off;
    `touched_at` is when a worker last said so.
    """

    office = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    system = models.CharField(max_length=80)
    file = models.FileField(storage=private_storage, max_length=200)
    name = models.CharField(max_length=200)
    heading = models.JSONField(default=list)
    heading_key = models.CharField(max_length=64)
    mapping: "models.JSONField[dict[str, int]]" = models.JSONField(default=dict)
    status = models.CharField(
        max_length=12, choices=ImportStatus.choices, default=ImportStatus.UPLOADED
    )
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    touched_at = models.DateTimeField(default=timezone.now)
    uploaded_at = models.DateTimeField(default=timezone.now)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    # Who last asked for work: it is done in their name.
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    # Whether importing makes a record for each unknown person with an address.
    makes_people = models.BooleanField(default=False)
    undo_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-uploaded_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=ImportStatus.values), name="completions_import_status_known"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[ImportStatus.UNDOING, ImportStatus.UNDONE])
                | ~Q(undo_reason=""),
                name="completions_import_undone_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} #{self.pk}"

    @property
    def is_working(self) -> bool:
        """Whether a worker is at it."""
        return self.status in ImportStatus.working()


class ImportRow(models.Model):
    """A row of a file: what was read in it, and what becomes of it.

    `values` holds what our columns said; `person_key` and `title_key` name whom and what it is
    about, so that one answer settles all rows of the same.
    """

    batch = models.ForeignKey(CompletionImport, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    values: "models.JSONField[dict[str, Any]]" = models.JSONField(default=dict)
    person_key = models.CharField(max_length=200, blank=True)
    title_key = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=12, choices=RowState.choices, default=RowState.NEW)
    note = models.CharField(max_length=300, blank=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    training = models.ForeignKey(Training, null=True, on_delete=models.PROTECT, related_name="+")
    completion = models.ForeignKey(
        Completion, null=True, on_delete=models.CASCADE, related_name="import_rows"
    )

    class Meta:
        ordering = ["batch", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "number"], name="completions_importrow_number_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=RowState.values), name="completions_importrow_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state=RowState.IMPORTED) | Q(completion__isnull=False),
                name="completions_importrow_imported_has_fact",
            ),
        ]
        indexes = [models.Index(fields=["batch", "state"], name="completions_importrow_state")]

    def __str__(self) -> str:
        return f"{self.batch_id} row {self.number}"


class PersonLink(models.Model):
    """Who somebody in an earlier system is, as an office said; without a person: left out."""

    office = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=200)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+"
    )
    linked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    linked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["office", "key"], name="completions_personlink_once")
        ]

    def __str__(self) -> str:
        return f"{self.office_id}: #{self.pk}"


class TitleLink(models.Model):
    """Which training a title of an earlier system is; without a training: left out."""

    office = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=200)
    training = models.ForeignKey(Training, null=True, on_delete=models.CASCADE, related_name="+")
    linked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    linked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["office", "key"], name="completions_titlelink_once")
        ]

    def __str__(self) -> str:
        return f"{self.office_id}: {self.key}"
