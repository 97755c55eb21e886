"""What a named person of an office confirmed of an accreditor: numbers, from when until when."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from lms.people.models import Organization
from lms.trainings.enums import ConfirmationState
from lms.trainings.models import Training


class AccreditorConfirmation(models.Model):
    """Somebody checked an accreditor's number against its papers, or takes such a word back.

    Append-only; of the rows of one office, accreditor and training the one written last counts.
    Without a training `number` is the office's own as a provider, with one it is the number of that
    training's approval, and `presenter` says who the accreditor was told presents it. The days are
    those of the approval. `signed_name` and `checked_against` are the words of whoever confirmed.
    """

    office = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="accreditor_confirmations"
    )
    accreditor = models.CharField(max_length=40)
    training = models.ForeignKey(
        Training,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="accreditor_confirmations",
    )
    state = models.CharField(max_length=12, choices=ConfirmationState.choices)
    number = models.CharField(max_length=60, blank=True)
    presenter = models.CharField(max_length=200, blank=True)
    valid_from = models.DateField(null=True, blank=True)
    expires_on = models.DateField(null=True, blank=True)
    checked_against = models.CharField(max_length=200, blank=True)
    signed_name = models.CharField(max_length=150, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=ConfirmationState.values),
                name="trainings_confirmation_state_known",
            ),
            models.CheckConstraint(
                condition=~Q(state=ConfirmationState.CONFIRMED)
                | (
                    ~Q(number="")
                    & ~Q(checked_against="")
                    & ~Q(signed_name="")
                    & Q(valid_from__isnull=False)
                    & Q(expires_on__isnull=False)
                    & Q(expires_on__gte=F("valid_from"))
                ),
                name="trainings_confirmation_is_whole",
            ),
            models.CheckConstraint(
                condition=~Q(state=ConfirmationState.WITHDRAWN) | ~Q(reason=""),
                name="trainings_confirmation_withdrawn_has_reason",
            ),
        ]
        indexes = [
            models.Index(
                fields=["office", "accreditor", "training", "-id"],
                name="trainings_confirmation_newest",
            )
        ]

    def __str__(self) -> str:
        return f"{self.office_id} {self.accreditor} {self.training_id or ''} {self.state}"

    @property
    def is_confirmed(self) -> bool:
        """Not a withdrawal."""
        return self.state == ConfirmationState.CONFIRMED

    def covers(self, day: date) -> bool:
        """Whether the approval it speaks of held on that New York day."""
        if self.valid_from is None or self.expires_on is None:
            return False
        return self.is_confirmed and self.valid_from <= day <= self.expires_on
