"""Shared devices of facilities, and the PINs by which workers without e-mail sign in on them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lms.people.models import Employment, Organization


class SharedDevice(models.Model):
    """A tablet or computer at a facility; the browser holds a secret, we hold its hash.

    A row without `registered_at` is an invitation: a short code, valid for minutes.
    """

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="devices")
    label = models.CharField(_("name"), max_length=60)
    code_hash = models.CharField(max_length=64, blank=True)
    code_until = models.DateTimeField(null=True, blank=True)
    token_hash = models.CharField(max_length=64, blank=True)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    invited_at = models.DateTimeField(default=timezone.now)
    registered_at = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveIntegerField(default=0)
    failures_since = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["token_hash"], condition=~Q(token_hash=""), name="people_device_token_once"
            ),
            models.UniqueConstraint(
                fields=["code_hash"], condition=~Q(code_hash=""), name="people_device_code_once"
            ),
            models.CheckConstraint(
                condition=Q(registered_at__isnull=True) | Q(code_hash=""),
                name="people_device_code_used_once",
            ),
        ]

    def __str__(self) -> str:
        return self.label


class WorkerPin(models.Model):
    """How one employment signs in on its facility's devices: a PIN its worker chose.

    The start code, once given, is needed to choose; choosing uses it up. `version` grows with every
    new code and PIN, and ends the sessions of the one before.
    """

    employment = models.OneToOneField(Employment, on_delete=models.CASCADE, related_name="pin")
    start_hash = models.CharField(max_length=64, blank=True)
    start_until = models.DateTimeField(null=True, blank=True)
    pin_hash = models.CharField(max_length=200, blank=True)
    chosen_at = models.DateTimeField(null=True, blank=True)
    reset_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(start_hash="") | Q(pin_hash=""), name="people_pin_code_or_pin"
            )
        ]

    def __str__(self) -> str:
        return str(self.employment_id)


class PinTries(models.Model):
    """Wrong tries for one employment on one device; they make the next one wait."""

    employment = models.ForeignKey(Employment, on_delete=models.CASCADE, related_name="+")
    device = models.ForeignKey(SharedDevice, on_delete=models.CASCADE, related_name="+")
    failures = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["employment", "device"], name="people_pintries_once")
        ]

    def __str__(self) -> str:
        return f"{self.employment_id} {self.device_id}"
