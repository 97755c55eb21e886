"""Random samples: drawn by a seed, so that anyone can draw the same again, and kept as drawn.

The order is that of SHA-256 over "seed:kind:number". It depends on nothing but the seed and what is
drawn, so when the population has changed, what stayed keeps its order among itself.
"""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.compliance.count_models import CountRun, ShownBy, StandingCount
from lms.compliance.enums import Basis, WorksheetStatus
from lms.compliance.group_models import GroupTraining
from lms.compliance.proof_models import FacilityProof
from lms.compliance.review_models import ReviewSample, SampledItem, SampleKind
from lms.compliance.worksheet_models import Worksheet
from lms.core import audit
from lms.core.canonical import digest
from lms.core.exceptions import Refused
from lms.core.locking import lock
from lms.people.models import Organization, Person

MOST = 50
# Without letters and digits that look alike on paper.
_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
_SEED_LENGTH = 8
# Where something drawn lies, by its kind: the county of its facility.
_COUNTY = {
    SampleKind.FACILITIES: "county__iexact",
    SampleKind.SCANS: "facility__county__iexact",
    SampleKind.WORKSHEETS: "organization__county__iexact",
    SampleKind.GROUPS: "facility__county__iexact",
}
# What a frozen version calls a basis.
_FROZEN: dict[str, str] = {ShownBy.OWN: Basis.OWN_WITH_WORKSHEET}


def new_seed() -> str:
    """A seed nobody chose."""
    return "".join(secrets.choice(_ALPHABET) for _place in range(_SEED_LENGTH))


def ordered(seed: str, kind: SampleKind, numbers: Sequence[int]) -> list[int]:
    """The numbers in the order in which the seed draws them."""
    return sorted(
        numbers, key=lambda number: hashlib.sha256(f"{seed}:{kind}:{number}".encode()).digest()
    )


def population(kind: SampleKind, *, county: str = "", basis: str = "") -> list[int]:
    """The numbers of everything that may be drawn, ascending; one query, of facilities two."""
    everything: dict[SampleKind, QuerySet[Any]] = {
        SampleKind.FACILITIES: Organization.objects.facilities(),
        SampleKind.SCANS: FacilityProof.objects.all(),
        SampleKind.WORKSHEETS: Worksheet.objects.filter(status=WorksheetStatus.ATTESTED),
        SampleKind.GROUPS: GroupTraining.objects.all(),
    }
    found = everything[kind]
    if county:
        # As the count has it: "Warren" is what somebody typed as "Warren County" too.
        name = _COUNTY[kind]
        found = found.filter(Q(**{name: county}) | Q(**{name: f"{county} county"}))
    if basis and kind == SampleKind.FACILITIES:
        newest = CountRun.objects.filter(finished_at__isnull=False).order_by("-day").first()
        counted = StandingCount.objects.filter(run=newest, bases__contains=[basis])
        found = found.filter(pk__in=counted.values("facility"))
    elif basis and (kind, basis) != (SampleKind.SCANS, ShownBy.SCAN):
        found = found.filter(version__spec__approval__basis=_FROZEN.get(basis, basis))
    return sorted(found.order_by().values_list("pk", flat=True))


@transaction.atomic
def draw(
    *,
    office: Organization,
    kind: SampleKind,
    size: int,
    reason: str,
    county: str = "",
    basis: str = "",
    seed: str = "",
    actor: Person,
    now: datetime | None = None,
) -> ReviewSample:
    """Draw `size` of what there is, or all where there are fewer; without a seed by a new one.

    The very same again, by anybody of the office, is the sample that is there; with the same seed
    among others than then it is a new one. Raises Refused for a size under 1 or over MOST, without
    a reason, and where there is nothing to draw ("nobody").
    """
    now = now or timezone.now()
    reason, seed = " ".join(reason.split()), "".join(seed.split())
    if not 1 <= size <= MOST:
        raise Refused(_("Draw between 1 and %(most)s.") % {"most": MOST}, code="size")
    if not reason:
        raise Refused(_("Say why the sample is drawn."), code="reason")
    office = lock(office)  # so that two who draw the same at once draw one
    numbers = population(kind, county=county, basis=basis)
    if not numbers:
        raise Refused(_("There is nothing of this kind to draw from."), code="nobody")
    said = {"office": office, "kind": kind, "county": county, "basis": basis, "size": size}
    sha256 = digest(numbers)
    if seed:
        known = ReviewSample.objects.filter(**said, seed=seed, population_sha256=sha256).first()
        if known:
            return known
    sample = ReviewSample.objects.create(
        **said,
        seed=seed or new_seed(),
        reason=reason,
        population=len(numbers),
        population_sha256=sha256,
        drawn_by=actor,
        drawn_at=now,
    )
    chosen = ordered(sample.seed, kind, numbers)[:size]
    SampledItem.objects.bulk_create(_items(sample, chosen))
    audit.record(
        "sample.drawn",
        sample,
        actor=actor,
        now=now,
        kind=kind.value,
        drawn=len(chosen),
        population=len(numbers),
        sha256=sha256,
    )
    return sample


def _items(sample: ReviewSample, chosen: list[int]) -> list[SampledItem]:
    kind = SampleKind(sample.kind)
    if kind == SampleKind.FACILITIES:
        return [
            SampledItem(sample=sample, place=place, organization_id=number)
            for place, number in enumerate(chosen, 1)
        ]
    of: dict[SampleKind, tuple[str, str, Any]] = {
        SampleKind.SCANS: ("proof", "facility_id", FacilityProof.objects),
        SampleKind.WORKSHEETS: ("worksheet", "organization_id", Worksheet.objects),
        SampleKind.GROUPS: ("group", "facility_id", GroupTraining.objects),
    }
    name, owner, rows = of[kind]
    whose = dict(rows.filter(pk__in=chosen).values_list("pk", owner))
    return [
        SampledItem(
            sample=sample, place=place, organization_id=whose[number], **{f"{name}_id": number}
        )
        for place, number in enumerate(chosen, 1)
    ]


@transaction.atomic
def note_material(*, item: SampledItem, actor: Person, now: datetime | None = None) -> None:
    """Note that a reviewer took the material of a worksheet that was drawn."""
    audit.record("sample.material_opened", item, actor=actor, now=now, worksheet=item.worksheet_id)
