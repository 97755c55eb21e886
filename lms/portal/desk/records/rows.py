"""An import as its page shows it: counts in words, rows that need somebody, what to do next."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lms.completions.import_models import CompletionImport, ImportRow, ImportStatus, RowState
from lms.people.models import Person
from lms.portal.desk.people.reach import offices_of

SHOWN = 50
PILLS = {
    ImportStatus.UPLOADED: "soon",
    ImportStatus.CHECKING: "neutral",
    ImportStatus.CHECKED: "soon",
    ImportStatus.IMPORTING: "neutral",
    ImportStatus.IMPORTED: "ok",
    ImportStatus.UNDOING: "neutral",
    ImportStatus.UNDONE: "overdue",
}


def imports_of(person: Person) -> "QuerySet[CompletionImport]":
    """The files of the person's offices, the newest first."""
    return CompletionImport.objects.filter(office__in=offices_of(person)).select_related(
        "office", "uploaded_by"
    )


@dataclass(frozen=True)
class Counts:
    """How many rows are in which state."""

    by_state: dict[str, int]

    def of(self, *states: RowState) -> int:
        """The rows in any of these states."""
        return sum(self.by_state.get(state.value, 0) for state in states)

    @property
    def ready(self) -> int:
        return self.of(RowState.READY)

    @property
    def imported(self) -> int:
        return self.of(RowState.IMPORTED)

    @property
    def no_person(self) -> int:
        return self.of(RowState.NO_PERSON)

    @property
    def no_training(self) -> int:
        return self.of(RowState.NO_TRAINING)

    @property
    def problems(self) -> int:
        return self.of(RowState.PROBLEM)

    @property
    def lines(self) -> list[str]:
        """What is not taken over, in words; only what there is."""
        said = [
            (
                self.of(RowState.KNOWN),
                ngettext(
                    "%(count)d row is in the record already.",
                    "%(count)d rows are in the record already.",
                    self.of(RowState.KNOWN),
                ),
            ),
            (
                self.of(RowState.NOT_DONE),
                ngettext(
                    "%(count)d row is not a completion.",
                    "%(count)d rows are not completions.",
                    self.of(RowState.NOT_DONE),
                ),
            ),
            (
                self.of(RowState.LEFT_OUT),
                ngettext(
                    "%(count)d row is left out, as you said.",
                    "%(count)d rows are left out, as you said.",
                    self.of(RowState.LEFT_OUT),
                ),
            ),
        ]
        return [words % {"count": count} for count, words in said if count]


def counts_of(batch: CompletionImport) -> Counts:
    """One query."""
    rows = batch.rows.values("state").annotate(rows=Count("pk")).order_by()
    return Counts({row["state"]: row["rows"] for row in rows})


def progress_in_words(batch: CompletionImport) -> str:
    """How far the worker is."""
    return _("%(done)s of %(total)s rows") % {"done": batch.done, "total": batch.total}


def troubled(batch: CompletionImport) -> list[ImportRow]:
    """The first rows that cannot be read, in the file's order."""
    return list(batch.rows.filter(state=RowState.PROBLEM)[:SHOWN])


def header() -> list[str]:
    """The columns of the file of rows."""
    return [_("Row"), _("What becomes of it"), _("Why"), _("Person"), _("Training"), _("Day")]


def cells(row: ImportRow) -> list[Any]:
    """A row of that file."""
    values = row.values
    name = f"{values['first_name']} {values['last_name']}".strip()
    return [
        row.number,
        row.get_state_display(),
        row.note,
        name or values["email"] or values["user_id"],
        values["title"],
        values["day"],
    ]
