"""What people are told by mail about assignments: asked, reminded, and the liaison's week.

Each letter is written in its reader's language and leads to a page behind the sign-in: a mail that
is forwarded opens nothing. Somebody without an address reads the same on their page.
"""

from collections.abc import Sequence
from datetime import date

from django.conf import settings
from django.utils import translation

from courses.assignment_selectors import AssignmentStanding, TrainingSummary
from courses.due import day_in_full
from courses.models import Assignment
from lms.core.mail import send_mail_later
from lms.people.models import Organization, Person


def language_of(person: Person) -> str:
    """The person's language if the site speaks it, else the main one."""
    wanted = person.preferred_language
    return wanted if wanted in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def tell_assigned(assignment: Assignment, *, moved: bool) -> None:
    """The agency asks for a training by a day; `moved`: it asked before, for another day."""
    person = assignment.person.canonical
    if not person.email:
        return
    language = language_of(person)
    with translation.override(language):
        day = day_in_full(assignment.due_on)
    send_mail_later(
        key=f"courses.assigned:{assignment.pk}",
        to=person.email,
        template="assigned",
        language=language,
        context={
            "person": person,
            "title": assignment.training.title,
            "agency": assignment.organization.name,
            "office": assignment.training.owner,
            "day": day,
            "moved": moved,
        },
    )


def remind(person: Person, lines: Sequence[AssignmentStanding], *, today: date) -> None:
    """One letter about everything that is open; at most one a day."""
    if not person.email:
        return
    language = language_of(person)
    with translation.override(language):
        rows = [
            {
                "title": line.assignment.training.title,
                "day": day_in_full(line.assignment.due_on),
                "overdue": line.assignment.due_on < today,
            }
            for line in lines
        ]
    send_mail_later(
        key=f"courses.assignments_due:{person.pk}:{today}",
        to=person.email,
        template="assignments_due",
        language=language,
        context={
            "person": person,
            "rows": rows,
            "count": len(rows),
            "agency": lines[0].assignment.organization.name,
            "any_overdue": any(row["overdue"] for row in rows),
        },
    )


def tell_liaison(
    liaison: Person,
    organization: Organization,
    summaries: Sequence[TrainingSummary],
    *,
    week: str,
) -> None:
    """The week at a glance, once a week: numbers for each training, and no names."""
    if not liaison.email:
        return
    send_mail_later(
        key=f"courses.agency_week:{organization.pk}:{liaison.pk}:{week}",
        to=liaison.email,
        template="agency_week",
        language=language_of(liaison),
        context={
            "person": liaison,
            "agency": organization.name,
            "path": f"/agency/{organization.key}/",
            "summaries": summaries,
            "overdue": sum(row.overdue for row in summaries),
            "due_soon": sum(row.due_soon for row in summaries),
        },
    )
