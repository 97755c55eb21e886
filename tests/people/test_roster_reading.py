"""What a list says: days in many spellings, columns, names, yes and no, broken files."""

import io
import zipfile
from datetime import date

import pytest
from openpyxl import Workbook

from lms.core.exceptions import Refused
from lms.core.table_files import read_table
from lms.people.enums import Post
from lms.people.roster.columns import find_header, guess
from lms.people.roster.days import DAY_FIRST, MONTH_FIRST, order_shown, read_day
from lms.people.roster.words import (
    is_nobody,
    language_of,
    looks_like_name,
    post_of,
    split_name,
    yes_or_no,
)

THE_DAY = date(2025, 6, 16)


@pytest.mark.parametrize(
    "text",
    [
        "2025-06-16", "2025/06/16", "2025.6.16", "20250616", "2025-06-16 00:00:00",
        "2025-06-16T00:00:00", "06/16/2025", "6/16/2025", "6/16/25", "06-16-2025", "06.16.2025",
        "16/06/2025", "16.06.2025", "16-06-25", "6/16/2025 12:00 AM", "16-Jun-2025", "16-Jun-25",
        "16 June 2025", "16. Juni 2025".replace("Juni", "Jun"), "Jun 16, 2025", "June 16 2025",
        "JUNE 16, 2025", "Mon, Jun 16, 2025", "Monday 16 June 2025", "June 16th, 2025",
        "16 de junio de 2025", "16 juin 2025", "16 giugno 2025", "16 czerwca 2025", "16jun2025",
        "Jun-16-2025", "2025 June 16", " 2025-06-16 ", "45824", "45824.0", "6 / 16 / 2025",
        "16 jiyen 2025".replace("jiyen", "jen"), "Jun. 16, 2025", "6-16-25", "16 Jun. 25",
    ],
)  # fmt: skip
def test_a_day_is_read_however_it_is_written(text: str) -> None:
    assert read_day(text).day == THE_DAY


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("03/04/2025", "ambiguous"),
        ("3-4-25", "ambiguous"),
        ("02/30/2025", "impossible"),
        ("2025-13-01", "impossible"),
        ("29-Feb-2025", "impossible"),
        ("soon", "unreadable"),
        ("2025", "unreadable"),
        ("June 2025", "unreadable"),
        ("=TODAY()", "unreadable"),
    ],
)
def test_what_cannot_be_read_says_why(text: str, fault: str) -> None:
    assert read_day(text).fault == fault


def test_the_order_decides_only_what_is_open() -> None:
    assert read_day("03/04/2025", MONTH_FIRST).day == date(2025, 3, 4)
    assert read_day("03/04/2025", DAY_FIRST).day == date(2025, 4, 3)
    assert read_day("04/13/2025", DAY_FIRST).day == date(2025, 4, 13)
    assert read_day("05/05/2025").day == date(2025, 5, 5)
    assert read_day("29 Feb 2024").day == date(2024, 2, 29)
    assert read_day("1/2/98", MONTH_FIRST).day == date(1998, 1, 2)


def test_a_list_shows_which_order_it_is_in() -> None:
    assert order_shown(["03/04/2025", "04/13/2024"]) == {MONTH_FIRST}
    assert order_shown(["13/04/2024"]) == {DAY_FIRST}
    assert order_shown(["13/04/2024", "04/13/2024", "Jun 1"]) == {MONTH_FIRST, DAY_FIRST}


def test_the_heading_is_found_below_titles_and_columns_by_their_names() -> None:
    rows = [
        (1, ["Harbor View Hotel - staff list, printed 11/02/2026"]),
        (3, ["Emp #", "Name (Last, First)", "E-mail address", "Job title", "Meets guests?",
             "Date of hire", "Left on", "Pref. language", "Notes"]),
        (4, ["1000", "Baptiste, Marek"]),
    ]  # fmt: skip
    assert find_header(rows) == 1
    assert guess(rows[1][1], {}) == {
        "number": 0, "name": 1, "email": 2, "title": 3, "contact": 4, "started_on": 5,
        "ended_on": 6, "language": 7,
    }  # fmt: skip


def test_what_was_said_of_a_heading_goes_before_our_guess() -> None:
    header = ["Name", "Date", "Hire date"]
    assert guess(header, {"date": "started_on", "hire date": ""})["started_on"] == 1


def test_names_stay_letter_for_letter() -> None:
    assert split_name("O’BRIEN-García, María José") == ("María José", "O’BRIEN-García")
    assert split_name("Li, Wei") == ("Wei", "Li")
    assert " ".join(split_name("María García López")) == "María García López"
    assert looks_like_name("Nguyễn Thị Minh")
    assert looks_like_name("李 伟")
    assert not looks_like_name("=cmd|' /C calc'!A0")
    assert not looks_like_name("<script>alert(1)</script>")
    assert not looks_like_name("12345 67890")


def test_small_words() -> None:
    assert [yes_or_no(word) for word in ("Y", "x", "TRUE", "Sí", "no", "FALSE", "", "maybe")] == [
        True, True, True, True, False, False, None, None,
    ]  # fmt: skip
    assert language_of("Haitian Creole") == "ht"
    assert language_of("Español") == "es"
    assert language_of("Klingon") is None
    assert post_of("Sr. Room Attendant") == Post.HOUSEKEEPING
    assert post_of("Night Auditor") == Post.NIGHT_AUDIT
    assert post_of("Astronaut") == Post.OTHER
    assert is_nobody(["", "TOTAL", "", "40"])
    assert not is_nobody(["1001", "Ana Li", "Room attendant", "yes", "2025-06-16"])


# --- files ----------------------------------------------------------------------------------------


def refusal(content: bytes, name: str) -> str:
    with pytest.raises(Refused) as refused:
        read_table(content, name, max_rows=100)
    return refused.value.code


def workbook(*rows: list[object]) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_csv_comes_in_every_coat() -> None:
    text = "Name;Hire date\nAna García;2025-06-16\n"
    expected = [(1, ["Name", "Hire date"]), (2, ["Ana García", "2025-06-16"])]
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "cp1252"):
        assert read_table(text.encode(encoding), "a.csv", max_rows=9) == expected
    tabs = text.replace(";", "\t").replace("\n", "\r\n")
    assert read_table(tabs.encode(), "a.tsv", max_rows=9) == expected


def test_a_workbooks_days_and_numbers_come_as_text() -> None:
    content = workbook(["Name", "Hire date", "No"], ["Ana", THE_DAY, 1001.0], [None], ["B", True])
    assert read_table(content, "a.xlsx", max_rows=9) == [
        (1, ["Name", "Hire date", "No"]),
        (2, ["Ana", "2025-06-16", "1001"]),
        (4, ["B", "TRUE"]),
    ]


def test_broken_huge_and_scripted_files_are_refused_in_words() -> None:
    good = workbook(["Name", "Hire date"], ["Ana", THE_DAY])
    assert refusal(b"", "a.csv") == "empty"
    assert refusal(b"x" * (20 * 1024 * 1024 + 1), "a.csv") == "too_large"
    assert refusal(good, "a.xlsm") == "macros"
    assert refusal(good[:200], "a.xlsx") == "damaged"
    assert refusal(good, "a.csv") == "not_a_table"
    assert refusal(b"%PDF-1.7", "a.pdf") == "not_a_table"
    assert refusal(b"Name,Hire date\n", "a.xlsx") == "not_a_table"
    assert refusal(b"\xd0\xcf\x11\xe0rest", "a.xls") == "old_workbook"
    assert refusal(b"Name,Hired\n" + b"A,B\n" * 101, "a.csv") == "too_long"
    assert refusal(workbook(["Name"], *[["A"]] * 200), "a.xlsx") == "too_long"
    assert refusal(b"Name\n", "a.csv") == "no_rows"


def test_a_program_or_a_bomb_in_the_archive_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    content = io.BytesIO(workbook(["Name"], ["Ana"]))
    with zipfile.ZipFile(content, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"x")
    assert refusal(content.getvalue(), "a.xlsx") == "macros"
    monkeypatch.setattr("lms.core.table_files.MAX_UNPACKED_BYTES", 1000)
    assert refusal(workbook(["Name"], ["Ana"]), "a.xlsx") == "unpacks_too_large"
