"""How a standing is drawn."""

from datetime import date

from django import template
from django.utils.safestring import SafeString

from lms.compliance.enums import StandingState
from lms.core.templatetags.components import pill
from lms.core.time import short_date

register = template.Library()

_KINDS = {
    StandingState.MET_ON_TIME: "ok",
    StandingState.MET_LATE: "ok",
    StandingState.DUE_SOON: "soon",
    StandingState.RENEW_SOON: "soon",
    StandingState.TRAINED_NOT_PROVEN: "soon",
    StandingState.OVERDUE: "overdue",
    StandingState.LEFT_NOT_TRAINED: "overdue",
}


@register.simple_tag(takes_context=True)
def standing_pill(context: template.Context, state: StandingState | str) -> SafeString:
    """components/status_pill.html for a state, drawn once for a page however many rows have it."""
    state = StandingState(state)
    return pill(context, _KINDS.get(state, "neutral"), state.label)


@register.filter
def short(day: date) -> str:
    """Nov. 20, 2026; as the `date` filter, without working it out again for each row."""
    return short_date(day)


@register.filter
def iso_short(day: str) -> str:
    """Nov. 20, 2026, from the text 2026-11-20; what is no day stays as it is."""
    try:
        return short_date(date.fromisoformat(day))
    except ValueError:
        return day
