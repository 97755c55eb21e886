"""The sentence that says how minutes came about; kept with the decision and the completion."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from events.attendance_report.presence import Presence
from events.attendance_report.rule import Rule

# More comings and goings than this are summed up: a note has room for 300 characters.
_MOST_SPANS = 4


def sentence(
    presence: Presence,
    *,
    starts_at: datetime,
    ends_at: datetime,
    zone: ZoneInfo,
    rule: Rule,
    has_code: bool = False,
    late: int = 0,
    shared: bool = False,
) -> str:
    """As in: Joined 10:04 am, left 11:20 am, back 11:26 am, left 1:00 pm: 169 of 180 minutes.

    Times are those of `zone`. In the site's main language, since it is evidence.
    """
    with translation.override(settings.LANGUAGE_CODE):
        numbers = {
            "times": _comings(presence, zone),
            "minutes": presence.minutes,
            "planned": int((ends_at - starts_at).total_seconds() // 60),
            "start": _clock(starts_at, zone),
            "end": _clock(ends_at, zone),
        }
        text = _("%(times)s: %(minutes)s of %(planned)s minutes") % numbers
        if presence.is_cut:
            text += _(" (counted from %(start)s to %(end)s)") % numbers
        text += rule.in_words(presence.minutes, has_code=has_code, late=late)
        return _("Shared somebody's screen. %(text)s") % {"text": text} if shared else text


def _comings(presence: Presence, zone: ZoneInfo) -> str:
    spans = presence.intervals
    parts = [_part(number, span.start, span.end, zone) for number, span in enumerate(spans)]
    if len(spans) > _MOST_SPANS:
        parts = [
            parts[0],
            _("back %(times)s more times") % {"times": len(spans) - 1},
            _("left for good %(end)s") % {"end": _clock(spans[-1].end, zone)},
        ]
    return ", ".join(parts)


def _part(number: int, start: datetime, end: datetime, zone: ZoneInfo) -> str:
    clocks = {"start": _clock(start, zone), "end": _clock(end, zone)}
    if number:
        return _("back %(start)s, left %(end)s") % clocks
    return _("Joined %(start)s, left %(end)s") % clocks


def _clock(moment: datetime, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%-I:%M %p}".lower()
