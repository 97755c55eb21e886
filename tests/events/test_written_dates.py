"""Dates as people write them: what a list says, and what the calendar says to it."""

from datetime import date, time

import pytest

from events.written_dates import MOST, Written, by_pattern, read

WINTER = date(2023, 1, 15)
ELEVEN = """2023 Training Dates. All trainings are provided 10 am to 1 pm EST.

  • Tues Feb 28
  • Thurs Mar 30
  • Thurs Apr 27
  • Tues May 23
  • Thurs June 29
  • Thurs July 27
  • Tues Aug 22
  • Thurs Sep 21
  • Tues Oct 24
  • Thurs Nov 30
  • Tues Dec 19
"""


def days(text: str, today: date = WINTER) -> list[date | None]:
    return [row.day for row in read(text, today=today)]


def one(text: str, today: date = WINTER) -> Written:
    rows = read(text, today=today)
    assert len(rows) == 1, rows
    return rows[0]


def test_eleven_dates_of_a_real_list_with_one_line_for_the_time() -> None:
    rows = read(ELEVEN, today=WINTER)
    assert [f"{row.day:%a %b %d %Y}" for row in rows if row.day] == [
        "Tue Feb 28 2023", "Thu Mar 30 2023", "Thu Apr 27 2023", "Tue May 23 2023",
        "Thu Jun 29 2023", "Thu Jul 27 2023", "Tue Aug 22 2023", "Thu Sep 21 2023",
        "Tue Oct 24 2023", "Thu Nov 30 2023", "Tue Dec 19 2023",
    ]  # fmt: skip
    assert {(row.start, row.end, row.zone) for row in rows} == {
        (time(10), time(13), "America/New_York")
    }
    assert [(row.notes, row.problem) for row in rows] == [((), "")] * 11


def test_an_old_list_pasted_later_says_that_no_weekday_fits() -> None:
    rows = read(ELEVEN.partition("\n")[2], today=date(2026, 11, 22))
    assert rows[0].day == date(2027, 2, 28)
    (note,) = rows[0].notes
    assert note.startswith(
        "February 28, 2027 is a Sunday, not a Tuesday. It was written as in 2023:"
    )
    assert all(row.notes for row in rows)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tuesday, February 28, 2023", [date(2023, 2, 28)]),
        ("Tue. Feb. 28th", [date(2023, 2, 28)]),
        ("28 Feb 2024", [date(2024, 2, 28)]),
        ("2/28", [date(2023, 2, 28)]),
        ("2/28/24", [date(2024, 2, 28)]),
        ("2023-02-28", [date(2023, 2, 28)]),
        ("Jan 10", [date(2024, 1, 10)]),
        ("Jan 15", [date(2023, 1, 15)]),
        ("April 6-8", [date(2023, 4, 6), date(2023, 4, 7), date(2023, 4, 8)]),
        ("Apr 29 to May 1, 2023", [date(2023, 4, 29), date(2023, 4, 30), date(2023, 5, 1)]),
        ("Feb 7, 14 and 21", [date(2023, 2, d) for d in (7, 14, 21)]),
        ("Feb 28, Mar 30; Apr 27", [date(2023, 2, 28), date(2023, 3, 30), date(2023, 4, 27)]),
        ("1. Feb 28\n2) Mar 30", [date(2023, 2, 28), date(2023, 3, 30)]),
        ("Feb 30", [None]),
        ("Feb 29", [date(2024, 2, 29)]),
        ("sometime soon", [None]),
        ("", []),
    ],
)  # fmt: skip
def test_ways_of_writing_a_date(text: str, expected: list[date | None]) -> None:
    assert days(text) == expected
    assert all(row.problem for row in read(text, today=WINTER) if row.day is None)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("Feb 28, 10 am to 1 pm EST", time(10), time(13)),
        ("Feb 28 10:00-13:00", time(10), time(13)),
        ("Feb 28: 10–1 pm", time(10), time(13)),
        ("Feb 28 1-3 pm", time(13), time(15)),
        ("Feb 28 1:30 - 3 p.m.", time(13, 30), time(15)),
        ("Feb 28 9:30 - 12:30 pm", time(9, 30), time(12, 30)),
        ("Feb 28 10 am - noon", time(10), time(12)),
        ("Feb 28 noon to 2 pm", time(12), time(14)),
        ("Feb 8 - 10 am to 1 pm", time(10), time(13)),
        ("10 am to 1 pm, Feb 28", time(10), time(13)),
        ("Feb 28 at 10 am", time(10), None),
        ("Feb 28", None, None),
    ],
)
def test_ways_of_writing_a_time(text: str, start: time, end: time | None) -> None:
    row = one(text)
    assert (row.start, row.end, row.problem) == (start, end, "")
    assert row.day in (date(2023, 2, 28), date(2023, 2, 8))


def test_zones_are_places_not_offsets() -> None:
    assert one("July 27, 10 am to 1 pm EST").zone == "America/New_York"
    assert one("July 27, 10 am to 1 pm (Central time)").zone == "America/Chicago"
    assert one("July 27, 10 am to 1 pm").zone is None


def test_the_nearest_time_line_above_counts_and_a_rows_own_time_wins() -> None:
    rows = read(
        "Feb 7\n10 am to 1 pm\nFeb 8\nFeb 9, 2 pm to 4 pm\n9 am to 11 am\nFeb 10", today=WINTER
    )
    assert [(row.start, row.end) for row in rows] == [
        (time(10), time(13)), (time(10), time(13)), (time(14), time(16)), (time(9), time(11)),
    ]  # fmt: skip


def test_what_was_not_read_is_said() -> None:
    assert one("Tues Feb 28 (Room 4B, bring a laptop)").notes == (
        "Not read: “Room 4B bring a laptop”.",
    )


def test_a_list_without_end_is_cut_and_says_so() -> None:
    rows = read("Feb 28\n" * (MOST + 50), today=WINTER)
    assert len(rows) == MOST + 1
    assert rows[-1].problem


@pytest.mark.parametrize(
    ("every", "expected"),
    [
        ("week", ["03-02", "03-09", "03-16", "03-23", "03-30"]),
        ("other", ["03-02", "03-16", "03-30"]),
        ("1", ["03-02"]),
        ("4", ["03-23"]),
        ("last", ["03-30"]),
    ],
)
def test_tuesdays_by_pattern(every: str, expected: list[str]) -> None:
    found = by_pattern(weekdays=[1], every=every, first=date(2027, 3, 1), last=date(2027, 3, 31))
    assert [f"{day:%m-%d}" for day in found] == expected


def test_pattern_leaves_out_the_holidays_named() -> None:
    found = by_pattern(
        weekdays=[1, 3], every="week", first=date(2027, 11, 22), last=date(2027, 11, 30),
        without=[date(2027, 11, 25)],
    )  # fmt: skip
    assert found == [date(2027, 11, 23), date(2027, 11, 30)]
