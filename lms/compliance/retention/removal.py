"""The job that removes completions nobody needs any more, and what of this room goes with them.

Off until an operator switches it on (`REMOVE_COMPLETIONS`, docs/operators-guide.md).
"""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from lms.completions.removal import Hanging, register, remove_completions
from lms.compliance.group_models import GroupConfirmation, GroupListing
from lms.compliance.models import ConditionAttestation
from lms.compliance.proof_models import FacilityProof, ProofPerson
from lms.compliance.retention.needs import people_to_look_at, unneeded
from lms.core.ledger import maintaining
from lms.core.locking import lock
from lms.core.time import new_york_today
from lms.people.models import Organization, Person

REASON = "nobody needs it"


def register_hanging() -> None:
    """Announce what of this room hangs on completions; called once when the app is ready."""
    models = (ConditionAttestation, GroupConfirmation, ProofPerson)
    labels = frozenset(model._meta.label for model in models)  # noqa: SLF001 - documented name
    register("compliance", Hanging(labels, remove_hanging))


def remove_hanging(completions: Collection[UUID]) -> None:
    """Remove signatures, confirmations and proofs' lines of these completions.

    A proof that names nobody any more goes with its file.
    """
    with maintaining("compliance_conditionattestation"):
        ConditionAttestation.objects.filter(completion__in=completions).delete()
    confirmed = GroupConfirmation.objects.filter(completion__in=completions)
    listings = list(confirmed.values_list("listing", flat=True))
    with maintaining("compliance_groupconfirmation"):
        confirmed.delete()
    with maintaining("compliance_grouplisting"):
        GroupListing.objects.filter(pk__in=listings).delete()
    named = ProofPerson.objects.filter(completion__in=completions)
    proofs = list(named.values_list("proof", flat=True))
    with maintaining("compliance_proofperson"):
        named.delete()
    empty = list(FacilityProof.objects.filter(pk__in=proofs, people__isnull=True))
    with maintaining("compliance_facilityproof"):
        FacilityProof.objects.filter(pk__in=[proof.pk for proof in empty]).delete()
    for proof in empty:
        name, storage = proof.file.name or "", proof.file.storage
        transaction.on_commit(
            lambda name=name, storage=storage: storage.delete(name),  # type: ignore[misc]
            robust=True,
        )


def remove_unneeded(*, now: datetime | None = None) -> int:
    """Remove what nobody needs, person by person; returns how many completions went.

    Does nothing until an operator has switched it on. Cut off in the middle, a person's
    completions are all there or all gone; the next run goes on.
    """
    if not settings.LMS_REMOVE_COMPLETIONS:
        return 0
    now = now or timezone.now()
    return sum(_remove_of(pk, now) for pk in list(people_to_look_at()))


@transaction.atomic
def _remove_of(person_id: int, now: datetime) -> int:
    """Look again under the locks that holds and hiring take, then remove."""
    person = Person.objects.get(pk=person_id)
    places = Organization.objects.filter(
        employments__person__in=Person.objects.one_with(person)
    ).distinct()
    for place in places.order_by("pk"):
        lock(place)
    person = lock(person)
    ids = [row.pk for row in unneeded(person, new_york_today(now))]
    return len(remove_completions(completions=ids, reason=REASON, now=now)) if ids else 0
