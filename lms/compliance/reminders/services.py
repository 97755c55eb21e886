"""Reminding of what GBL 205 asks for: employees before and after the day, managers in digests.

Safe to run at any time and as often as one likes: each stage of a due day is told once, each
manager gets at most one letter a day for a facility and one a week. Where every employee stands is
computed when the letter is written, so that nobody is reminded of what is met. A day on which
nothing ran is made good on the next.
"""

import logging
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from lms.compliance.enums import StandingState
from lms.compliance.reminder_models import DutyReminder, DutyStage, WeekTold
from lms.compliance.reminders import letters
from lms.compliance.rules import Rule, get_rule
from lms.compliance.selectors import (
    EmployeeStanding,
    FacilitySummary,
    company_summary,
    facility_summaries,
    standings,
)
from lms.core.time import new_york_date
from lms.notices.enums import NoticeKind
from lms.notices.selectors import declined
from lms.people.enums import OrganizationKind, Role
from lms.people.models import (
    Employment,
    EmploymentPeriod,
    Organization,
    Person,
    RoleAssignment,
)
from lms.people.querysets import EmploymentQuerySet

logger = logging.getLogger("compliance.reminders")

# In the last days the letter to the manager goes out too.
LAST_DAYS = timedelta(days=3)
# As the rule sets have it; for those whose training does not count here.
SOON = timedelta(days=14)
# After this nobody is written to as if it had just happened: a list of old staff that is taken over
# must not become two hundred letters. The week's letter still counts them.
FRESH = timedelta(days=14)
AT_ONCE = 50


def stage_of(line: EmployeeStanding, today: date) -> DutyStage | None:
    """What there is to tell today of one employee; None for nothing, or nothing any more."""
    standing = line.standing
    if standing.due_on is None or standing.last_day is None:
        return None
    again = standing.must_train_again and today >= standing.due_on - SOON
    if standing.state == StandingState.OVERDUE or (again and today > standing.last_day):
        return DutyStage.OVERDUE if today <= standing.last_day + FRESH else None
    if standing.state != StandingState.DUE_SOON and not again:
        return None
    return DutyStage.LAST_DAYS if today >= standing.due_on - LAST_DAYS else DutyStage.SOON


def remind_of_duties(*, now: datetime | None = None) -> int:
    """Write to employees and managers what has come since it was last told; how many stages."""
    now = now or timezone.now()
    today, rule = new_york_date(now), get_rule()
    told = 0
    for places in _batches(_facilities_with(_near(rule, today))):
        near = _near(rule, today).filter(organization__in=places)
        lines = standings(facilities=places, rule=rule, as_of=today, employments=near)
        untold = _untold(lines, rule, today)
        managers = _who_answers([place for place in places if untold[place.pk]], Role.MANAGER)
        for place in places:
            if not untold[place.pk]:
                continue
            try:
                _tell_place(place, untold[place.pk], managers[place.pk], rule, now=now)
            except Exception:
                logger.exception("Reminding facility %s failed", place.pk)
            else:
                told += len(untold[place.pk])
    return told


def tell_week(*, now: datetime | None = None) -> int:
    """The week's letters to managers and companies, once a calendar week; how many places told.

    From Monday on; a Monday without a worker is made good on Tuesday. Nothing is sent where nothing
    is open.
    """
    now = now or timezone.now()
    today, rule = new_york_date(now), get_rule()
    year, number, _day = today.isocalendar()
    week = f"{year}-W{number:02}"
    told = 0
    waiting = Organization.objects.exclude(weeks_told__week=week).order_by("pk")
    for places in _batches(waiting.facilities().select_related("facility_profile")):
        managers = _who_answers(places, Role.MANAGER)
        answered = [place for place in places if managers[place.pk]]
        rows = {row.facility.pk: row for row in facility_summaries(answered, rule, today)}
        for place in places:
            row = [rows[place.pk]] if place.pk in rows else []
            told += _tell_week_of(place, managers[place.pk], row, week, now)
    for companies in _batches(waiting.filter(kind=OrganizationKind.COMPANY)):
        managers = _who_answers(companies, Role.COMPANY_MANAGER)
        for company in companies:
            answering = managers[company.pk]
            lines = company_summary(company, rule, today) if answering else []
            told += _tell_week_of(company, answering, lines, week, now)
    return told


def _near(rule: Rule, today: date) -> EmploymentQuerySet:
    """Employments whose day may be near: hired, or in a post, for not longer than the count."""
    since = today - timedelta(days=rule.deadline.days) - FRESH - timedelta(days=7)
    lately = EmploymentPeriod.objects.filter(starts_on__gte=since).values("employment")
    return Employment.objects.filter(
        Q(ended_on__isnull=True) | Q(ended_on__gte=today),
        Q(started_on__gte=since) | Q(pk__in=lately),
        started_on__lte=today,
    ).select_related("person__canonical_person")


def _facilities_with(employments: EmploymentQuerySet) -> QuerySet[Organization]:
    return (
        Organization.objects.facilities()
        .filter(pk__in=employments.values("organization"))
        .select_related("facility_profile")
        .order_by("pk")
    )


def _batches(places: QuerySet[Organization]) -> Iterator[list[Organization]]:
    """The places in handfuls, so that each asks the same few queries."""
    found = list(places)
    for start in range(0, len(found), AT_ONCE):
        yield found[start : start + AT_ONCE]


def _who_answers(places: Iterable[Organization], role: Role) -> dict[int, list[Person]]:
    """Those who hold the role for each place and want its letters; two queries."""
    held = (
        RoleAssignment.objects.current()
        .filter(role=role, organization__in=places, person__is_active=True)
        .select_related("person__canonical_person")
        .order_by("pk")
    )
    found: dict[int, list[Person]] = defaultdict(list)
    for row in held:
        if row.person.canonical.email:
            found[row.organization_id].append(row.person.canonical)
    everyone = {person.pk for people in found.values() for person in people}
    quiet = declined(NoticeKind.DUTY_DIGEST, everyone) if everyone else set()
    return defaultdict(
        list,
        {
            pk: [person for person in dict.fromkeys(people) if person.pk not in quiet]
            for pk, people in found.items()
        },
    )


def _untold(
    lines: Sequence[EmployeeStanding], rule: Rule, today: date
) -> dict[int, list[DutyReminder]]:
    """The stages that have come and were not told, not yet written, by facility; one query."""
    staged = [
        DutyReminder(employment=line.employment, rule=rule.id, due_on=due_on, stage=stage)
        for line in lines
        if (due_on := line.standing.due_on) and (stage := stage_of(line, today))
    ]
    known = set(
        DutyReminder.objects.filter(
            employment__in=[row.employment_id for row in staged], rule=rule.id
        ).values_list("employment", "due_on", "stage")
        if staged
        else ()
    )
    found: dict[int, list[DutyReminder]] = defaultdict(list)
    for row in staged:
        if (row.employment_id, row.due_on, row.stage) not in known:
            found[row.employment.organization_id].append(row)
    return found


@transaction.atomic
def _tell_place(
    place: Organization,
    untold: list[DutyReminder],
    managers: list[Person],
    rule: Rule,
    *,
    now: datetime,
) -> None:
    """Keep what is told of one facility, and write the letters."""
    for row in untold:
        row.told_at = now
    # Two runs at once: the other one's rows stand, and the letters' keys let one out.
    DutyReminder.objects.bulk_create(untold, ignore_conflicts=True)
    people = [row.employment.person.canonical for row in untold]
    quiet = declined(NoticeKind.DUTY_DUE, {person.pk for person in people})
    for row, person in zip(untold, people, strict=True):
        if person.is_active and person.pk not in quiet:
            letters.remind_employee(person, row, rule, facility=place)
    counts = Counter(row.stage for row in untold)
    last_days, overdue = counts[DutyStage.LAST_DAYS], counts[DutyStage.OVERDUE]
    if last_days or overdue:
        letters.tell_managers_today(
            managers, place, last_days=last_days, overdue=overdue, today=new_york_date(now)
        )


@transaction.atomic
def _tell_week_of(
    place: Organization,
    managers: list[Person],
    rows: Sequence[FacilitySummary],
    week: str,
    now: datetime,
) -> bool:
    """The letter for a facility (one row) or a company (several), if this week's is not out yet."""
    _row, new = WeekTold.objects.get_or_create(
        organization=place, week=week, defaults={"told_at": now}
    )
    needing = [row for row in rows if row.summary.needing_action]
    if not new or not needing:
        return False
    letters.tell_week(managers, place, needing, week=week)
    return True
