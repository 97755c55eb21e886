"""Questions about certificates: who deserves one, what it says, whether it stands."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat, Trim
from django.urls import reverse

from lms.certificates.facts import Facts
from lms.certificates.looks import Look
from lms.certificates.models import Certificate, CertificateRevision
from lms.completions.enums import SourceKind
from lms.completions.models import Completion
from lms.core.models import OutboxMessage
from lms.core.time import new_york_date
from lms.trainings.enums import TrainingKind

# We certify what we gave. Outside proof and imported records say who gave it; facilities' own
# trainings are the facility's to certify.
OURS = [
    SourceKind.ENROLMENT,
    SourceKind.REGISTRATION,
    SourceKind.GROUP_LOG,
    SourceKind.STAFF_ENTRY,
    SourceKind.PLAN,
]
NOT_OURS = [TrainingKind.OUTSIDE, TrainingKind.FACILITY]

REVOKED_MAIL = "certificate-revoked:"


def deserves_certificate(completion: Completion) -> bool:
    """Whether a certificate of ours belongs to this completion."""
    return (
        completion.source_kind in OURS
        and completion.training.kind not in NOT_OURS
        and not hasattr(completion, "revocation")
    )


def awaiting_certificate(*, recorded_since: datetime | None = None) -> QuerySet[Completion]:
    """Completions that deserve a certificate, lack it, and have a name to print."""
    missing = (
        Completion.objects.standing()
        .filter(certificate__isnull=True, source_kind__in=OURS)
        .exclude(training__kind__in=NOT_OURS)
        .annotate(
            printed=_full_name("person"), printed_canonical=_full_name("person__canonical_person")
        )
        .filter(
            Q(person__canonical_person__isnull=True) & ~Q(printed="")
            | Q(person__canonical_person__isnull=False) & ~Q(printed_canonical="")
        )
        .select_related("person__canonical_person", "training__owner", "version", "revocation")
        .order_by("recorded_at")
    )
    return missing.filter(recorded_at__gte=recorded_since) if recorded_since else missing


def revoked_mail_key(completion_id: str) -> str:
    """The outbox key of the one mail about a revocation."""
    return f"{REVOKED_MAIL}{completion_id}"


def revoked_untold(*, since: datetime) -> QuerySet[Completion]:
    """Completions with a certificate, revoked at or after `since`, of which no mail was written."""
    key = Concat(Value(REVOKED_MAIL), Cast(OuterRef("pk"), CharField()), output_field=CharField())
    return (
        Completion.objects.filter(revocation__revoked_at__gte=since, certificate__isnull=False)
        .exclude(Exists(OutboxMessage.objects.filter(key=key)))
        .select_related("person__canonical_person", "training__owner", "revocation")
        .order_by("revocation__revoked_at")
    )


def _full_name(person: str) -> Trim:
    return Trim(Concat(f"{person}__first_name", f"{person}__last_name"))


def newest_revision(certificate: Certificate) -> CertificateRevision:
    """The revision in force."""
    revision: CertificateRevision = certificate.revisions.select_related("certificate").latest(
        "number"
    )
    return revision


@dataclass(frozen=True)
class Standing:
    """What anyone who has the code may know: the newest facts and whether they stand.

    `reissued_on`: it was replaced by what is shown; neither the old name nor the reason is told.
    `revoked_on`: it no longer stands since that New York day; the reason is nobody's business.
    """

    certificate: Certificate
    revision: CertificateRevision
    facts: Facts
    reissued_on: date | None
    revoked_on: date | None

    @property
    def look(self) -> Look:
        """What is printed besides the facts: who signs, the office's own line."""
        return Look.load(self.revision.look)

    @property
    def stands(self) -> bool:
        """Not revoked."""
        return self.revoked_on is None

    @property
    def path(self) -> str:
        """Its public page."""
        return reverse("certificates:verified", args=[self.certificate.code_in_groups])


def standing(certificate: Certificate) -> Standing:
    """Whether the certificate stands, and what it says now."""
    revision = newest_revision(certificate)
    revocation = getattr(certificate.completion, "revocation", None)
    return Standing(
        certificate=certificate,
        revision=revision,
        facts=revision.read_facts(),
        reissued_on=new_york_date(revision.issued_at) if revision.number > 1 else None,
        revoked_on=new_york_date(revocation.revoked_at) if revocation else None,
    )


def standing_of(typed_code: str) -> Standing | None:
    """The standing of the certificate with this code; None for an unknown or impossible code."""
    certificate = (
        Certificate.objects.by_code(typed_code).select_related("completion__revocation").first()
    )
    return standing(certificate) if certificate else None
