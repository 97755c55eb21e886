"""How a standing is drawn."""

from django import template

from lms.compliance.enums import StandingState

register = template.Library()

_KINDS = {
    StandingState.MET_ON_TIME: "ok",
    StandingState.MET_LATE: "ok",
    StandingState.DUE_SOON: "soon",
    StandingState.TRAINED_NOT_PROVEN: "soon",
    StandingState.OVERDUE: "overdue",
    StandingState.LEFT_NOT_TRAINED: "overdue",
}


@register.filter
def pill_kind(state: StandingState) -> str:
    """The kind of components/status_pill.html for a state."""
    return _KINDS.get(state, "neutral")
