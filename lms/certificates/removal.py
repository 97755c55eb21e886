"""How certificates go with a completion that retention removes: rows, and the files drawn."""

from collections.abc import Collection
from uuid import UUID

from django.db import transaction

from lms.certificates.models import Certificate, CertificateRevision
from lms.completions.removal import Hanging, register
from lms.core.files import private_storage
from lms.core.ledger import maintaining


def register_hanging() -> None:
    """Announce it; called once when the app is ready."""
    models = frozenset({Certificate._meta.label})  # noqa: SLF001 - Django's documented name
    register("certificates", Hanging(models, remove))


def remove(completions: Collection[UUID]) -> None:
    """Remove the certificates of these completions; the files after the transaction."""
    revisions = CertificateRevision.objects.filter(certificate__completion__in=completions)
    names = [name for name in revisions.values_list("file", flat=True) if name]
    with maintaining("certificates_certificaterevision"):
        revisions.delete()
    with maintaining("certificates_certificate"):
        Certificate.objects.filter(completion__in=completions).delete()
    storage = private_storage()
    for name in names:
        transaction.on_commit(lambda name=name: storage.delete(name), robust=True)  # type: ignore[misc]
