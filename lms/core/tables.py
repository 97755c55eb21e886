"""Tables as files: what a spreadsheet opens, and nothing a spreadsheet would run."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.http import HttpResponse
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.utils import get_column_letter

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


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def xlsx_bytes(rows: Iterable[Sequence[Any]], header: Sequence[Any], *, title: str = "") -> bytes:
    """The table as a spreadsheet: days and numbers as such, text never as a formula."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None  # noqa: S101 - a new book has one sheet
    sheet.title = "".join(c for c in title if c not in "[]:*?/\\")[:31] or "Table"
    widths = [len(str(cell)) for cell in header]
    for number, row in enumerate([header, *rows], start=1):
        for place, value in enumerate(row, start=1):
            cell = sheet.cell(row=number, column=place)
            cell.value = value if isinstance(value, int | float | date) else _plain(value)
            if isinstance(cell.value, str):
                # Else a text that begins with "=" would be worked out when the file is opened.
                cell.data_type = "s"
            widths[place - 1] = max(widths[place - 1], len(str(value or "")))
    for place, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = min(width + 2, 60)
    sheet.freeze_panes = "A2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _plain(value: Any) -> str:
    """The cell's text without the control characters that a spreadsheet's file cannot hold."""
    return ILLEGAL_CHARACTERS_RE.sub("", "" if value is None else str(value))


def xlsx_response(
    rows: Iterable[Sequence[Any]], *, header: Sequence[Any], filename: str, title: str = ""
) -> HttpResponse:
    """The table as a spreadsheet to save under `filename` (ending in .xlsx)."""
    response = HttpResponse(xlsx_bytes(rows, header, title=title), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    response["Cache-Control"] = "private, no-store"
    return response
