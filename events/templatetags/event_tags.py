"""What moves on a page that knows nobody: the dates of a training."""

from datetime import datetime

from django import template
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from events import selectors, series, wall_time, wording
from events.models import LiveTrainingPage, Session
from events.series_models import SeriesPage
from lms.core.time import zone_label

register = template.Library()


@register.simple_tag
def upcoming_sessions(page: LiveTrainingPage) -> list[selectors.SessionFacts]:
    """The coming dates of the page's training; those that are past leave by themselves.

    None for a restricted training, since the page knows no reader: its door shows them.
    """
    training = page.door
    if training is None or training.is_restricted:
        return []
    return selectors.upcoming_of(training, timezone.now())


@register.simple_tag
def first_open(dates: list[selectors.SessionFacts]) -> selectors.SessionFacts | None:
    """The soonest of the dates for which one can register now."""
    return next((facts for facts in dates if facts.open), None)


@register.simple_tag(takes_context=True)
def series_program(context: template.Context, page: SeriesPage) -> list[series.ProgramDay]:
    """The program of the page by day; nothing while it is only announced. Read once a page."""
    kept = context.render_context
    if "series_program" not in kept:
        kept["series_program"] = series.program(page, timezone.now())
    days: list[series.ProgramDay] = kept["series_program"]
    return days


@register.filter
def may_be_indexed(days: list[series.ProgramDay]) -> bool:
    """Whether search engines may list a page with this program."""
    return series.is_indexed(days)


@register.simple_tag
def about_training(page: LiveTrainingPage) -> list[wording.Fact]:
    """The page's facts for a definition list."""
    return wording.about_training(page)


@register.simple_tag
def next_sessions(limit: int = 3) -> list[selectors.SessionFacts]:
    """The next dates of all trainings, for the home page."""
    return selectors.upcoming_sessions(timezone.now(), limit=limit)


@register.simple_tag
def local_moment(moment: datetime, session: Session) -> str:
    """An instant with its day, on the session's clocks."""
    return wall_time.moment(moment, session.zone_info)


@register.simple_tag
def in_session_time(moment: datetime, session: Session) -> str:
    """An instant on the session's clocks: "9:30 a.m. Eastern (EDT)"."""
    zone = session.zone_info
    return _("%(time)s %(zone)s") % {
        "time": formats.time_format(moment.astimezone(zone).time(), "TIME_FORMAT"),
        "zone": zone_label(moment, zone),
    }
