"""What plans keep about a person, for the registry that exports, erases and merges."""

from typing import Any

from courses.models import PlanEnrolment
from lms.core.personal_data import Holding, register
from lms.people.models import Person


def register_holdings() -> None:
    """Announce our rows about people; called once when the app is ready."""
    register(Holding(name="plans", export=export_plans, collisions=both_following))


def export_plans(person: Person) -> list[dict[str, Any]]:
    """The plans the person joined."""
    rows = PlanEnrolment.objects.visible_to(person).select_related("training", "version")
    return [
        {
            "plan": row.training.title,
            "version": row.version.number,
            "status": row.status,
            "started_at": row.started_at,
            "completed_at": row.completed_at,
        }
        for row in rows
    ]


def both_following(one: Person, other: Person) -> list[str]:
    """Plans that both rows of one person follow: one must be left first."""
    theirs = PlanEnrolment.objects.active().filter(person=other).values("training")
    doubles = PlanEnrolment.objects.active().filter(person=one, training__in=theirs)
    return [row.training.title for row in doubles.select_related("training")]
