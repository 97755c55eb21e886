"""Dates as people write them in a list, and dates by a pattern.

"Tues Feb 28", "Thurs Mar 30, 10 am to 1 pm EST", "April 6-8", "10/24/2027": each line is read for
what it says and no more. A line with a time and no date counts for the dates below it (and for
those above the first such line); a year in it likewise. What a line says and the calendar does not
bear out is said, never put right in silence: see `notes`.
"""

import re
from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta

from django.utils import formats
from django.utils.translation import gettext as _

from events.wall_time import parse_clock, parse_zone

MOST = 200  # rows, of a list or a pattern

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_WEEKDAY = (
    r"(?:mon(?:day)?|tue(?:s(?:day)?)?|wed(?:s|nesday)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?"
    r"|sat(?:urday)?|sun(?:day)?)s?\b\.?"
)
_TO = r"(?:-|–|—|\bto\b|\buntil\b|\btill\b|\bthrough\b|\bthru\b)"
_HALF = r"(?:[ap]\.?\s?m\b\.?|noon\b)"
_HOUR = rf"(?<!\d)(?:(?:[01]?\d|2[0-3])(?:[:.][0-5]\d)?(?!\d)\s*{_HALF}?|\bnoon\b)"
_ZONE = (
    r"(?:\(?\b(?:e[sd]?t|c[sd]?t|m[sd]?t|p[sd]?t|eastern|central|mountain|pacific)\b"
    r"(?:\s+(?:standard\s+|daylight\s+)?time\b)?\)?)"
)
_SPAN = re.compile(
    rf"(?P<start>{_HOUR})\s*(?P<zone1>{_ZONE})?\s*{_TO}\s*(?P<end>{_HOUR})\s*(?P<zone>{_ZONE})?"
    rf"(?!\s*{_TO}\s*\d)",
    re.IGNORECASE,
)
_ALONE = re.compile(
    rf"(?P<start>(?<!\d)\d{{1,2}}(?:[:.]\d\d)?\s*{_HALF}|(?<!\d)\d{{1,2}}:\d\d)\s*(?P<zone>{_ZONE})?",
    re.IGNORECASE,
)
_DAY = r"(?P<{0}>\d{{1,2}})(?:st|nd|rd|th)?(?!\d|[:.]\d|\s*[ap]\.?m\b|/)"
_YEAR = r"(?:,?\s*(?P<year>20\d\d)\b)?"
_DATES = (
    re.compile(
        rf"(?:(?P<weekday>{_WEEKDAY})\s*(?:{_TO}\s*{_WEEKDAY})?,?\s*)?(?P<month>{_MONTH})\s*"
        + _DAY.format("day")
        + rf"(?:\s*{_TO}\s*(?:{_WEEKDAY},?\s*)?(?:(?P<month2>{_MONTH})\s*)?"
        + _DAY.format("day2")
        + r")?(?P<more>(?:\s*(?:,\s*and|,|and|&)\s*\d{1,2}(?:st|nd|rd|th)?"
        + r"(?!\d|[:.]\d|\s*[ap]\.?m\b|/))*)"
        + _YEAR,
        re.IGNORECASE,
    ),
    re.compile(
        rf"(?:(?P<weekday>{_WEEKDAY}),?\s*)?(?<!\d)(?P<day>\d{{1,2}})\s+(?P<month>{_MONTH}){_YEAR}",
        re.IGNORECASE,
    ),
    re.compile(
        rf"(?:(?P<weekday>{_WEEKDAY}),?\s*)?(?<![\d-])(?P<year>20\d\d)-(?P<number>\d\d)-(?P<day>\d\d)",
        re.IGNORECASE,
    ),
    re.compile(
        rf"(?:(?P<weekday>{_WEEKDAY}),?\s*)?(?<![\d/])(?P<number>\d{{1,2}})/(?P<day>\d{{1,2}})"
        r"(?:/(?P<year>\d{4}|\d\d))?(?![\d/])",
        re.IGNORECASE,
    ),
)
_ONLY_YEAR = re.compile(r"\b(20\d\d)\b")
_BULLET = re.compile(r"^\s*(?:[•·▪◦*–—-]+|\(?\d{1,3}[.)])(?:\s+|$)")
_FILLER = re.compile(
    rf"{_WEEKDAY}|\b(?:at|on|from|and|in|the|of|to|date|dates|training|trainings|all|are|is|provided)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Written:
    """One date of the list as it was understood.

    `number` is its line, from 1. `zone` is an IANA name, None where the line names none. `notes`
    say what to look at; a `doubtful` one is not to be taken unseen; with a `problem` there is none.
    """

    number: int
    text: str
    day: date | None = None
    start: time | None = None
    end: time | None = None
    zone: str | None = None
    notes: tuple[str, ...] = ()
    doubtful: bool = False
    problem: str = ""


@dataclass(frozen=True)
class _Clocks:
    start: time | None = None
    end: time | None = None
    zone: str | None = None


def read(text: str, *, today: date) -> list[Written]:
    """Read the list. A date without a year is the next one from `today` on (New York's day).

    More than MOST dates are cut off, the last row saying so.
    """
    rows: list[Written] = []
    time_lines: list[tuple[int, _Clocks]] = []
    year: int | None = None
    for number, line in enumerate(text.splitlines(), start=1):
        words = _BULLET.sub("", " ".join(line.split()))
        if not words:
            continue
        clocks, rest = _clocks(words)
        found, left = _dates(rest, number, words, today=today, year=year)
        if found:
            unread = _unread(left)
            rows += [_with(row, clocks, unread) for row in found]
        elif clocks.start and clocks.end:
            time_lines.append((number, clocks))
        if not found and (named := _ONLY_YEAR.search(rest)):
            year = int(named[1])
        elif not found and not clocks.start:
            rows.append(Written(number, words, problem=_("There is no date in this line.")))
    for index, row in enumerate(rows):
        above = [clocks for number, clocks in time_lines if number < row.number]
        common = (above or [clocks for _number, clocks in time_lines[:1]] or [_Clocks()])[-1]
        rows[index] = _with(row, common)
    if len(rows) > MOST:
        last = _("These are more than %(most)s dates. Add the rest afterwards.") % {"most": MOST}
        rows = [*rows[:MOST], replace(rows[MOST], day=None, problem=last)]
    return rows


def by_pattern(
    *,
    weekdays: Sequence[int],
    every: str,
    first: date,
    last: date,
    without: Sequence[date] = (),
) -> list[date]:
    """The dates of a pattern from `first` to `last`, both included, but for those `without`.

    `weekdays` are 0 (Monday) to 6. `every`: "week"; "other", the first week with such a day and
    every second one after it; "1" to "4", the n-th such weekday of each month; "last".
    """
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    wanted = [day for day in days if day.weekday() in weekdays]
    if every == "other" and wanted:
        monday = wanted[0] - timedelta(days=wanted[0].weekday())
        wanted = [day for day in wanted if (day - monday).days // 7 % 2 == 0]
    elif every == "last":
        wanted = [day for day in wanted if day.day + 7 > monthrange(day.year, day.month)[1]]
    elif every.isdigit():
        wanted = [day for day in wanted if (day.day - 1) // 7 + 1 == int(every)]
    return [day for day in wanted if day not in without][:MOST]


def _with(row: Written, clocks: _Clocks, note: str = "") -> Written:
    """The row with these times where it has none of its own."""
    if note:
        row = replace(row, notes=(*row.notes, note))
    if row.start and row.end:
        return row
    return replace(
        row,
        start=row.start or clocks.start,
        end=row.end or clocks.end,
        zone=row.zone or clocks.zone,
    )


def _clocks(words: str) -> tuple[_Clocks, str]:
    """The first span of time in the line (or a start alone), and the line without it."""
    place = 0
    while found := _SPAN.search(words, place):
        after_month = re.search(rf"{_MONTH}\s*$", words[: found.start()], re.IGNORECASE)
        if (clocks := _span(found)) and not after_month:
            return clocks, f"{words[: found.start()]} {words[found.end() :]}"
        place = found.start() + 1
    if found := _ALONE.search(words):
        try:
            start, _zone = parse_clock(found["start"])
        except ValueError:
            return _Clocks(), words
        rest = f"{words[: found.start()]} {words[found.end() :]}"
        return _Clocks(start=start, zone=_zone_of(found["zone"])), rest
    return _Clocks(), words


def _span(found: re.Match[str]) -> _Clocks | None:
    """Two times of day; "10 to 1 pm" begins in the morning. None when they are something else."""
    first, last = found["start"].strip(), found["end"].strip()
    sure = re.compile(rf"[:.]\d\d|{_HALF}", re.IGNORECASE)
    if not sure.search(last):
        return None
    try:
        end, _none = parse_clock(last)
        if sure.search(first):
            start, _none = parse_clock(first)
        else:
            start = next(
                clock for half in ("pm", "am") if (clock := parse_clock(f"{first} {half}")[0]) < end
            )
    except (ValueError, StopIteration):
        return None
    if start >= end and not re.search(_HALF, first, re.IGNORECASE):
        # "9:30 - 12:30 pm" is a morning, "1:30 - 3 pm" an afternoon.
        half = time((start.hour + 12) % 24, start.minute)
        start = half if half < end else start
    elif start < end and re.search(r"p", last, re.IGNORECASE) and _bare(first, start, end):
        start = time(start.hour + 12, start.minute)
    return _Clocks(start=start, end=end, zone=_zone_of(found["zone"] or found["zone1"]))


def _bare(first: str, start: time, end: time) -> bool:
    """Whether "1:30" before "3 pm" is an afternoon too."""
    spelled = re.search(_HALF, first, re.IGNORECASE)
    return not spelled and 1 <= start.hour < 12 and (start.hour + 12, start.minute) < (
        end.hour, end.minute,
    )  # fmt: skip


def _zone_of(text: str | None) -> str | None:
    return parse_zone(text).key if text else None


def _dates(
    words: str, number: int, line: str, *, today: date, year: int | None
) -> tuple[list[Written], str]:
    """Every date in the words, in the order written, and what is left of them."""
    found: list[tuple[int, list[Written]]] = []
    for pattern in _DATES:
        while match := pattern.search(words):
            parts = match.groupdict()
            rows = [
                _dated(number, line, parts, month, day, today=today, year=year)
                for month, day in _days_of(parts)
            ]
            found.append((match.start(), rows))
            # Blanked, so that the next pattern does not read it again and places stay.
            words = words[: match.start()] + " " * len(match[0]) + words[match.end() :]
    return [row for _place, rows in sorted(found, key=lambda pair: pair[0]) for row in rows], words


def _days_of(parts: dict[str, str | None]) -> Iterator[tuple[int, int]]:
    """(month, day) of each day that was written: one, the days of a range, or those of a list."""
    month = _month(parts)
    first = int(parts["day"] or 0)
    yield month, first
    if parts.get("day2"):
        last_month = _month_named(parts["month2"]) if parts.get("month2") else month
        last = int(parts["day2"] or 0)
        if last_month == month:
            yield from ((month, day) for day in range(first + 1, min(last, 31) + 1))
        elif last_month == month % 12 + 1:
            length = monthrange(2024, month)[1]
            yield from ((month, day) for day in range(first + 1, length + 1))
            yield from ((last_month, day) for day in range(1, min(last, 31) + 1))
    for day in re.findall(r"\d+", parts.get("more") or ""):
        yield month, int(day)


def _month_named(name: str | None) -> int:
    return _MONTHS.index((name or "")[:3].casefold()) + 1


def _month(parts: dict[str, str | None]) -> int:
    if parts.get("number"):
        return int(parts["number"] or 0)
    return _month_named(parts["month"])


def _dated(
    number: int,
    line: str,
    parts: dict[str, str | None],
    month: int,
    day: int,
    *,
    today: date,
    year: int | None,
) -> Written:
    """One date, with what is to be looked at."""
    written = int(parts["year"] or 0) if parts.get("year") else year
    if written is not None and written < 100:
        written += 2000
    found = _day(written, month, day) if written else _next(month, day, today)
    if found is None:
        return Written(number, line, problem=_("There is no such day."))
    said = parts.get("weekday")
    several = bool(parts.get("day2") or parts.get("more"))
    weekday = _DAYS.index(said[:3].casefold()) if said and not several else None
    notes: tuple[str, ...] = ()
    if weekday is not None and weekday != found.weekday():
        notes = (_other_weekday(found, weekday),)
    return Written(number, line, day=found, notes=notes, doubtful=bool(notes))


def _other_weekday(day: date, said: int) -> str:
    """What the calendar says, and where the written weekday may come from."""
    fits = [
        other
        for years in (-1, -2, -3, -4, -5, -6, 1, 2, 3, 4, 5)
        if (other := _day(day.year + years, day.month, day.day)) and other.weekday() == said
    ]
    monday = day - timedelta(days=day.weekday())
    facts = {
        "date": formats.date_format(day, "F j, Y"),
        "weekday": formats.date_format(day, "l"),
        "said": formats.date_format(monday + timedelta(days=said), "l"),
    }
    sentence = _("%(date)s is a %(weekday)s, not a %(said)s.") % facts
    if not fits:
        return sentence
    return f"{sentence} " + _("It was written as in %(year)s: is the list from another year?") % {
        "year": fits[0].year
    }


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _next(month: int, day: int, today: date) -> date | None:
    """The first such day from today on; 29 February may be years away."""
    days = (_day(today.year + years, month, day) for years in range(9))
    return next((found for found in days if found and found >= today), None)


def _unread(left: str) -> str:
    """What nobody could make use of in the line, for the person to look at."""
    words = " ".join(re.sub(r"[^\w\s'’]", " ", _FILLER.sub(" ", left)).split())
    return _("Not read: “%(words)s”.") % {"words": words} if words else ""
