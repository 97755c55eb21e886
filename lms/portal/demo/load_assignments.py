"""The demo's agency at work: what its liaison has assigned, one of it overdue.

Made once, at the first load; what somebody tried in the trial stays.
"""

from datetime import date, datetime, time, timedelta

from courses.models import Assignment, CoursePage
from courses.services import assign
from lms.completions.enums import SourceKind
from lms.completions.services import record_completion
from lms.core.time import NEW_YORK
from lms.people.models import Organization, Person
from lms.trainings.models import Training
from lms.trainings.selectors import version_in_force

# Of the agency's people by name, these have done the course, so many days ago.
DONE_DAYS_AGO = {1: 30, 3: 24, 4: 12, 7: 9}


def load_assignments(*, today: date) -> None:
    """An overdue course, partly done, and a live training due in some days."""
    agency = Organization.objects.get(key="harbor-family")
    if Assignment.objects.filter(organization=agency).exists():
        return
    liaison = Person.objects.get(email="liaison@example.org")
    rows = agency.employments.filter(ended_on__isnull=True).exclude(person=liaison)
    people = [row.person for row in rows.select_related("person").order_by("person__sort_name")]
    course = CoursePage.objects.get(slug="ctdb-elearning", locale__language_code="en").training()
    live = Training.objects.get(title="CTDB training")
    assert course is not None  # noqa: S101 - publishing made it
    version = version_in_force(course)
    assert version is not None  # noqa: S101
    for place, days in DONE_DAYS_AGO.items():
        day = today - timedelta(days=days)
        record_completion(
            person=people[place],
            version=version,
            source_kind=SourceKind.IMPORT,
            source_key=f"demo-agency-{place}",
            occurred_on=day,
            evidence={"why": "Taken over from the agency's earlier training records."},
            now=_at(day),
        )
    first_date = live.sessions.filter(day__gt=today).order_by("day").first()
    assert first_date is not None  # noqa: S101 - the dates are loaded before
    for person in people:
        # Most had four weeks and are late by three days; the learner was asked the other day.
        is_learner = person.email == "learner@example.org"
        assign(
            person=person,
            training=course,
            organization=agency,
            due_on=today + timedelta(days=5 if is_learner else -3),
            actor=liaison,
            now=_at(today - timedelta(days=2 if is_learner else 35)),
        )
        assign(
            person=person,
            training=live,
            organization=agency,
            due_on=first_date.day,
            actor=liaison,
            now=_at(today - timedelta(days=2)),
        )


def _at(day: date) -> datetime:
    """Nine in the morning in New York."""
    return datetime.combine(day, time(9), tzinfo=NEW_YORK)
