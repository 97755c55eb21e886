"""Where an agency's people stand, as a table: on the page, as CSV, as a spreadsheet."""

from collections.abc import Iterable
from typing import Any

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from courses.assignment_selectors import AssignmentStanding, Done
from courses.enums import AssignmentState
from lms.completions.enums import SourceKind
from lms.core.tables import csv_response, xlsx_response
from lms.core.time import new_york_date, short_date

PILLS = {
    AssignmentState.OVERDUE: "overdue",
    AssignmentState.DUE_SOON: "soon",
    AssignmentState.DONE: "ok",
}


def state_words(line: AssignmentStanding) -> str:
    """How a line reads: "Due Friday", "Overdue since Nov. 20, 2026", "Done Nov. 3, 2026"."""
    if line.done is None:
        return line.words[:1].upper() + line.words[1:]
    return _("Done %(day)s") % {"day": short_date(line.done.on)}


def note(done: Done | None) -> str:
    """Where a completion was not recorded by the training itself."""
    return source_note(done.source_kind) if done else ""


def source_note(source_kind: str) -> str:
    """What is said beside a completion that somebody entered; empty for all others."""
    if source_kind == SourceKind.STAFF_ENTRY:
        return _("Entered by the office")
    if source_kind == SourceKind.WAIVER:
        return _("Waived by the office: need not take it")
    return ""


def rows_for_page(lines: Iterable[AssignmentStanding]) -> list[dict[str, Any]]:
    """The lines with their words, for templates."""
    return [
        {
            "line": line,
            "person": line.person,
            "pill": PILLS.get(line.state, "neutral"),
            "words": state_words(line),
            "note": note(line.done),
        }
        for line in lines
    ]


def table_response(
    lines: Iterable[AssignmentStanding], *, ending: str, filename: str
) -> HttpResponse:
    """The lines as a file; the same columns in both kinds. 404 for a kind we do not write."""
    header = [
        _("Name"), _("E-mail"), _("Training"), _("Assigned on"), _("Due by"), _("Standing"),
        _("Done on"), _("Note"),
    ]  # fmt: skip
    labels = {state: str(state.label) for state in AssignmentState}
    rows = [
        [
            str(line.person),
            line.person.email or "",
            line.assignment.training.title,
            new_york_date(line.assignment.assigned_at),
            line.assignment.due_on,
            labels[line.state],
            line.done.on if line.done else "",
            note(line.done),
        ]
        for line in lines
    ]
    if ending == "csv":
        return csv_response(rows, header=header, filename=f"{filename}.csv")
    if ending == "xlsx":
        return xlsx_response(rows, header=header, filename=f"{filename}.xlsx")
    raise Http404
