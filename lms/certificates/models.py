"""Certificates: a snapshot of the facts, and the bytes that were drawn from it (DESIGN 4.7)."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lms.certificates import codes
from lms.certificates.batch_models import CertificateBatch
from lms.certificates.facts import Facts
from lms.certificates.look_models import CertificateLook
from lms.certificates.querysets import CertificateQuerySet, RevisionQuerySet
from lms.completions.models import Completion
from lms.core.files import private_storage

__all__ = ["Certificate", "CertificateBatch", "CertificateLook", "CertificateRevision"]


class Certificate(models.Model):
    """What proves one completion, under one code for ever. Append-only; its revisions carry it."""

    code = models.CharField(max_length=codes.LENGTH, unique=True)
    completion = models.OneToOneField(
        Completion, on_delete=models.PROTECT, related_name="certificate"
    )
    created_at = models.DateTimeField(default=timezone.now)

    objects = CertificateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(code__regex=f"^[{codes.ALPHABET}]{{{codes.LENGTH}}}$"),
                name="certificates_certificate_code_form",
            )
        ]

    def __str__(self) -> str:
        return self.code_in_groups

    @property
    def code_in_groups(self) -> str:
        """The code as it is printed: XXXX-XXXX-XXXX."""
        return codes.in_groups(self.code)

    @property
    def verify_url(self) -> str:
        """Where anyone checks it; this is what the QR code holds."""
        return f"{settings.SITE_ORIGIN}/verify/{self.code_in_groups}/"


class CertificateRevision(models.Model):
    """The facts as issued, and the document drawn from them. The newest number is in force.

    A trigger keeps facts and look as they were written and lets the file be set once.
    `drawing_failed_at` and `drawing_failure` say why there is no file yet; while `claimed_until`
    lies ahead, somebody is drawing.
    """

    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField(default=1)
    facts = models.JSONField()
    facts_hash = models.CharField(max_length=64)
    look = models.JSONField(default=dict)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    issued_at = models.DateTimeField(default=timezone.now)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    file = models.FileField(storage=private_storage, max_length=200, blank=True)
    file_hash = models.CharField(max_length=64, blank=True, db_index=True)
    drawn_at = models.DateTimeField(null=True)
    claimed_until = models.DateTimeField(null=True)
    drawing_failed_at = models.DateTimeField(null=True)
    drawing_failure = models.CharField(max_length=500, blank=True)

    objects = RevisionQuerySet.as_manager()

    class Meta:
        ordering = ["certificate", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["certificate", "number"], name="certificates_revision_number_once"
            ),
            models.CheckConstraint(
                condition=Q(number=1) | ~Q(reason=""),
                name="certificates_revision_reissue_has_reason",
                violation_error_message=_("Say why the certificate is issued again."),
            ),
            models.CheckConstraint(
                condition=Q(drawn_at__isnull=True, file="", file_hash="")
                | (Q(drawn_at__isnull=False) & ~Q(file="") & ~Q(file_hash="")),
                name="certificates_revision_drawn_iff_file",
            ),
        ]
        indexes = [
            models.Index(
                fields=["issued_at"],
                name="certificates_undrawn",
                condition=Q(drawn_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.certificate} revision {self.number}"

    def read_facts(self) -> Facts:
        """The facts, with their names."""
        return Facts.load(self.facts)

    @property
    def is_drawn(self) -> bool:
        """Whether the document is there."""
        return self.drawn_at is not None

    def as_export(self) -> dict[str, Any]:
        """What a person gets who asks what is kept about them."""
        return {
            "code": self.certificate.code_in_groups,
            "revision": self.number,
            "issued_at": self.issued_at.isoformat(),
            "facts": self.facts,
        }
