"""Counts where everybody stands, once a day, in parts: over 150,000 people nobody waits for it.

A part is one transaction: some facilities are counted and the cursor moves on, so whoever comes
after a worker that was killed goes on there, and two workers at once count nothing twice.
"""

import time
from collections import Counter, defaultdict
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from lms.compliance.count_models import CountRun, ShownBy, StandingCount
from lms.compliance.enums import Basis, StandingState
from lms.compliance.facts import TrainingFact
from lms.compliance.rules import Rule
from lms.compliance.selectors import EmployeeStanding, standings
from lms.compliance.standing import Standing
from lms.core.locking import lock
from lms.core.time import new_york_date
from lms.people.models import Organization

# Facilities in one part: some two thousand people, a second or two.
PART = 50
# Days whose numbers are kept for each facility: those shown, and those being counted.
KEPT_RUNS = 2

# From strong to weak: a standing rests on the weakest of its trainings.
_STRENGTH = [
    ShownBy.STATE_MADE,
    ShownBy.STATE_LISTED,
    ShownBy.OWN,
    ShownBy.OTHER,
    ShownBy.SCAN,
    ShownBy.NOT_SHOWN,
]
_BY_BASIS = {
    Basis.STATE_MADE: ShownBy.STATE_MADE,
    Basis.STATE_LISTED: ShownBy.STATE_LISTED,
    Basis.OWN_WITH_WORKSHEET: ShownBy.OWN,
    Basis.OTHER: ShownBy.OTHER,
}
MET, NOT_PROVEN, DUE, OVERDUE = "met", "not_proven", "due", "overdue"
SHOWN_STATES = {
    **dict.fromkeys(StandingState.met(), MET),
    StandingState.TRAINED_NOT_PROVEN: NOT_PROVEN,
    StandingState.DUE: DUE,
    StandingState.DUE_SOON: DUE,
    StandingState.OVERDUE: OVERDUE,
}


def shown_by(standing: Standing) -> str:
    """What a standing rests on; empty where nobody is trained."""
    if standing.state not in StandingState.trained():
        return ""
    found = [_basis_of(training) for training in standing.trainings]
    return max(found, key=_STRENGTH.index, default=ShownBy.NOT_SHOWN)


def _basis_of(training: TrainingFact) -> ShownBy:
    approval = training.approval
    if approval is None or not approval.accepted:
        return ShownBy.NOT_SHOWN
    if approval.taken_by:
        return ShownBy.SCAN
    return _BY_BASIS.get(Basis(approval.basis), ShownBy.NOT_SHOWN)


def count_standings(
    *, rule: Rule, now: datetime | None = None, seconds: float | None = None
) -> CountRun:
    """Count the New York day of `now`, or go on with it, at most for `seconds`; done is done."""
    now = now or timezone.now()
    until = time.monotonic() + seconds if seconds is not None else None
    run = _begun(rule, new_york_date(now), now)
    while run.finished_at is None:
        run = count_part(run=run, rule=rule, now=now)
        if until is not None and time.monotonic() >= until:
            break
    return run


@transaction.atomic
def _begun(rule: Rule, day: date, now: datetime) -> CountRun:
    run, created = CountRun.objects.get_or_create(
        rule=rule.id,
        day=day,
        defaults={
            "begun_at": now,
            "facilities_total": Organization.objects.facilities().count(),
        },
    )
    if created:
        # A day that ended before its count did is shown by nobody.
        CountRun.objects.filter(rule=rule.id, day__lt=day, finished_at__isnull=True).delete()
    return run


@transaction.atomic
def count_part(*, run: CountRun, rule: Rule, now: datetime) -> CountRun:
    """Count the next facilities of the run; after the last of them add up and finish it."""
    run = lock(run)
    if run.finished_at is not None:
        return run
    places = list(
        Organization.objects.facilities()
        .filter(pk__gt=run.cursor)
        .select_related("facility_profile")
        .order_by("pk")[:PART]
    )
    if not places:
        return _finished(run, now)
    lines: dict[int, list[EmployeeStanding]] = defaultdict(list)
    for line in standings(facilities=places, rule=rule, as_of=run.day):
        lines[line.employment.organization_id].append(line)
    StandingCount.objects.bulk_create(_count(run, place, lines[place.pk]) for place in places)
    run.cursor = places[-1].pk
    run.facilities_done += len(places)
    run.facilities_total = max(run.facilities_total, run.facilities_done)
    run.save(update_fields=["cursor", "facilities_done", "facilities_total"])
    return run


def _count(run: CountRun, place: Organization, lines: list[EmployeeStanding]) -> StandingCount:
    counted = Counter(
        (
            line.standing.state.value,
            str(shown_by(line.standing)),
            f"{line.employment.started_on:%Y-%m}",
        )
        for line in lines
    )
    return StandingCount(
        run=run,
        facility=place,
        county=county_of(place),
        counts=[[*key, people] for key, people in sorted(counted.items())],
        bases=sorted({basis for _state, basis, _month in counted if basis}),
    )


def county_of(place: Organization) -> str:
    """The county as it is counted: "warren County " is "Warren"."""
    words = place.county.split()
    if len(words) > 1 and words[-1].casefold() == "county":
        words.pop()
    return " ".join(word[:1].upper() + word[1:] for word in words)


def _finished(run: CountRun, now: datetime) -> CountRun:
    run.totals = totals_of(run)
    run.facilities_total = run.facilities_done
    run.finished_at = max(now, run.begun_at)
    run.save(update_fields=["totals", "facilities_total", "finished_at"])
    kept = CountRun.objects.filter(rule=run.rule).order_by("-day").values_list("pk", flat=True)
    StandingCount.objects.filter(run__rule=run.rule).exclude(
        run__in=list(kept[:KEPT_RUNS])
    ).delete()
    return run


def totals_of(run: CountRun) -> dict[str, Any]:
    """All facilities added up, for pages that show the whole state.

    `counties`: of each its facilities and how many stand where. `hired`: by month of hire how many
    stand where on which basis. Employees the rule is not asked of are in neither.
    """
    counties: dict[str, Counter[str]] = defaultdict(Counter)
    places: Counter[str] = Counter()
    hired: dict[str, Counter[str]] = defaultdict(Counter)
    rows = StandingCount.objects.filter(run=run).values_list("county", "counts")
    for county, counts in rows.iterator(chunk_size=1000):
        places[county] += 1
        for state, basis, month, people in counts:
            shown = SHOWN_STATES.get(state)
            if shown:
                counties[county][shown] += people
                hired[month][f"{shown} {basis}".strip()] += people
    return {
        "counties": {
            county: {"facilities": places[county], "people": dict(counties[county])}
            for county in sorted(places)
        },
        "hired": {month: dict(hired[month]) for month in sorted(hired)},
    }
