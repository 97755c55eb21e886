"""Reminding people of what their agency asks for: a week before, a day before, after; then no more.

Safe to run at any time and as often as one likes: each stage of an assignment is told once, each
person gets at most one letter a day, each liaison one a week. A day on which nothing ran is made
good on the next.
"""

import logging
from collections import defaultdict
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from courses import assignment_letters as letters
from courses.assignment_selectors import AssignmentStanding, of_agency, standings, summaries
from courses.due import SOON, stage_on
from courses.models import Assignment, AssignmentReminder
from lms.core.time import new_york_date
from lms.people.enums import Role
from lms.people.models import Organization, Person, RoleAssignment

logger = logging.getLogger("courses.reminders")


def remind_people(*, now: datetime | None = None) -> int:
    """Write to everybody for whom a stage has come that was not told yet; how many letters."""
    now = now or timezone.now()
    today = new_york_date(now)
    near = (
        Assignment.objects.live()
        .while_employed(today)
        .filter(due_on__lte=today + SOON)
        .select_related("person__canonical_person", "training", "organization")
        .prefetch_related("reminders")
    )
    by_person: dict[Person, list[AssignmentStanding]] = defaultdict(list)
    for line in standings(near, today):
        if not line.is_done:
            by_person[line.person].append(line)
    written = 0
    for person, lines in by_person.items():
        try:
            written += _remind(person, lines, today, now)
        except Exception:
            logger.exception("Reminding person %s failed", person.pk)
    return written


@transaction.atomic
def _remind(person: Person, lines: list[AssignmentStanding], today: date, now: datetime) -> bool:
    """One letter if any of the lines has a stage that was not told; all of them are told then."""
    untold = [
        AssignmentReminder(assignment=line.assignment, stage=stage, told_at=now)
        for line in lines
        if (stage := stage_on(line.assignment.due_on, today))
        and stage not in {told.stage for told in line.assignment.reminders.all()}
    ]
    if not untold:
        return False
    # Two runs at once: the other one's rows stand, and the letter's key lets one letter out.
    AssignmentReminder.objects.bulk_create(untold, ignore_conflicts=True)
    letters.remind(person, lines, today=today)
    return bool(person.email)


def tell_liaisons(*, now: datetime | None = None) -> int:
    """Each liaison's week, from Monday on, once; nothing where nothing is open. How many letters.

    The key is the calendar week, so that a Monday without a worker is made good on Tuesday.
    """
    now = now or timezone.now()
    today = new_york_date(now)
    year, number, _day = today.isocalendar()
    held = (
        RoleAssignment.objects.current()
        .filter(role=Role.LIAISON, person__is_active=True)
        .select_related("person", "organization")
        .order_by("organization_id", "person_id")
    )
    by_agency: dict[Organization, list[Person]] = defaultdict(list)
    for row in held:
        by_agency[row.organization].append(row.person.canonical)
    written = 0
    for agency, liaisons in by_agency.items():
        rows = [row for row in summaries(of_agency(agency, today)) if row.done < row.total]
        for liaison in liaisons if rows else []:
            with transaction.atomic():
                letters.tell_liaison(liaison, agency, rows, week=f"{year}-{number}")
            written += 1
    return written
