"""Tables as files: what a spreadsheet opens, and nothing a spreadsheet would run."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpResponse

# A cell that begins like this is a formula to a spreadsheet (CSV injection).
_STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def guarded(value: Any) -> str:
    """The cell's text; an apostrophe before what a spreadsheet would take for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_STARTS_FORMULA) else text


def csv_text(rows: Iterable[Sequence[Any]], header: Sequence[Any]) -> str:
    """The table as CSV, every cell guarded; begins with the mark by which Excel knows UTF-8."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([guarded(cell) for cell in header])
    writer.writerows([guarded(cell) for cell in row] for row in rows)
    return "\ufeff" + out.getvalue()


def csv_response(
    rows: Iterable[Sequence[Any]], *, header: Sequence[Any], filename: str
) -> HttpResponse:
    """The table as a file to save under `filename` (ending in .csv)."""
    response = HttpResponse(csv_text(rows, header), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    response["Cache-Control"] = "private, no-store"
    return response
