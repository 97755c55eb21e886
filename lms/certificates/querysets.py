"""Adjectives for certificates and their revisions."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from lms.certificates import codes
from lms.people.models import Person

if TYPE_CHECKING:
    # Named in strings below, which the linter does not read.
    from lms.certificates.models import Certificate, CertificateRevision  # noqa: F401

# A drawing that failed is tried again after this; fonts are not mended by the minute.
FAILURE_PAUSE = timedelta(hours=12)


class CertificateQuerySet(models.QuerySet["Certificate"]):
    """Certificates, by code and by who may have the document."""

    def by_code(self, typed: str) -> "CertificateQuerySet":
        """The one with the code somebody typed or scanned; none if it cannot be a code."""
        code = codes.read(typed)
        return self.filter(code=code) if code else self.none()

    def of(self, person: Person) -> "CertificateQuerySet":
        """Those of `person`, an alias's included."""
        return self.filter(completion__person__in=Person.objects.one_with(person))

    def visible_to(self, person: Person) -> "CertificateQuerySet":
        """Whose document `person` may open: their own. The public page is for everybody else."""
        return self.of(person) if person.is_authenticated else self.none()


class RevisionQuerySet(models.QuerySet["CertificateRevision"]):
    """Revisions, by whether the document is there."""

    def to_draw(self, now: datetime) -> "RevisionQuerySet":
        """Without a document, nobody at it, and not failed lately."""
        return self.filter(
            Q(claimed_until__isnull=True) | Q(claimed_until__lt=now),
            Q(drawing_failed_at__isnull=True) | Q(drawing_failed_at__lt=now - FAILURE_PAUSE),
            drawn_at__isnull=True,
        )
