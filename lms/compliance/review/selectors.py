"""What the state's reviewers ask, and what others ask about them; constant numbers of queries."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Max, Prefetch, Q
from django.db.models.query import QuerySet

from lms.compliance.count_models import CountRun, StandingCount
from lms.compliance.group_models import ConfirmedBy, GroupTraining
from lms.compliance.proof_models import FacilityProof, ProofPerson
from lms.compliance.review_models import (
    Look,
    RecordAccess,
    RecordOpening,
    ReviewSample,
    SampledItem,
    SampleOutcome,
)
from lms.compliance.rules import GBL_205, Rule, get_rule
from lms.compliance.worksheets.selectors import owners_for
from lms.people.models import Employment, Organization, Person


@dataclass(frozen=True)
class Counts:
    """The newest count that is done, and one that is under way."""

    done: CountRun | None
    under_way: CountRun | None


def newest_counts(rule: Rule) -> Counts:
    """One query: a count that is begun stands before the one that was done last."""
    rows = list(CountRun.objects.filter(rule=rule.id).order_by("-day")[:2])
    return Counts(
        done=next((row for row in rows if row.finished_at), None),
        under_way=next((row for row in rows if not row.finished_at), None),
    )


def counties(rule: Rule) -> list[str]:
    """The counties the newest count that is done has, by name; one query."""
    run = CountRun.objects.filter(rule=rule.id, finished_at__isnull=False).order_by("-day").first()
    return sorted(name for name in (run.totals["counties"] if run else {}) if name)


def samples_of(office: Organization) -> "QuerySet[ReviewSample]":
    """The office's samples, the newest first, with how many of each were looked at."""
    return (
        ReviewSample.objects.filter(office=office)
        .select_related("drawn_by")
        .annotate(
            drawn=Count("items", distinct=True),
            looked_at=Count("items", filter=Q(items__outcomes__isnull=False), distinct=True),
        )
        .order_by("-pk")
    )


def items_of(sample: ReviewSample) -> "QuerySet[SampledItem]":
    """What was drawn, in the order of the draw, with what came of it."""
    return (
        SampledItem.objects.filter(sample=sample)
        .select_related(
            "sample__office",
            "organization__canonical_organization",
            "proof__version",
            "worksheet",
            "group__version",
        )
        .prefetch_related(Prefetch("outcomes", SampleOutcome.objects.select_related("said_by")))
        .order_by("place")
    )


@dataclass(frozen=True)
class Rests:
    """What a facility's record rests on, without anybody's name."""

    bases: list[str]
    proofs: list[FacilityProof]
    groups: list[GroupTraining]


def rests_of(facility: Organization, limit: int = 10) -> Rests:
    """Its newest scans and group trainings, and the bases of the newest count; three queries."""
    here = Organization.objects.one_place(facility)
    counted = (
        StandingCount.objects.filter(facility=facility, run__finished_at__isnull=False)
        .order_by("-run__day")
        .first()
    )
    proofs = FacilityProof.objects.filter(facility__in=here).select_related("version")
    groups = GroupTraining.objects.filter(facility__in=here).select_related("version")
    return Rests(counted.bases if counted else [], list(proofs[:limit]), list(groups[:limit]))


def confirmed(group: GroupTraining) -> dict[str, int]:
    """Of a group training how many are listed, and confirmed by PIN or by signature."""
    said = Q(confirmation__was_there=True)
    return group.listings.aggregate(
        listed=Count("pk"),
        by_pin=Count("pk", filter=said & Q(confirmation__how=ConfirmedBy.PIN)),
        by_sheet=Count("pk", filter=said & Q(confirmation__how=ConfirmedBy.SHEET)),
    )


def accesses_of(office: Organization) -> "QuerySet[RecordAccess]":
    """The office's accesses to records, the newest first, each with how often it was used."""
    return _used(RecordAccess.objects.filter(office=office)).select_related("facility", "reviewer")


def accesses_to(facility: Organization) -> "QuerySet[RecordAccess]":
    """The same of a facility, for its managers."""
    here = Organization.objects.one_place(facility)
    return _used(RecordAccess.objects.filter(facility__in=here)).select_related("office")


def _used(rows: "QuerySet[RecordAccess]") -> "QuerySet[RecordAccess]":
    return rows.annotate(
        opened=Count("openings"), last_opened_at=Max("openings__opened_at")
    ).order_by("-pk")


def open_accesses(
    facility: Organization, reviewer: Person, office: Organization, now: datetime
) -> "QuerySet[RecordAccess]":
    """By which the reviewer may read the facility's record now."""
    return RecordAccess.objects.filter(
        facility__in=Organization.objects.one_place(facility),
        reviewer=reviewer,
        office=office,
        until__gt=now,
    )


def outcomes_for(facility: Organization) -> list[SampleOutcome]:
    """What reviewers said last of each thing drawn of a facility or of its company; one query."""
    rows = (
        SampleOutcome.objects.filter(item__organization__in=owners_for(facility))
        .select_related(
            "item__sample__office",
            "item__organization__canonical_organization",
            "item__proof__version",
            "item__worksheet",
            "item__group__version",
        )
        .order_by("item_id", "-id")
        .distinct("item_id")
    )
    return sorted(rows, key=lambda row: row.said_at, reverse=True)


@dataclass(frozen=True)
class OpeningAbout:
    """A reviewer of the state opened something that names a person."""

    at: datetime
    office: str
    facility: str
    ground: str
    words: str
    look: str
    as_of: date | None


def openings_about(person: Person) -> list[OpeningAbout]:
    """Everything reviewers opened that had the person's name in it, the newest first.

    A record names who had to be in it on its day; a scan, whom it was accepted for. What was drawn
    in a sample names nobody, and neither does a worksheet. Three queries.
    """
    people = Person.objects.one_with(person)
    at: dict[int, list[Employment]] = {}
    for employment in Employment.objects.filter(person__in=people):
        at.setdefault(employment.organization_id, []).append(employment)
    if not at:
        return []
    scans = set(
        ProofPerson.objects.filter(employment__person__in=people).values_list("proof_id", flat=True)
    )
    rows = (
        RecordOpening.objects.filter(
            Q(access__facility__in=at) | Q(access__facility__canonical_organization__in=at)
        )
        .select_related("access__office", "access__facility")
        .order_by("-opened_at", "-pk")
    )
    return [
        OpeningAbout(
            at=row.opened_at,
            office=row.access.office.name,
            facility=row.access.facility.name,
            ground=str(row.access.get_ground_display()),
            words=row.access.words,
            look=str(row.get_look_display()),
            as_of=row.as_of,
        )
        for row in rows
        if row.proof_id in scans
        or any(_listed(employment, row) for employment in at.get(_place(row), []))
    ]


def _place(row: RecordOpening) -> int:
    """Where those in the record work now: the place, or the one it turned out to be."""
    facility = row.access.facility
    return facility.canonical_organization_id or facility.pk


def _listed(employment: Employment, row: RecordOpening) -> bool:
    """Whether the record of the opening's day has this employment; recorded by then."""
    if row.look != Look.RECORD or row.as_of is None or employment.recorded_at > row.opened_at:
        return False
    since = get_rule(GBL_205).kept_since(row.as_of)
    still = employment.ended_on is None or employment.ended_on >= since
    return employment.started_on <= row.as_of and still
