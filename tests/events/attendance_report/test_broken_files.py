"""Files that are broken in the ways files break: read with row and reason, or refused in words."""

import io
import random
from zoneinfo import ZoneInfo

import pytest
from openpyxl import Workbook

from events.attendance_report import Report, read_report
from events.enums import RowProblem
from lms.core.exceptions import Refused
from tests.factories.webex import CURRENT, as_file, line, report_of, sample

NEW_YORK = ZoneInfo("America/New_York")


def read(content: bytes) -> Report:
    return read_report(content, zone=NEW_YORK)


def refusal(content: bytes) -> str:
    with pytest.raises(Refused) as caught:
        read(content)
    return caught.value.code


@pytest.mark.parametrize("name", ["current", "2021", "resaved"])
def test_half_a_file_is_never_taken_for_a_whole_one(name: str) -> None:
    """Cut anywhere: refused, or the row where it breaks off says so, or it ends with a row."""
    content = sample(name)
    whole = read(content)
    seen = set()
    for end in range(0, len(content), 7):
        try:
            report = read(content[:end])
        except Refused as refused:
            seen.add(refused.code)
            continue
        last = report.rows[-1]
        text = content[:end].decode("utf-16" if name != "resaved" else "utf-8", "ignore")
        *before, rest = text.replace("\r\n", "\n").split("\n")
        # In the last cell a cut shows in nothing but its letters.
        is_whole = not rest or rest.count("\t" if name != "resaved" else ",") >= 8
        assert last.problem == RowProblem.BREAKS_OFF or is_whole, rest
        assert report.rows[:-1] == whole.rows[: len(before) - (2 if rest == "" else 1)]
        seen.add(str(last.problem))
    assert {"empty", "not_a_report", "breaks_off"} <= seen


def test_character_cut_in_two_does_not_spoil_the_names_before_it() -> None:
    told = ("Sofía Peña", "s@example.org", "2026-07-14 10:00:00", "2026-07-14 12:00:00")
    content = as_file([CURRENT, line(told), line(told)], encoding="utf-8")
    cut = content[: content.rindex("ñ".encode()) + 1]
    report = read(cut)
    assert [(row.name, row.problem) for row in report.rows] == [
        ("Sofía Peña", ""),
        ("Sofía Peña", RowProblem.BREAKS_OFF),
    ]


def test_two_hundred_columns_are_read_by_their_names() -> None:
    told = ("Ana Lima", "ana@example.org", "2026-07-14 10:00:00", "2026-07-14 12:00:00")
    more = [f"Question {n}" for n in range(187)]
    report = read(as_file([[*more, *CURRENT], [*["x"] * 187, *line(told)]]))
    assert [(row.email, row.problem) for row in report.rows] == [("ana@example.org", "")]
    assert len(report.rows[0].raw) == 200


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\n", "not_a_report"),
        (b"%PDF-1.7\r" * 2000, "not_a_report"),
        (b"<html><body><table><tr><td>Join Time</td></tr></table></body></html>", "not_a_report"),
        (b'{"items": [{"joinedTime": "2026-07-14T10:00:00Z"}]}', "not_a_report"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "not_a_report"),
        (b"Join Time,Leave Time\n", "no_person_column"),
    ],
)
def test_other_files_named_csv_are_refused(content: bytes, code: str) -> None:
    assert refusal(content) == code


def test_spreadsheet_of_formulas_that_nobody_worked_out_has_no_rows() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(list(CURRENT))
    sheet.append(["=HYPERLINK(1)"] * 13)
    out = io.BytesIO()
    book.save(out)
    with pytest.raises(Refused, match="no rows below its heading"):
        read(out.getvalue())


def test_formulas_in_cells_are_text_and_run_nowhere() -> None:
    told = ('=HYPERLINK("https://example.org")', "a@example.org", "=NOW()", "2026-07-14 12:00:00")
    [row] = read(as_file([CURRENT, line(told)], delimiter=",", encoding="utf-8")).rows
    assert (row.problem, row.name[:10]) == (RowProblem.JOIN_UNREADABLE, "HYPERLINK(")


def test_durations_are_not_believed_whatever_they_say() -> None:
    row = line(("Ana", "ana@example.org", "2026-07-14 10:00:00", "2026-07-14 12:00:00"))
    backwards = line(("Ben", "ben@example.org", "2026-07-14 12:00:00", "2026-07-14 10:00:00"))
    row[10], backwards[10] = "-5 mins", "120 mins"
    report = read(as_file([CURRENT, row, backwards]))
    assert [(found.number, found.problem) for found in report.rows] == [
        (2, ""),
        (3, RowProblem.LEFT_TOO_EARLY),
    ]


def test_noise_is_refused_or_read_and_never_breaks_the_reader() -> None:
    dice = random.Random(20260714)  # noqa: S311 - the same noise each time
    base = report_of(*[(f"Ana {n}", f"a{n}@example.org", "10:00:00", "11:00:00") for n in range(5)])
    for _turn in range(300):
        noisy = bytearray(base)
        for _byte in range(dice.randint(1, 30)):
            noisy[dice.randrange(len(noisy))] = dice.randrange(256)
        try:
            report = read(bytes(noisy))
        except Refused:
            continue
        assert all(row.problem or row.joined_at for row in report.rows)
