"""What the ledger keeps about a person, for the registry that exports, erases and merges."""

from typing import Any

from lms.completions.models import Completion
from lms.core.personal_data import Holding, register
from lms.people.models import Person


def register_holdings() -> None:
    """Announce our rows about people; called once when the app is ready."""
    register(Holding(name="completions", export=export_completions))


def export_completions(person: Person) -> list[dict[str, Any]]:
    """What the person completed or was excused from, with what it rests on."""
    rows = Completion.objects.of(person).select_related("training", "revocation", "staff_entry")
    return [
        {
            "training": row.training.title,
            "source": row.source_kind,
            "occurred_on": row.occurred_on,
            "recorded_at": row.recorded_at,
            "evidence": row.evidence,
            "entered_because": row.staff_entry.reason if hasattr(row, "staff_entry") else "",
            "taken_back_at": row.revocation.revoked_at if hasattr(row, "revocation") else None,
        }
        for row in rows
    ]
