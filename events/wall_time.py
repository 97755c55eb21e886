"""Times as people write and read them, and the instants they mean.

"10 am EST" on a day in July means 10 a.m. on New York's clocks, which then show EDT; the zone
called "EST" in the time-zone database would be an hour off. So abbreviations name a place here, and
none is ever stored.
"""

import re
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo, available_timezones

from django.utils import formats
from django.utils.translation import gettext as _

from lms.core.exceptions import Refused
from lms.core.time import NEW_YORK, time_range, zone_label

_PLACES = {
    "America/New_York": (
        "", "et", "est", "edt", "eastern", "eastern time", "est5edt", "us/eastern",
        "eastern standard time", "eastern daylight time", "new york",
    ),
    "America/Chicago": ("ct", "cst", "cdt", "central", "central time", "cst6cdt", "us/central"),
    "America/Denver": ("mt", "mst", "mdt", "mountain", "mountain time", "mst7mdt", "us/mountain"),
    "America/Los_Angeles": ("pt", "pst", "pdt", "pacific", "pacific time", "pst8pdt", "us/pacific"),
}  # fmt: skip
_ZONES = {name: zone for zone, names in _PLACES.items() for name in names}
_CLOCK = re.compile(
    r"^\s*(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2}))?\s*(?P<half>[ap]\.?\s?m\.?|noon)?\s*(?P<zone>.*?)\s*$",
    re.IGNORECASE,
)


def parse_zone(text: str) -> ZoneInfo:
    """The zone somebody means; "EST" and "EDT" both mean New York's time.

    Raises ValueError for a name nobody knows, and for a fixed offset, which moves with no clock.
    """
    words = " ".join(text.split()).rstrip(".")
    known = _ZONES.get(words.casefold().strip("()"))
    if known:
        return ZoneInfo(known)
    if "/" in words and not words.startswith("Etc/") and words in available_timezones():
        return ZoneInfo(words)
    message = _(
        "“%(zone)s” is not a time zone we know. Write Eastern, or a name like America/Chicago."
    )
    raise ValueError(message % {"zone": text})


def parse_clock(text: str) -> tuple[time, ZoneInfo | None]:
    """A time of day as people write it ("10 am EST", "1:30 p.m.", "13:00"), and its zone if named.

    Raises ValueError when it is none, or when "1" could be night or day.
    """
    refusal = ValueError(
        _("“%(text)s” is not a time of day. Write 10 am, 1:30 pm or 13:30.") % {"text": text}
    )
    if text.strip().casefold() == "noon":
        return time(12), None
    found = _CLOCK.match(text)
    if not found:
        raise refusal
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    half = (found["half"] or "").casefold()
    if half:
        if not 1 <= hour <= 12:
            raise refusal
        hour = hour % 12 + (0 if half.startswith("a") else 12)
    elif found["minute"] is None:
        raise refusal
    if hour > 23 or minute > 59:
        raise refusal
    return time(hour, minute), parse_zone(found["zone"]) if found["zone"] else None


def instant(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """The instant (UTC) at which that zone's clocks show this time; of two, the first.

    Raises Refused for a time that a spring night skips.
    """
    local = datetime.combine(day, clock, tzinfo=zone)
    utc = local.astimezone(UTC)
    if utc.astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise Refused(
            _("On %(day)s the clocks skip %(time)s. Choose another time.")
            % {"day": day, "time": clock.strftime("%H:%M")},
            code="no_such_time",
        )
    return utc


def clock_change(day: date, zone: ZoneInfo) -> str:
    """Says so when the zone's clocks change on that day; else empty."""
    midnight = datetime.combine(day, time(0), tzinfo=zone)
    evening = datetime.combine(day, time(23), tzinfo=zone)
    if midnight.utcoffset() == evening.utcoffset():
        return ""
    return _("The clocks change early that day; from then on it is %(zone)s.") % {
        "zone": zone_label(evening, zone)
    }


def moment(instant: datetime, zone: ZoneInfo = NEW_YORK) -> str:
    """One instant as people read it: "June 10, 2026 at noon Eastern (EDT)"."""
    local = instant.astimezone(zone)
    return _("%(day)s at %(time)s %(zone)s") % {
        "day": formats.date_format(local, "DATE_FORMAT"),
        "time": formats.time_format(local.time(), "TIME_FORMAT"),
        "zone": zone_label(instant, zone),
    }


def when(start: datetime, end: datetime, zone: ZoneInfo = NEW_YORK) -> str:
    """As people read it: "Tuesday, July 14, 2026, 10 a.m. to 1 p.m. Eastern (EDT)"."""
    return _("%(day)s, %(time)s") % {
        "day": formats.date_format(start.astimezone(zone), _("l, F j, Y")),
        "time": time_range(start, end, zone),
    }
