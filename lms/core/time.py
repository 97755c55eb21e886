"""New York time: deadlines are local dates, and the abbreviation is computed, never stored."""

from calendar import monthrange
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _

NEW_YORK = ZoneInfo("America/New_York")


def new_york_date(instant: datetime) -> date:
    """The calendar day in New York at `instant` (aware)."""
    return instant.astimezone(NEW_YORK).date()


def new_york_today(now: datetime | None = None) -> date:
    """Today's calendar day in New York."""
    return new_york_date(now or timezone.now())


def years_on(day: date, years: int) -> date:
    """The same day `years` later (or earlier); February 29 moves to the side that keeps longer."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1) if years > 0 else date(day.year + years, 2, 28)


def months_on(day: date, months: int) -> date:
    """The same day so many months later; where that month is shorter, its last day."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def end_of(day: date) -> datetime:
    """The moment a New York calendar day ends."""
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=NEW_YORK)


def long_date(day: date) -> str:
    """The day with its month in full, as documents have it: "November 20, 2026"."""
    if translation.get_language() == "en":
        return formats.date_format(day, "F j, Y")
    return formats.date_format(day, "DATE_FORMAT")


def short_date(day: date) -> str:
    """The day as lists and sentences have it: "Nov. 20, 2026"; kept, since tables repeat days."""
    return _short_date(day, translation.get_language() or "")


@lru_cache(maxsize=4096)
def _short_date(day: date, language: str) -> str:
    return formats.date_format(day, "DATE_FORMAT")


def zone_label(instant: datetime, zone: ZoneInfo = NEW_YORK) -> str:
    """How the zone is called on that day: "Eastern (EDT)" in July, "Eastern (EST)" in January."""
    abbreviation = instant.astimezone(zone).tzname() or ""
    if zone.key == NEW_YORK.key:
        return _("Eastern (%(abbreviation)s)") % {"abbreviation": abbreviation}
    return f"{zone.key.rpartition('/')[2].replace('_', ' ')} ({abbreviation})"


def time_range(start: datetime, end: datetime, zone: ZoneInfo = NEW_YORK) -> str:
    """A span of one day as people read it: "10 a.m. to 1 p.m. Eastern (EDT)"."""
    first = formats.time_format(start.astimezone(zone).time(), "TIME_FORMAT")
    last = formats.time_format(end.astimezone(zone).time(), "TIME_FORMAT")
    return _("%(first)s to %(last)s %(zone)s") % {
        "first": first,
        "last": last,
        "zone": zone_label(start, zone),
    }
