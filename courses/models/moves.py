"""People taken across to a changed course, one row each, so that it can be undone and explained."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from courses.models.records import Enrolment
from lms.trainings.models import TrainingVersion


class EnrolmentMove(models.Model):
    """Somebody under way went from one version to another. Append-only.

    `set_aside_before` is what the enrolment's `set_aside` was, for undoing; an undoing is a row of
    its own that names the move it undoes. All moves of one decision have the same `batch`.
    """

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="moves")
    from_version = models.ForeignKey(TrainingVersion, on_delete=models.PROTECT, related_name="+")
    to_version = models.ForeignKey(TrainingVersion, on_delete=models.PROTECT, related_name="+")
    set_aside_before: "models.JSONField[dict[str, str]]" = models.JSONField(default=dict)
    batch = models.UUIDField(default=uuid.uuid4, db_index=True)
    undoes = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="undone_by"
    )
    moved_at = models.DateTimeField(default=timezone.now)
    moved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["moved_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(from_version=F("to_version")),
                name="courses_enrolmentmove_goes_somewhere",
            )
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id}: {self.from_version_id} to {self.to_version_id}"
