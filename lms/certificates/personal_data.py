"""What certificates keep about people, for the personal-data registry."""

from typing import Any

from lms.certificates.batches import forget
from lms.certificates.models import CertificateRevision
from lms.completions.models import Completion
from lms.core.personal_data import Holding
from lms.people.models import Person


def export(person: Person) -> list[dict[str, Any]]:
    """Every revision of the person's certificates, as it was issued."""
    revisions = CertificateRevision.objects.filter(
        certificate__completion__in=Completion.objects.of(person)
    ).select_related("certificate")
    return [revision.as_export() for revision in revisions]


# No erase: a certificate goes with its completion, which retention decides (DESIGN 4.8). No
# collisions: two people who are one keep all their certificates.
HOLDING = Holding(name="certificates", export=export)


def _nothing(_person: Person) -> list[dict[str, Any]]:
    return []


# A document for printing holds certificates that are exported above, for two days.
BATCHES = Holding(name="certificate_batches", export=_nothing, forget=forget)
