"""What the ledger keeps about a person, for the registry that exports, erases and merges."""

from typing import Any

from lms.completions.import_models import ImportRow
from lms.completions.models import Completion
from lms.core.personal_data import Holding, register
from lms.people.models import Person


def register_holdings() -> None:
    """Announce our rows about people; called once when the app is ready."""
    register(Holding(name="completions", export=export_completions))
    register(Holding(name="completion_imports", export=export_import_rows))


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


def export_import_rows(person: Person) -> list[dict[str, Any]]:
    """What files of other systems said of the person, as it was read."""
    rows = ImportRow.objects.filter(person__in=Person.objects.one_with(person))
    return [
        {"system": row.batch.system, "file": row.batch.name, "row": row.number, **row.values}
        for row in rows.select_related("batch")
    ]
