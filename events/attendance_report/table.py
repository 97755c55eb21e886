"""From a file's bytes to a heading and numbered records.

Webex writes UTF-16 with tabs; a spreadsheet that saved the file again writes UTF-8 or Windows' own
code page with commas, or semicolons where the comma is the decimal sign; or its own file (.xlsx),
in which moments are moments.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from events.attendance_report.columns import Column, columns_of
from lms.core.exceptions import Refused
from lms.core.table_files import read_table as read_workbook

_DELIMITERS = ("\t", ",", ";")
# Some spreadsheets put a title, a blank row or "sep=;" above the heading.
_LINES_BEFORE_HEADING = 10
MAX_RECORDS = 20_000


@dataclass(frozen=True)
class Table:
    """A file as a table. `records` are numbered as a spreadsheet numbers its rows, from 1.

    `breaks_off`: the file ends within its last record, so there was more.
    """

    heading: list[str]
    columns: dict[Column, int]
    records: list[tuple[int, list[str]]]
    breaks_off: bool = False


def read_table(content: bytes) -> Table:
    """Read a file whose heading names the columns of an attendance report.

    Raises Refused, in words for whoever chose the file: "empty", "workbook", "not_text", for a
    spreadsheet what `core.table_files.read_table` refuses,
    "not_a_report", "no_join_column", "no_leave_column", "no_person_column", "no_rows", "too_long".
    """
    text = decode(content)
    number, heading, delimiter, columns = _heading(text)
    records = [
        (place, record)
        for place, record in enumerate(_records(text, delimiter), start=1)
        if place > number and any(cell.strip() for cell in record)
    ]
    if not records:
        raise Refused(_("The report has a heading and no rows: nobody joined."), code="no_rows")
    if len(records) > MAX_RECORDS:
        raise Refused(
            _("The report has more than %(count)s rows. Is it the right file?")
            % {"count": MAX_RECORDS},
            code="too_long",
        )
    breaks_off = not text.endswith(("\n", "\r")) and len(records[-1][1]) < len(heading)
    return Table(heading, columns, records, breaks_off)


def check_heading(content: bytes) -> None:
    """Look at a file's first lines only; refuses as `read_table` does, but for its rows."""
    _heading(decode(content))


def _heading(text: str) -> tuple[int, list[str], str, dict[Column, int]]:
    number, heading, delimiter = _find_heading(text)
    columns = columns_of(heading)
    _refuse_without(columns, heading)
    return number, heading, delimiter, columns


def decode(content: bytes) -> str:
    """The file's text, by its byte-order mark; without one UTF-8, else Windows' code page.

    Of a file that breaks off within a character, what is before it.
    """
    if not content.strip(b"\x00\r\n\t \xff\xfe\xef\xbb\xbf"):
        raise Refused(_("The file is empty."), code="empty")
    if is_workbook(content):
        return _workbook_as_text(content)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise Refused(
            _(
                "This is a spreadsheet in the old format, or with a password. Save it as .xlsx or "
                "CSV, and upload that."
            ),
            code="workbook",
        )
    try:
        if content.startswith((b"\xff\xfe", b"\xfe\xff")):
            return content[: len(content) // 2 * 2].decode("utf-16")
        if b"\x00" in content[:200]:
            return content[: len(content) // 2 * 2].decode("utf-16-le")
        return _one_byte(content)
    except UnicodeDecodeError as error:
        raise Refused(
            _("The file is damaged or is not text. Download it from Webex again."), code="not_text"
        ) from error


def is_workbook(content: bytes) -> bool:
    """Whether the file is a spreadsheet's own (.xlsx)."""
    return content.startswith(b"PK\x03\x04")


def _workbook_as_text(content: bytes) -> str:
    """The spreadsheet's table as Webex would have written it; its rows keep their numbers."""
    rows = dict(read_workbook(content, "report.xlsx", max_rows=MAX_RECORDS + 20))
    text = io.StringIO()
    writer = csv.writer(text, dialect="excel-tab", lineterminator="\n")
    for number in range(1, max(rows) + 1):
        writer.writerow(rows.get(number, []))
    return text.getvalue()


def _one_byte(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if error.end == len(content) and error.reason == "unexpected end of data":
            return content[: error.start].decode("utf-8-sig")
        return content.decode("cp1252")


def _records(text: str, delimiter: str) -> Iterator[list[str]]:
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    except csv.Error as error:
        raise Refused(
            _("The file is damaged or is not text. Download it from Webex again."), code="not_text"
        ) from error


def _find_heading(text: str) -> tuple[int, list[str], str]:
    """The row that names the most columns we know, its number and its delimiter."""
    best: tuple[int, int, list[str], str] = (0, 0, [], ",")
    for delimiter in _DELIMITERS:
        for place, record in enumerate(_records(text, delimiter), start=1):
            if place > _LINES_BEFORE_HEADING:
                break
            known = len(columns_of(record))
            if known > best[0]:
                best = (known, place, record, delimiter)
    known, place, record, delimiter = best
    if known < 2:
        raise Refused(
            _(
                "This does not look like an attendance report from Webex: its heading names no "
                "join and leave times. Choose the file that Webex calls the attendance report."
            ),
            code="not_a_report",
        )
    return place, record, delimiter


def _refuse_without(columns: dict[Column, int], heading: list[str]) -> None:
    named = {"columns": ", ".join(cell.strip() for cell in heading if cell.strip())}
    if Column.JOIN not in columns:
        raise Refused(
            _(
                "The report has no column for when people joined. Its columns are: %(columns)s. "
                "Download the attendance report, not the list of registrations."
            )
            % named,
            code="no_join_column",
        )
    if Column.LEAVE not in columns:
        raise Refused(
            _("The report has no column for when people left. Its columns are: %(columns)s.")
            % named,
            code="no_leave_column",
        )
    if not columns.keys() & {Column.NAME, Column.FIRST_NAME, Column.EMAIL}:
        raise Refused(
            _("The report has no column for names or addresses. Its columns are: %(columns)s.")
            % named,
            code="no_person_column",
        )
