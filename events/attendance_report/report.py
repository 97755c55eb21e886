"""An attendance report's rows: who joined when, and which rows cannot be read."""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from events.attendance_report import clock
from events.attendance_report.columns import (
    Column,
    is_breakout,
    is_host,
    is_telephone,
    writes_day_first,
)
from events.attendance_report.table import Table, read_table
from events.enums import RowKind, RowProblem
from lms.people.fields import fold

_ADDRESS = re.compile(r"^[^@\s<>\"]+@[^@\s<>\"]+\.[^@\s<>\"]+$")
# Webex gives guests who did not sign in an address of their own, which reaches nobody.
_NOBODYS = re.compile(r"@guest\.webex\.localhost$|\.localhost$")
_IN_BRACKETS = re.compile(r"\([^)]*\)")
_MOMENTS = (Column.START, Column.END, Column.JOIN, Column.LEAVE)
# A spreadsheet is told to leave a time alone by writing it as a formula: ="2026-07-30 09:55:03".
_AS_FORMULA = re.compile(r'^\'?="?(.*?)"?$', re.DOTALL)


@dataclass(frozen=True)
class Row:
    """One join of one device. `problem` is empty iff both instants (UTC) are there and in order.

    `name` is what the meeting showed, `full_name` first and last name where the report has both;
    `email` is lower-case and empty where it would reach nobody.
    """

    number: int
    raw: dict[str, str]
    name: str
    full_name: str
    email: str
    kind: RowKind
    joined_at: datetime | None = None
    left_at: datetime | None = None
    problem: RowProblem | str = ""

    @property
    def key(self) -> str:
        """Rows with one key are one person's, in this report and in others of the session."""
        return person_key(email=self.email, name=self.full_name or self.name, row=self)


@dataclass(frozen=True)
class Report:
    """A file's rows, and the meetings it is about.

    `meetings` are their starts as the file's clocks showed them, to the minute: a report of the
    same meeting downloaded again names the same ones, whatever zone it is read in.
    """

    title: str
    meetings: tuple[str, ...]
    meeting_starts: tuple[datetime, ...]
    rows: tuple[Row, ...]

    @property
    def readable(self) -> list[Row]:
        return [row for row in self.rows if not row.problem]

    @property
    def problems(self) -> list[Row]:
        return [row for row in self.rows if row.problem]


def person_key(*, email: str, name: str, row: Row | None = None) -> str:
    """What tells people in reports apart: the address, else the name, else the row itself."""
    if email:
        return f"email:{email}"
    folded = fold(_IN_BRACKETS.sub(" ", name)) or fold(name)
    if folded:
        return f"name:{folded}"[:300]
    joined = row.joined_at.isoformat() if row and row.joined_at else ""
    return f"row:{joined or (row.number if row else 0)}"


def read_report(content: bytes, *, zone: ZoneInfo, near: date | None = None) -> Report:
    """Read a downloaded report whose times are in `zone`; durations in it are not looked at.

    `near` is the day of the session, to tell 7/8 from 8/7 where nothing else does. Rows that cannot
    be read are there with their problem. Raises Refused where the file as a whole is none.
    """
    table = read_table(content)
    cells = [
        _clean(_cell(table, record, column))
        for _number, record in table.records
        for column in _MOMENTS
    ]
    day_first = clock.day_comes_first(cells, otherwise=writes_day_first(table.heading), near=near)
    rows = [
        _row(table, number, record, zone=zone, day_first=day_first)
        for number, record in table.records
    ]
    if table.breaks_off:
        rows[-1] = replace(rows[-1], joined_at=None, left_at=None, problem=RowProblem.BREAKS_OFF)
    walls, starts = _meetings(table, zone=zone, day_first=day_first)
    first = table.records[0][1]
    return Report(_clean(_cell(table, first, Column.MEETING)), walls, starts, tuple(rows))


def _cell(table: Table, record: list[str], column: Column) -> str:
    place = table.columns.get(column)
    return record[place] if place is not None and place < len(record) else ""


def _clean(text: str) -> str:
    """A cell's text without the formula around it, on one line; NUL is no character of a table."""
    text = text.replace("\x00", "").strip()
    found = _AS_FORMULA.match(text)
    return " ".join((found[1] if found else text).replace('""', '"').split())


def _row(table: Table, number: int, record: list[str], *, zone: ZoneInfo, day_first: bool) -> Row:
    values = {column: _clean(_cell(table, record, column)) for column in table.columns}
    names = [values.get(Column.FIRST_NAME, ""), values.get(Column.LAST_NAME, "")]
    full_name = " ".join(names) if all(names) else ""
    email = values.get(Column.EMAIL, "").lower().removeprefix("mailto:")
    if len(email) > 254 or not _ADDRESS.match(email) or _NOBODYS.search(email):
        email = ""
    joined_at, left_at, problem = _times(values, zone=zone, day_first=day_first)
    if any("\n" in cell.strip() for cell in record):
        joined_at, left_at, problem = None, None, RowProblem.OPEN_QUOTE
    return Row(
        number=number,
        raw={
            _clean(heading): _clean(cell)
            for heading, cell in zip(table.heading, record, strict=False)
        },
        name=(values.get(Column.NAME) or full_name or " ".join(names).strip())[:200],
        full_name=full_name[:200],
        email=email,
        kind=_kind(values, email),
        joined_at=joined_at,
        left_at=left_at,
        problem=problem,
    )


def _kind(values: dict[Column, str], email: str) -> RowKind:
    if is_breakout(values.get(Column.ROOM, "")):
        return RowKind.BREAKOUT
    if is_host(values.get(Column.ROLE, "")):
        return RowKind.HOST
    if not email and is_telephone(values.get(Column.CONNECTION, "")):
        return RowKind.PHONE
    return RowKind.PERSON


def _times(
    values: dict[Column, str], *, zone: ZoneInfo, day_first: bool
) -> tuple[datetime | None, datetime | None, RowProblem | str]:
    """Both instants, or neither and the reason."""
    walls: list[datetime] = []
    for column, missing, unreadable in (
        (Column.JOIN, RowProblem.NO_JOIN, RowProblem.JOIN_UNREADABLE),
        (Column.LEAVE, RowProblem.NO_LEAVE, RowProblem.LEAVE_UNREADABLE),
    ):
        try:
            wall = clock.read_time(values.get(column, ""), day_first=day_first)
        except ValueError:
            return None, None, unreadable
        if wall is None:
            return None, None, missing
        walls.append(wall)
    joined, left = walls
    try:
        joined_at, left_at = clock.localize(joined, zone), clock.localize(left, zone)
        if left_at < joined_at:
            # In the hour that an autumn night has twice, the second one.
            left_at = clock.localize(left, zone, later=True)
    except clock.SkippedTimeError:
        return None, None, RowProblem.SKIPPED_TIME
    if left_at < joined_at:
        return None, None, RowProblem.LEFT_TOO_EARLY
    return joined_at, left_at, ""


def _meetings(
    table: Table, *, zone: ZoneInfo, day_first: bool
) -> tuple[tuple[str, ...], tuple[datetime, ...]]:
    """When the meetings in the file began, as wall times to the minute and as instants."""
    found: dict[str, datetime] = {}
    for _number, record in table.records:
        try:
            start = clock.read_time(_clean(_cell(table, record, Column.START)), day_first=day_first)
            if start:
                found.setdefault(f"{start:%Y-%m-%d %H:%M}", clock.localize(start, zone))
        except ValueError:
            continue
    return tuple(sorted(found)), tuple(sorted(found.values()))
