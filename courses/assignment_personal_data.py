"""What assignments keep about a person, for the registry that exports, erases and merges."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from courses.models import Assignment
from lms.core.personal_data import Both, Holding, register
from lms.people.models import Person


def register_holdings() -> None:
    """Announce our rows about people; called once when the app is ready."""
    register(
        Holding(
            name="assignments",
            export=export_assignments,
            collisions=both_asked_for_the_same,
            said=_(
                "One agency asks both for %(what)s. Its liaison withdraws one of the two first."
            ),
            unnamed=_("one training"),
        )
    )


def export_assignments(person: Person) -> list[dict[str, Any]]:
    """What agencies asked of the person, and when they were reminded."""
    rows = Assignment.objects.of(person).select_related("training", "organization")
    return [
        {
            "training": row.training.title,
            "agency": row.organization.name,
            "due_on": row.due_on,
            "counts_from": row.counts_from,
            "assigned_at": row.assigned_at,
            "ended_at": row.ended_at,
            "ended_how": row.ended_how,
            "reminded": [{"stage": told.stage, "at": told.told_at} for told in told_of(row)],
        }
        for row in rows.order_by("assigned_at", "pk").prefetch_related("reminders")
    ]


def told_of(row: Assignment) -> list[Any]:
    """The reminders of a row in the order they went out."""
    return sorted(row.reminders.all(), key=lambda told: told.told_at)


def both_asked_for_the_same(one: Person, other: Person) -> list[Both]:
    """Trainings that one agency asks of both rows of one person: one must be withdrawn first."""
    live = Assignment.objects.live()
    theirs = set(live.of(other).values_list("training", "organization"))
    doubles = live.of(one).select_related("training")
    return [
        Both(row.training.title, row.training.owner_id)
        for row in doubles
        if (row.training_id, row.organization_id) in theirs
    ]
