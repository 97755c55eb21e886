"""Working days of the offices: New York's calendar without weekends and public holidays.

The holidays are those of New York's General Construction Law 24 on which state offices close;
Lincoln's birthday and Election Day are left out, since offices differ. A holiday on a Sunday is
kept on Monday (the law's rule), one on a Saturday on Friday (the federal offices').
"""

from datetime import date, datetime, time, timedelta
from functools import lru_cache

from lms.core.time import NEW_YORK

# An office's day ends at 5 p.m.; what comes later counts as the next day's.
_END = time(17)


def due_at(asked_at: datetime, days: int, *, every_day: bool = False) -> datetime:
    """The end of the `days`-th working day after the one on which something was asked.

    What comes on a weekend, a holiday or after 5 p.m. counts from the next working day. With
    `every_day` it is the same hour in New York so many days later, whatever days they are.
    """
    local = asked_at.astimezone(NEW_YORK)
    if every_day:
        return local + timedelta(days=days)
    day = local.date()
    if local.time() >= _END:
        day += timedelta(days=1)
    day = _working_day_from(day)
    for _number in range(days):
        day = _working_day_from(day + timedelta(days=1))
    return datetime.combine(day, _END, tzinfo=NEW_YORK)


def counts_every_day(due_at: datetime) -> bool:
    """Whether a moment from `due_at` counts every day: it is not the end of an office's day."""
    return due_at.astimezone(NEW_YORK).time() != _END


def working_days_between(start: datetime, end: datetime) -> int:
    """How many working days have passed since `start`, the day it began on not counted."""
    day, last, count = start.astimezone(NEW_YORK).date(), end.astimezone(NEW_YORK).date(), 0
    while day < last:
        day += timedelta(days=1)
        count += is_working_day(day)
    return count


def is_working_day(day: date) -> bool:
    """Whether the offices work on `day`."""
    return day.weekday() < 5 and day not in holidays(day.year)


def _working_day_from(day: date) -> date:
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


@lru_cache(maxsize=64)
def holidays(year: int) -> frozenset[date]:
    """The days on which the offices are closed, with next New Year's where it falls into this."""
    fixed = [
        date(year, 1, 1),
        date(year, 6, 19),
        date(year, 7, 4),
        date(year, 11, 11),
        date(year, 12, 25),
        date(year + 1, 1, 1),
    ]
    floating = [
        _nth(year, 1, weekday=0, number=3),  # Martin Luther King Jr.
        _nth(year, 2, weekday=0, number=3),  # Washington
        _nth(year, 6, weekday=0, number=1) - timedelta(days=7),  # Memorial Day, May's last Monday
        _nth(year, 9, weekday=0, number=1),  # Labor Day
        _nth(year, 10, weekday=0, number=2),  # Columbus
        _nth(year, 11, weekday=3, number=4),  # Thanksgiving
    ]
    return frozenset([*map(_kept_on, fixed), *floating])


def _kept_on(day: date) -> date:
    shift = {5: -1, 6: 1}.get(day.weekday(), 0)
    return day + timedelta(days=shift)


def _nth(year: int, month: int, *, weekday: int, number: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (number - 1))
