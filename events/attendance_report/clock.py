"""Dates and times as they stand in reports, and the instants they mean in a zone.

Webex writes `2026-07-30 09:55:03` or `7/30/2026, 9:55:03 AM`, by the language of whoever downloads,
and never the zone. A spreadsheet may leave out the seconds.
"""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

_TIME = (
    r"[\sT,]+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?"
    r"\s*(?P<half>[ap]\.?\s?m\.?)?\s*(?P<offset>Z|UTC|GMT|[+-]\d{2}:?\d{2})?$"
)
_YEAR_FIRST = re.compile(
    r"^(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})" + _TIME, re.IGNORECASE
)
_YEAR_LAST = re.compile(
    r"^(?P<one>\d{1,2})(?P<sign>[-/.])(?P<two>\d{1,2})[-/.](?P<year>\d{4}|\d{2})" + _TIME,
    re.IGNORECASE,
)
# What stands for "still there" in some reports.
_NEVER = datetime(1971, 1, 1)  # noqa: DTZ001 - wall time

_LAST_YEAR = 2200


class SkippedTimeError(ValueError):
    """The clocks of the zone never show this time on that day."""


def read_time(text: str, *, day_first: bool) -> datetime | None:
    """The date and time in a cell: wall time, or aware where the cell names an offset.

    None for an empty cell, and for 1970, which stands for "not yet". Raises ValueError for
    anything else that is no date and time.
    """
    text = " ".join(text.split())
    if not text or text in {"-", "--", "N/A"}:
        return None
    found = _YEAR_FIRST.match(text)
    if found:
        month, day = int(found["month"]), int(found["day"])
    else:
        found = _YEAR_LAST.match(text)
        if not found:
            raise ValueError(text)
        one, two = int(found["one"]), int(found["two"])
        month, day = (two, one) if day_first or found["sign"] == "." else (one, two)
    year = _full_year(found["year"])
    if year > _LAST_YEAR:
        raise ValueError(text)
    moment = datetime(  # noqa: DTZ001 - wall time; the zone comes from the caller
        year,
        month,
        day,
        _hour(int(found["hour"]), found["half"]),
        int(found["minute"]),
        int(found["second"] or 0),
    )
    if moment < _NEVER:
        return None
    return moment.replace(tzinfo=_offset(found["offset"])) if found["offset"] else moment


def _hour(hour: int, half: str | None) -> int:
    if not half:
        return hour
    if not 1 <= hour <= 12:
        raise ValueError(hour)
    return hour % 12 + (12 if half.lower().startswith("p") else 0)


def _offset(text: str) -> timezone:
    if text.upper() in {"Z", "UTC", "GMT"}:
        return UTC
    digits = text[1:].replace(":", "")
    minutes = int(digits[:2]) * 60 + int(digits[2:])
    return timezone(timedelta(minutes=minutes if text[0] == "+" else -minutes))


def day_comes_first(cells: Iterable[str], *, otherwise: bool, near: date | None) -> bool:
    """Whether a file writes 30/7/2026 for 30 July; one answer for the whole file.

    A number above 12 decides. Where none is, the reading whose dates lie nearer to `near` (the
    session's day) does, then `otherwise` (what the heading's language is used to).
    """
    found = [m for cell in cells if (m := _YEAR_LAST.match(cell)) and m["sign"] != "."]
    pairs = {(int(m["one"]), int(m["two"]), _full_year(m["year"])) for m in found}
    if any(one > 12 for one, _two, _year in pairs):
        return True
    if any(two > 12 for _one, two, _year in pairs):
        return False
    if near is None or not pairs or any(0 in pair for pair in pairs):
        return otherwise
    month_first = min(abs(date(year, one, two) - near) for one, two, year in pairs)
    day_first = min(abs(date(year, two, one) - near) for one, two, year in pairs)
    return otherwise if month_first == day_first else day_first < month_first


def _full_year(digits: str) -> int:
    return int(digits) + 2000 if len(digits) == 2 else int(digits)


def localize(moment: datetime, zone: ZoneInfo, *, later: bool = False) -> datetime:
    """The instant (UTC) a wall time means in the zone; `later`: of two equal times the second.

    Raises SkippedTimeError for a time that a spring night skips.
    """
    if moment.tzinfo:
        return moment.astimezone(UTC)
    instant = moment.replace(tzinfo=zone, fold=1 if later else 0).astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) != moment:
        raise SkippedTimeError(moment)
    return instant
