"""Packets for inspectors: snapshots of a record, the links to them, their keys."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lms.core.files import private_storage
from lms.people.models import Organization


class PacketState(models.TextChoices):
    """How far a packet is; `packets.services` alone moves it."""

    WAITING = "waiting", _("Waiting")
    MAKING = "making", _("Being made")
    READY = "ready", _("Ready")
    FAILED = "failed", _("Could not be made")
    REMOVED = "removed", _("Removed")

    @classmethod
    def under_way(cls) -> "list[PacketState]":
        """A worker has it or will have it."""
        return [cls.WAITING, cls.MAKING]


class PacketKey(models.Model):
    """A public key that packets were signed with. Append-only: an old packet must stay checkable.

    `key_id` is the beginning of the SHA-256 of the raw public key; `public_key` is base64 of it.
    """

    key_id = models.CharField(primary_key=True, max_length=16)
    public_key = models.CharField(max_length=60, unique=True)
    used_since = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-used_since"]

    def __str__(self) -> str:
        return self.key_id


class InspectionPacket(models.Model):
    """A facility's record as of a day, as files under one signed manifest; kept as it was made.

    `steps_done` of `steps_total` says how far a worker is. Its file carries names, so it is removed
    when nobody needs it any more; what stays is who made it when, and its manifest's hash.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    facility = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="packets")
    rule = models.CharField(max_length=40)
    as_of = models.DateField()
    with_certificates = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=PacketState.choices, default=PacketState.WAITING)
    said = models.CharField(max_length=300, blank=True)
    steps_done = models.PositiveIntegerField(default=0)
    steps_total = models.PositiveIntegerField(default=0)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    requested_at = models.DateTimeField(default=timezone.now)
    made_at = models.DateTimeField(null=True, blank=True)
    file = models.FileField(storage=private_storage, max_length=200, blank=True)
    file_bytes = models.PositiveBigIntegerField(default=0)
    manifest_hash = models.CharField(max_length=64, blank=True)
    key = models.ForeignKey(
        PacketKey, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    counts = models.JSONField(default=dict)

    class Meta:
        ordering = ["-requested_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=PacketState.values), name="compliance_packet_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state=PacketState.READY)
                | (
                    Q(made_at__isnull=False, key__isnull=False) & ~Q(file="") & ~Q(manifest_hash="")
                ),
                name="compliance_packet_ready_is_whole",
            ),
            models.CheckConstraint(
                condition=~Q(state=PacketState.REMOVED) | Q(file=""),
                name="compliance_packet_removed_has_no_file",
            ),
            models.UniqueConstraint(
                fields=["facility", "rule", "as_of", "with_certificates"],
                condition=Q(state__in=["waiting", "making"]),
                name="compliance_packet_made_once_at_a_time",
            ),
        ]
        indexes = [
            models.Index(fields=["facility", "-requested_at"], name="compliance_packets_newest")
        ]

    def __str__(self) -> str:
        return f"{self.facility_id} {self.as_of}"

    @property
    def is_under_way(self) -> bool:
        """Whether a worker has it or will have it."""
        return self.state in PacketState.under_way()

    @property
    def is_ready(self) -> bool:
        """Whether its file can be had."""
        return self.state == PacketState.READY


class PacketLink(models.Model):
    """A secret address that shows one packet to whoever has it, until it ends.

    The secret itself is kept nowhere; `token_hash` finds the row. `label` says for whom it is.
    """

    packet = models.ForeignKey(InspectionPacket, on_delete=models.PROTECT, related_name="links")
    label = models.CharField(_("for whom"), max_length=120)
    token_hash = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["-made_at"]
        constraints = [
            models.CheckConstraint(condition=~Q(label=""), name="compliance_link_is_for_somebody"),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("made_at")), name="compliance_link_expires_later"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.packet_id} {self.label}"


class LinkOpening(models.Model):
    """A link was opened, or its packet taken. Append-only; who it was is not known and not kept."""

    class What(models.TextChoices):
        PAGE = "page", _("the page was opened")
        PACKET = "packet", _("the packet was downloaded")

    link = models.ForeignKey(PacketLink, on_delete=models.PROTECT, related_name="openings")
    what = models.CharField(max_length=6, choices=What.choices)
    opened_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-opened_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(what__in=["page", "packet"]), name="compliance_opening_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.link_id} {self.what}"
