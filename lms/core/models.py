"""What was done (audit), what must be told (outbox), and the trial's mail."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class AuditEntry(models.Model):
    """Who did what to what, when. Append-only; carries ids and states, never personal data."""

    at = models.DateTimeField(default=timezone.now, db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    action = models.CharField(max_length=80)
    object_type = models.CharField(max_length=80)
    object_id = models.CharField(max_length=64)
    data = models.JSONField(default=dict)

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["object_type", "object_id", "-at"], name="audit_object")]

    def __str__(self) -> str:
        return f"{self.action} {self.object_type} {self.object_id}"


class OutboxMessage(models.Model):
    """Something to tell the world, written with the change it tells of and delivered by a worker.

    `key` is unique: the same news is written once, however often its service runs. A message is
    delivered at least once; its handler must bear a second try after a killed worker.
    """

    class State(models.TextChoices):
        PENDING = "pending"
        DELIVERED = "delivered"
        FAILED = "failed"
        # Not sent: the address bounced, and nobody has confirmed it since.
        HELD = "held"

    key = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=40)
    payload = models.JSONField()
    secret = models.BooleanField(default=False)
    state = models.CharField(max_length=12, choices=State.choices, default=State.PENDING)
    created_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(default=timezone.now)
    claimed_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    delivered_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["pending", "delivered", "failed", "held"]),
                name="core_outbox_state_known",
            ),
            models.CheckConstraint(
                condition=models.Q(state="delivered", delivered_at__isnull=False)
                | (~models.Q(state="delivered") & models.Q(delivered_at__isnull=True)),
                name="core_outbox_delivered_at_iff_delivered",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"], name="core_outbox_due", condition=models.Q(state="pending")
            ),
            models.Index(
                fields=["created_at"],
                name="core_outbox_undelivered",
                condition=models.Q(state__in=["failed", "held"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class Bounce(models.Model):
    """An address that takes no mail, as a mail server, a report or an office said.

    It stands until `cleared_at`: the person confirmed the address anew, or the office took it back.
    """

    class Source(models.TextChoices):
        SERVER = "server", _("The mail server refused it")
        REPORT = "report", _("A report of the mail server")
        OFFICE = "office", _("Marked by the office")

    address = models.EmailField()
    source = models.CharField(max_length=10, choices=Source.choices)
    reason = models.CharField(max_length=300, blank=True)
    noted_at = models.DateTimeField(default=timezone.now)
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    cleared_at = models.DateTimeField(null=True)
    cleared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["-noted_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(source__in=["server", "report", "office"]),
                name="core_bounce_source_known",
            ),
            models.UniqueConstraint(
                fields=["address"],
                condition=models.Q(cleared_at__isnull=True),
                name="core_bounce_stands_once",
            ),
        ]

    def __str__(self) -> str:
        return f"bounce {self.pk}"


class TrialMail(models.Model):
    """A mail the trial would have sent; read at /dev/mail/. Production never writes one."""

    sent_at = models.DateTimeField(default=timezone.now)
    to = models.CharField(max_length=254, db_index=True)
    subject = models.CharField(max_length=400)
    text = models.TextField()
    html = models.TextField(blank=True)
    calendar = models.TextField(blank=True)
    source = models.TextField()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.to}: {self.subject}"
