"""Reports do not name their time zone. Which one fits the session?"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from events.attendance_report.presence import Interval

# The zones a Webex site or account in the United States is set to; Webex's own default is the last.
ZONES = [
    ("America/New_York", _("Eastern (New York)")),
    ("America/Chicago", _("Central (Chicago)")),
    ("America/Denver", _("Mountain (Denver)")),
    ("America/Phoenix", _("Mountain without summer time (Arizona)")),
    ("America/Los_Angeles", _("Pacific (San Francisco, Webex's default)")),
    ("America/Puerto_Rico", _("Atlantic (Puerto Rico)")),
    ("UTC", _("UTC (Greenwich)")),
]
# A mistaken zone within the country, or UTC, or one mistake atop another.
_MOST_HOURS = 8
# When hosts open a meeting, seen from the session's start.
_EARLIEST, _LATEST = timedelta(minutes=-35), timedelta(minutes=10)


def zone_doubt(
    *,
    meeting_starts: Sequence[datetime],
    intervals: Iterable[Interval],
    starts_at: datetime,
    ends_at: datetime,
) -> int:
    """By how many whole hours the report's clocks seem to run ahead of the session's; 0: they fit.

    The meeting begins that many hours off (hosts open it up to 35 minutes before the session, or
    10 late), and people would have been there longer if the hours were taken off. So a host who
    opens the room an hour early is no reason for doubt. All instants are aware, read in the zone
    in question.
    """
    spans = list(intervals)
    if not spans:
        return 0
    start = meeting_starts[0] if meeting_starts else min(spans).start
    hours = round((start - starts_at - (_EARLIEST + _LATEST) / 2) / timedelta(hours=1))
    shift = timedelta(hours=hours)
    opens = start - starts_at - shift
    if not 1 <= abs(hours) <= _MOST_HOURS or not _EARLIEST <= opens <= _LATEST:
        return 0
    moved = [Interval(span.start - shift, span.end - shift) for span in spans]
    as_read, as_moved = _overlap(spans, starts_at, ends_at), _overlap(moved, starts_at, ends_at)
    return hours if as_moved > as_read else 0


def _overlap(spans: list[Interval], starts_at: datetime, ends_at: datetime) -> timedelta:
    inside = (min(span.end, ends_at) - max(span.start, starts_at) for span in spans)
    return sum((time for time in inside if time > timedelta(0)), timedelta(0))


def fitting_zone(zone: ZoneInfo, *, hours: int, at: datetime) -> str:
    """Which of ZONES would take away a doubt of so many hours about `zone`; "" if none would."""
    offset = at.astimezone(zone).utcoffset()
    assert offset is not None  # noqa: S101 - a zone always has one
    wanted = offset + timedelta(hours=hours)
    fitting = (key for key, _name in ZONES if at.astimezone(ZoneInfo(key)).utcoffset() == wanted)
    return next(fitting, "")
