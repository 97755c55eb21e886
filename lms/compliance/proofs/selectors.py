"""Questions about listed programs and the proofs of them."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Count, Max, Q
from django.db.models.query import QuerySet

from lms.compliance.enums import Basis
from lms.compliance.facts import ApprovalFact
from lms.compliance.known import approval_of
from lms.compliance.models import ProgramApproval
from lms.compliance.proof_models import FacilityProof, ProofPerson
from lms.compliance.rules import Rule
from lms.people.models import Organization, Person
from lms.trainings.enums import TrainingKind
from lms.trainings.models import TrainingVersion, VersionInForce

LISTED = {Basis.STATE_MADE, Basis.STATE_LISTED}


@dataclass(frozen=True)
class ListedProgram:
    """An outside program the state made or has on its list, with why it counts."""

    version: TrainingVersion
    approval: ApprovalFact

    @property
    def title(self) -> str:
        return str(self.version.spec["title"])


def listed_programs(rule: Rule) -> list[ListedProgram]:
    """The outside programs in force that cover a topic of the rule and count, by title."""
    newest = VersionInForce.objects.values("training").annotate(last=Max("pk")).values("last")
    rows = list(
        VersionInForce.objects.filter(
            pk__in=newest,
            training__kind=TrainingKind.OUTSIDE,
            version__spec__topics__has_any_keys=sorted(rule.topic_codes),
        )
        .select_related("training", "version")
        .order_by("training__title", "pk")
    )
    recorded: dict[int, list[ProgramApproval]] = defaultdict(list)
    for approval in ProgramApproval.objects.filter(
        training__in=[row.training_id for row in rows]
    ).order_by("pk"):
        recorded[approval.training_id].append(approval)
    found = []
    for row in rows:
        said = approval_of(
            row.version_id, row.version.spec.get("approval"), recorded[row.training_id]
        )
        if said and said.accepted and said.basis in LISTED:
            found.append(ListedProgram(row.version, said))
    return found


def proofs_of(facility: Organization) -> "QuerySet[FacilityProof]":
    """The facility's proofs, the newest first, with how many people each is for."""
    return (
        FacilityProof.objects.filter(facility=facility)
        .select_related("version", "accepted_by")
        .annotate(
            named=Count("people"),
            standing=Count("people", filter=Q(people__completion__revocation__isnull=True)),
        )
    )


def people_of(proof: FacilityProof) -> "QuerySet[ProofPerson]":
    """Whom a proof is for, by name, with what was taken out."""
    return (
        ProofPerson.objects.filter(proof=proof)
        .select_related("employment__person", "completion__revocation")
        .order_by("employment__person__sort_name", "pk")
    )


def told_about(person: Person) -> "QuerySet[ProofPerson]":
    """All proofs that name a person, for the personal-data registry."""
    return (
        ProofPerson.objects.filter(employment__person__in=Person.objects.one_with(person))
        .select_related("proof__version", "proof__facility", "completion__revocation")
        .order_by("pk")
    )
