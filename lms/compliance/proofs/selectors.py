"""Questions about listed programs and the proofs of them."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

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

    @property
    def provider(self) -> str:
        """Who made or offers it; empty where nobody wrote it down."""
        return str(self.version.spec.get("provider") or "")

    @property
    def languages(self) -> list[str]:
        """The codes of the languages it is given in."""
        spec = self.version.spec
        return list(spec.get("languages") or [spec["language"]])

    @property
    def listed_on(self) -> date | None:
        """Since when it is on the state's list, where the list says so."""
        day = self.version.spec.get("approval", {}).get("listed_on")
        return date.fromisoformat(day) if day else None

    @property
    def is_withdrawn(self) -> bool:
        """Whether trainings of today no longer count."""
        return self.approval.last_day is not None or self.approval.basis == Basis.WITHDRAWN


def listed_programs(rule: Rule) -> list[ListedProgram]:
    """The outside programs in force that cover a topic of the rule and count, by title.

    Those withdrawn from a day on are among them: trainings before that may still be shown.
    """
    covering = Q(version__spec__topics__has_any_keys=sorted(rule.topic_codes))
    return [
        row
        for row in _outside_programs(covering)
        if row.approval.accepted and row.approval.basis in LISTED
    ]


def office_programs(offices: "QuerySet[Organization]") -> list[ListedProgram]:
    """The programs these offices keep, by title; those withdrawn come last."""
    basis = Q(version__spec__approval__basis__in=sorted(LISTED))
    rows = _outside_programs(basis & Q(training__owner__in=offices))
    return sorted(rows, key=lambda row: row.is_withdrawn)


def _outside_programs(wanted: Q) -> list[ListedProgram]:
    """Outside trainings whose version in force is wanted, with why they count; two queries."""
    newest = VersionInForce.objects.values("training").annotate(last=Max("pk")).values("last")
    rows = list(
        VersionInForce.objects.filter(wanted, pk__in=newest, training__kind=TrainingKind.OUTSIDE)
        .select_related("version__training__owner")
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
        if said:
            found.append(ListedProgram(row.version, said))
    return found


def proofs_of(facility: Organization) -> "QuerySet[FacilityProof]":
    """The facility's proofs, the newest first, with how many people each is for."""
    return (
        FacilityProof.objects.filter(facility__in=Organization.objects.one_place(facility))
        .select_related("version", "accepted_by")
        .annotate(
            named=Count("people"),
            standing=Count("people", filter=Q(people__completion__revocation__isnull=True)),
        )
    )


def people_of(proof: FacilityProof) -> "QuerySet[ProofPerson]":
    """Whom a proof is for, by name, with what was taken out; without records that were let go."""
    return (
        ProofPerson.objects.filter(proof=proof, employment__released_at__isnull=True)
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
