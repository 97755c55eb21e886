"""Reading reports: every form that files come in, and what is said of those that are broken."""

import csv
import io
import re
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from openpyxl import Workbook

from events.attendance_report import Report, Row, read_report
from events.enums import RowKind, RowProblem
from lms.core.exceptions import Refused
from tests.factories.webex import CURRENT, as_file, formula, line, report_of, sample

NEW_YORK = ZoneInfo("America/New_York")


def read(content: bytes, *, zone: ZoneInfo = NEW_YORK, near: date | None = None) -> Report:
    return read_report(content, zone=zone, near=near)


def read_one(*rows: list[str]) -> Row:
    return read(as_file([CURRENT, *rows])).rows[0]


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc]


# --- the samples -------------------------------------------------------------------------------


def test_current_report_is_read_whole() -> None:
    report = read(sample("current"))
    assert report.title == "CTDB live training"
    assert report.meetings == ("2026-07-30 09:58",)
    assert report.meeting_starts == (utc(2026, 7, 30, 13, 58, 12),)
    assert [row.number for row in report.rows] == list(range(2, 14))
    assert report.problems == []
    luz = report.rows[2]
    assert (luz.name, luz.full_name, luz.email) == (
        "L. Reyes",
        "Luz Reyes",
        "luz.reyes@agency-one.example.org",
    )
    assert (luz.joined_at, luz.left_at) == (utc(2026, 7, 30, 14, 4, 50), utc(2026, 7, 30, 15, 20))
    assert luz.raw["Join Time"] == "2026-07-30 10:04:50"
    assert luz.raw["Attendance Duration"] == "76 mins"
    kinds = {row.number: row.kind for row in report.rows if row.kind != RowKind.PERSON}
    assert kinds == {2: RowKind.HOST, 8: RowKind.PHONE, 11: RowKind.BREAKOUT}


def test_guest_without_an_address_has_none() -> None:
    mei = next(row for row in read(sample("current")).rows if row.name == "mei")
    assert (mei.email, mei.key, mei.kind) == ("", "name:mei", RowKind.PERSON)


def test_older_events_report_is_read_too() -> None:
    report = read(sample("2021"))
    assert [(row.name, row.full_name) for row in report.rows] == [
        ("Amara Okafor", ""),
        ("Luz Reyes", ""),
        ("Guest", ""),
    ]
    assert report.rows[0].joined_at == utc(2021, 6, 14, 20, 58, 50)
    assert report.rows[2].email == ""


def test_report_saved_again_by_a_spreadsheet_says_the_same() -> None:
    first = {(row.key, row.joined_at, row.left_at) for row in read(sample("current")).rows}
    again = {(row.key, row.joined_at, row.left_at) for row in read(sample("resaved")).rows}
    assert len(again) == 5
    assert again <= first


# --- encodings, delimiters, headings -------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-8-sig", "utf-8", "cp1252"])
@pytest.mark.parametrize("delimiter", ["\t", ",", ";"])
def test_encoding_and_delimiter_are_found(encoding: str, delimiter: str) -> None:
    row = line(("Sofía Peña", "s@example.org", "7/14/2026, 9:55:03 AM", "7/14/2026, 1:02:11 PM"))
    report = read(as_file([CURRENT, row], encoding=encoding, delimiter=delimiter))
    assert report.rows[0].name == "Sofía Peña"
    assert report.rows[0].joined_at == utc(2026, 7, 14, 13, 55, 3)
    assert report.rows[0].left_at == utc(2026, 7, 14, 17, 2, 11)


PORTUGUESE = [
    "Nome da reunião", "Data de início da reunião", "Data de término da reunião",
    "Nome de exibição", "Nome", "Sobrenome", "Função", "E-mail do convidado", "Hora da entrada",
    "Hora da saída", "Duração da presença", "Tipo de conexão", "Nome da sessão",
]  # fmt: skip
SPANISH = [
    "Nombre de la reunión", "Hora de inicio de la reunión", "Hora de finalización de la reunión",
    "Nombre para mostrar", "Nombre", "Apellido", "Rol", "Correo electrónico del asistente",
    "Hora de entrada", "Hora de salida", "Duración de la asistencia", "Tipo de conexión",
    "Nombre de la sesión",
]  # fmt: skip


@pytest.mark.parametrize(
    ("heading", "room", "role"),
    [
        (PORTUGUESE, "Sessão principal", "Anfitrião"),
        (SPANISH, "Sesión principal", "Anfitrión"),
        ([name.upper() for name in CURRENT], "MAIN SESSION", "host"),
        ([f" {name} (America/New_York)" for name in CURRENT], "", "HOST"),
    ],
)
def test_headings_of_other_languages_mean_the_same(
    heading: list[str], room: str, role: str
) -> None:
    told = ("Ana Lima", "ana@example.org", "2026-07-14 10:00:00", "2026-07-14 12:00:00")
    rows = read(as_file([heading, line(told, room=room), line(told, room=room, role=role)])).rows
    assert [row.kind for row in rows] == [RowKind.PERSON, RowKind.HOST]
    assert (rows[0].full_name, rows[0].email) == ("Ana Lima", "ana@example.org")
    assert rows[0].joined_at == utc(2026, 7, 14, 14)


def test_heading_may_stand_below_a_title() -> None:
    told = ("Ana Lima", "", "2026-07-14 10:00:00", "2026-07-14 12:00:00")
    lines = [["sep=;"], [], ["Attendance", ""], CURRENT, line(told)]
    rows = read(as_file(lines, delimiter=";", encoding="utf-8")).rows
    assert [(row.number, row.name) for row in rows] == [(5, "Ana Lima")]


def test_blank_rows_are_passed_over_and_numbers_stay_the_spreadsheets() -> None:
    told = ("Ana Lima", "", "2026-07-14 10:00:00", "2026-07-14 12:00:00")
    report = read(as_file([CURRENT, line(told), [""] * 13, [], line(told)], encoding="utf-8"))
    assert [row.number for row in report.rows] == [2, 5]


# --- times ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written",
    [
        "2026-07-14 14:05:09",
        '="2026-07-14 14:05:09"',
        "2026/07/14 2:05:09 PM",
        "7/14/2026, 2:05:09 PM",
        "7/14/2026 14:05:09",
        "07/14/26 2:05:09 pm",
        "7/14/2026, 2:05:09\u202fp.\u00a0m.",
        "14/7/2026 14:05:09",
        "14.07.2026 14:05:09",
        "2026-07-14T14:05:09",
        "2026-07-14T18:05:09Z",
        "2026-07-14T20:05:09+02:00",
    ],
)
def test_times_are_read_as_they_are_written(written: str) -> None:
    row = read_one(line(("A", "", written, "2026-07-14 23:00:00")))
    assert (row.joined_at, row.problem) == (utc(2026, 7, 14, 18, 5, 9), "")


def test_time_without_seconds_is_read() -> None:
    row = read_one(line(("A", "", "7/14/2026 9:55", "7/14/2026 13:02")))
    assert row.joined_at == utc(2026, 7, 14, 13, 55)


@pytest.mark.parametrize(
    ("near", "month"), [(date(2026, 7, 8), 7), (date(2026, 8, 7), 8), (None, 7)]
)
def test_the_sessions_day_tells_july_from_august(near: date | None, month: int) -> None:
    row = line(("A", "", "7/8/2026 10:00:00", "7/8/2026 11:00:00"), start="7/8/2026 10:00:00")
    row[2] = ""
    joined = read(as_file([CURRENT, row]), near=near).rows[0].joined_at
    assert joined is not None
    assert joined.month == month


def test_one_row_beyond_the_twelfth_decides_for_the_whole_file() -> None:
    rows = [
        line(("A", "", "3/7/2026 10:00", "3/7/2026 11:00"), start=""),
        line(("B", "", "30/7/2026 10:00", "30/7/2026 11:00"), start=""),
    ]
    for row in rows:
        row[2] = ""
    found = [row.joined_at for row in read(as_file([CURRENT, *rows])).rows]
    assert found == [utc(2026, 7, 3, 14), utc(2026, 7, 30, 14)]


@pytest.mark.parametrize(
    ("zone", "hour"), [("America/New_York", 14), ("America/Chicago", 15), ("UTC", 10)]
)
def test_times_are_in_the_zone_the_reader_names(zone: str, hour: int) -> None:
    content = report_of(("A", "", "10:00:00", "11:00:00"))
    assert read(content, zone=ZoneInfo(zone)).rows[0].joined_at == utc(2026, 7, 14, hour)


@pytest.mark.parametrize(
    ("day", "hour"),
    [("2026-03-07", 15), ("2026-03-08", 14), ("2026-10-31", 14), ("2026-11-01", 15)],
)
def test_ten_oclock_follows_the_clock_changes(day: str, hour: int) -> None:
    row = read_one(line(("A", "", f"{day} 10:00:00", f"{day} 11:00:00")))
    assert row.joined_at == datetime.fromisoformat(f"{day}T{hour}:00:00+00:00")


def test_leaving_in_the_hour_that_comes_twice_is_after_joining() -> None:
    row = read_one(line(("A", "", "2026-11-01 01:50:00", "2026-11-01 01:10:00")))
    assert row.joined_at == utc(2026, 11, 1, 5, 50)
    assert row.left_at == utc(2026, 11, 1, 6, 10)


# --- rows that cannot be read --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("joined", "left", "problem"),
    [
        ("", "2026-07-14 11:00:00", RowProblem.NO_JOIN),
        ("2026-07-14 10:00:00", "", RowProblem.NO_LEAVE),
        ("2026-07-14 10:00:00", "1970-01-01 00:00:00", RowProblem.NO_LEAVE),
        ("soon", "2026-07-14 11:00:00", RowProblem.JOIN_UNREADABLE),
        ("2026-07-32 10:00:00", "2026-07-14 11:00:00", RowProblem.JOIN_UNREADABLE),
        ("9999-12-31 23:59:59", "2026-07-14 11:00:00", RowProblem.JOIN_UNREADABLE),
        ("13:00 PM", "2026-07-14 11:00:00", RowProblem.JOIN_UNREADABLE),
        ("2026-07-14 10:00:00", "7/14/2026, 13:00:00 PM", RowProblem.LEAVE_UNREADABLE),
        ("2026-07-14 11:00:00", "2026-07-14 10:59:59", RowProblem.LEFT_TOO_EARLY),
        ("2026-03-08 02:30:00", "2026-03-08 04:00:00", RowProblem.SKIPPED_TIME),
    ],
)
def test_unreadable_row_has_its_reason_and_the_others_are_read(
    joined: str, left: str, problem: RowProblem
) -> None:
    good = ("Ana Lima", "", "2026-07-14 10:00:00", "2026-07-14 12:00:00")
    report = read(as_file([CURRENT, line(good), line(("Bad", "", joined, left)), line(good)]))
    assert [(row.number, row.problem) for row in report.problems] == [(3, problem)]
    assert (report.problems[0].joined_at, report.problems[0].left_at) == (None, None)
    assert [row.number for row in report.readable] == [2, 4]


def test_row_that_breaks_off_is_a_problem_of_that_row() -> None:
    report = read(as_file([CURRENT, ["CTDB live training", "x", "y", "Ana"]]))
    assert [row.problem for row in report.rows] == [RowProblem.NO_JOIN]


def test_quotation_mark_left_open_is_told_since_rows_may_be_swallowed() -> None:
    told = ("Ana Lima", "", "2026-07-14 10:00:00", "2026-07-14 12:00:00")
    text = as_file([CURRENT, line(told), line(told)], encoding="utf-8").decode()
    broken = text.replace("Main Session\r\n", '"Main Session\r\n', 1).encode()
    assert [row.problem for row in read(broken).rows] == [RowProblem.OPEN_QUOTE]


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("Ana.Lima@Example.ORG", "ana.lima@example.org"),
        ("mailto:ana@example.org", "ana@example.org"),
        ("3f0f@guest.webex.localhost", ""),
        ("ana at work", ""),
        ("@", ""),
        (f"{'a' * 250}@example.org", ""),
    ],
)
def test_address_is_lower_case_or_none(address: str, kept: str) -> None:
    row = read_one(line(("A", address, "2026-07-14 10:00:00", "2026-07-14 12:00:00")))
    assert row.email == kept


def test_same_name_with_and_without_brackets_is_one_person() -> None:
    rows = [
        line((name, "", "2026-07-14 10:00:00", "2026-07-14 12:00:00"))
        for name in ("Deshawn (phone)", "deshawn", "Déshawn")
    ]
    for row in rows:
        row[4:6] = ["", ""]
    assert {row.key for row in read(as_file([CURRENT, *rows])).rows} == {"name:deshawn"}


# --- files that are no report --------------------------------------------------------------------


def refusal(content: bytes) -> str:
    with pytest.raises(Refused) as caught:
        read(content)
    return caught.value.code


def saved_by_a_spreadsheet(name: str) -> bytes:
    """A sample as somebody saves it again: moments as such, and a blank row above the heading."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append([])
    text = sample(name).decode("utf-16")
    for record in csv.reader(io.StringIO(text, newline=""), delimiter="\t"):
        sheet.append([_as_moment(cell) for cell in record])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _as_moment(cell: str) -> datetime | str:
    found = re.fullmatch(r'(?:=")?(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)"?', cell)
    return datetime.fromisoformat(found[1]) if found else cell.lstrip("=")


def test_spreadsheets_own_file_says_the_same_as_webex() -> None:
    first, again = read(sample("current")), read(saved_by_a_spreadsheet("current"))
    assert (again.title, again.meetings) == (first.title, first.meetings)
    assert [row.number - 1 for row in again.rows] == [row.number for row in first.rows]
    told = [(row.email, row.name, row.kind, row.joined_at, row.left_at) for row in first.rows]
    assert [(r.email, r.name, r.kind, r.joined_at, r.left_at) for r in again.rows] == told


HALF = [name for name in CURRENT if name != "Leave Time"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"\xff\xfe", "empty"),
        (b"\xef\xbb\xbf \r\n", "empty"),
        (b"PK\x03\x04rest of a workbook", "damaged"),
        (b"\xd0\xcf\x11\xe0 an old workbook", "workbook"),
        (b"\xff\xfeM\x00e", "not_a_report"),
        (b"\x81\x8d\x8f", "not_text"),
        (b"just a letter to somebody\n", "not_a_report"),
        (b"Name,Email,Hired\nAna,ana@example.org,2026\n", "no_join_column"),
        (as_file([HALF, ["x"] * 12]), "no_leave_column"),
        (b"Join Time,Leave Time\n2026-07-14 10:00,2026-07-14 11:00\n", "no_person_column"),
        (as_file([CURRENT]), "no_rows"),
        (as_file([CURRENT, *[["x"]] * 20_001]), "too_long"),
    ],
)
def test_file_that_is_no_report_is_refused_in_plain_words(content: bytes, code: str) -> None:
    assert refusal(content) == code


def test_refusal_names_the_columns_there_are() -> None:
    with pytest.raises(Refused, match="Its columns are: Name, Email"):
        read(b"Name,Email\nAna,ana@example.org\n")


def test_meeting_restarted_by_its_host_names_both_starts() -> None:
    one = line(("A", "", "2026-07-14 10:00:00", "2026-07-14 11:00:00"))
    two = line(("A", "", "2026-07-14 11:10:00", "2026-07-14 12:00:00"), start="2026-07-14 11:08:00")
    unknown = line(("A", "", "2026-07-14 11:10:00", "2026-07-14 12:00:00"), start="?")
    report = read(as_file([CURRENT, two, one, unknown]))
    assert report.meetings == ("2026-07-14 09:58", "2026-07-14 11:08")
    assert formula("") == ""
