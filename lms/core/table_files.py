"""Tables that people hand in: CSV as spreadsheets write it, and XLSX. Every cell comes as text.

What a file holds is never trusted: its size is bounded before and after unpacking, formulas give
the value the spreadsheet saved with them, macros are refused.
"""

import csv
import io
import zipfile
from datetime import date, datetime, time
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import load_workbook

from lms.core.exceptions import Refused

MAX_BYTES = 20 * 1024 * 1024
MAX_UNPACKED_BYTES = 300 * 1024 * 1024
MAX_COLUMNS = 100
ENDINGS = (".csv", ".txt", ".tsv", ".xlsx")
_DELIMITERS = (",", ";", "\t", "|")
Table = list[tuple[int, list[str]]]


def check_table_file(name: str, size: int, start: bytes) -> None:
    """Refuse at once what cannot be a table: by its name, its size and how it begins.

    Raises Refused: "empty", "too_large", "macros", "old_workbook", "not_a_table".
    """
    ending = name.lower().rpartition(".")[2]
    if not size:
        raise Refused(_("The file is empty."), code="empty")
    if size > MAX_BYTES:
        raise Refused(
            _("The file is larger than 20 MB. Save only the sheet with the list and try again."),
            code="too_large",
        )
    if ending in {"xlsm", "xltm", "xlsb"}:
        raise Refused(
            _("This spreadsheet may carry a program (macros). Save it as .xlsx or .csv, please."),
            code="macros",
        )
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise Refused(
            _(
                "This spreadsheet is in the old format or has a password. Open it, save it as "
                ".xlsx or .csv without a password, and upload that."
            ),
            code="old_workbook",
        )
    is_archive = start.startswith(b"PK\x03\x04")
    looks_binary = b"\x00" in start and not start.startswith((b"\xff\xfe", b"\xfe\xff"))
    if not name.lower().endswith(ENDINGS) or (
        not is_archive if ending == "xlsx" else is_archive or looks_binary
    ):
        raise Refused(
            _("This is not a table. Upload the list as .xlsx or .csv."), code="not_a_table"
        )


def read_table(content: bytes, name: str, *, max_rows: int) -> Table:
    """The rows that hold anything, with their number in the file, counted from 1.

    Of a workbook, its first sheet with more than one row; empty cells at the end fall away. Days
    come as 2026-11-30. Raises Refused as `check_table_file` does, and "damaged", "too_long",
    "unpacks_too_large", "no_rows".
    """
    check_table_file(name, len(content), content[:4096])
    rows = _workbook(content, max_rows) if name.lower().endswith(".xlsx") else _text(content)
    found = [(number, cells) for number, cells in rows if any(cells)]
    if len(found) > max_rows:
        _refuse_long(max_rows)
    if len(found) < 2:
        raise Refused(_("The file holds no rows below its heading."), code="no_rows")
    return found


def _refuse_long(max_rows: int) -> None:
    raise Refused(
        _("The file has more than %(count)s rows. Split it, and upload one part after the other.")
        % {"count": max_rows},
        code="too_long",
    )


def _text(content: bytes) -> Table:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "cp1252", "latin-1"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise _damaged()
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    if lines.startswith("sep="):
        lines = "\n" + lines.partition("\n")[2]
    sample = "\n".join(lines.split("\n")[:30])
    delimiter = max(_DELIMITERS, key=lambda mark: (sample.count(mark), -_DELIMITERS.index(mark)))
    try:
        return [
            (number, [_clean(cell) for cell in row[:MAX_COLUMNS]])
            for number, row in enumerate(
                csv.reader(io.StringIO(lines), delimiter=delimiter), start=1
            )
        ]
    except csv.Error as error:
        raise _damaged() from error


def _workbook(content: bytes, max_rows: int) -> Table:
    try:
        _check_archive(content)
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        for sheet in book.worksheets:
            rows = _sheet(sheet, max_rows)
            if len(rows) > 1:
                return rows
    except Refused:
        raise
    except Exception as error:  # whatever a broken archive makes the library raise
        raise _damaged() from error
    return []


def _check_archive(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = archive.infolist()
    if any(part.filename.lower().endswith("vbaproject.bin") for part in parts):
        raise Refused(
            _("This spreadsheet carries a program (macros). Save it as .csv, please."),
            code="macros",
        )
    if sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
        raise Refused(
            _("This spreadsheet is too large inside. Save its list as .csv, please."),
            code="unpacks_too_large",
        )


def _sheet(sheet: Any, max_rows: int) -> Table:
    rows: Table = []
    sheet.reset_dimensions()
    for number, row in enumerate(sheet.iter_rows(values_only=True, max_col=MAX_COLUMNS), start=1):
        cells = [_cell(value) for value in row]
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            rows.append((number, cells))
        if len(rows) > max_rows + 50:
            _refuse_long(max_rows)
    return rows


def _damaged() -> Refused:
    return Refused(
        _("The file is damaged. Open it, save it again as .xlsx or .csv, and upload that."),
        code="damaged",
    )


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return _clean(str(value))


def _clean(text: str) -> str:
    """One line without control characters; 500 characters are more than any field holds."""
    kept = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(kept.split())[:500]
