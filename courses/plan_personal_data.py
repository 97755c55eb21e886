"""What plans keep about a person, for the registry that exports, erases and merges."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from courses.models import PlanEnrolment
from courses.services import merging
from lms.core.personal_data import Holding, Settling, register
from lms.people.models import Person


def register_holdings() -> None:
    """Announce our rows about people; called once when the app is ready."""
    register(
        Holding(
            name="plans",
            export=export_plans,
            settling=Settling(
                both=merging.plans_of_both,
                settle=merging.settle_plans,
                undo=merging.take_plans_back,
            ),
            said=_("Both follow %(what)s. It goes on as it was joined first."),
            unnamed=_("one plan"),
        )
    )


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
