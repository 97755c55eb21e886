"""Questions about worksheets and the programs they are about."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Q
from django.db.models.query import QuerySet

from lms.compliance.worksheet_models import Worksheet
from lms.people.models import Organization, Person
from lms.people.querysets import OrganizationQuerySet
from lms.trainings.models import TrainingVersion


def worksheets_of(facility: Organization) -> "QuerySet[Worksheet]":
    """The facility's worksheets and its company's, the newest first."""
    return worksheets_for(owners_for(facility))


def worksheets_for(owners: Sequence[int] | OrganizationQuerySet) -> "QuerySet[Worksheet]":
    """The worksheets of these facilities and companies, the newest first."""
    return (
        Worksheet.objects.filter(organization__in=owners)
        .select_related("organization", "answer", "version", "created_by")
        .order_by("-pk")
    )


def owners_for(facility: Organization) -> OrganizationQuerySet:
    """Whose own programs a facility may use: its own and its company's."""
    return Organization.objects.filter(
        Q(pk__in=[pk for pk in (facility.pk, facility.parent_id) if pk is not None])
        | Q(canonical_organization=facility.pk)
    )


def version_on(version: TrainingVersion, day: date) -> TrainingVersion:
    """Of an own program, the version whose worksheet was good on a day; else the one given."""
    found = (
        Worksheet.objects.filter(
            Q(valid_from__lte=day, valid_until__gte=day), version__training=version.training_id
        )
        .select_related("version")
        .order_by("-valid_from", "-pk")
        .first()
    )
    return found.version if found and found.version else version


def written_or_attested_by(person: Person) -> "QuerySet[Worksheet]":
    """The worksheets a person wrote, or was asked to attest at their address."""
    people = Person.objects.one_with(person)
    addresses = [row.email for row in people if row.email]
    return (
        Worksheet.objects.filter(Q(created_by__in=people) | Q(trainer_email__in=addresses))
        .select_related("organization", "answer")
        .order_by("pk")
    )
