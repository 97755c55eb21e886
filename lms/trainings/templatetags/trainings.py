"""What a training's page says on who may take it. Nothing here knows a reader."""

from django import template

from lms.trainings import wording
from lms.trainings.models import TrainingPage

register = template.Library()


@register.simple_tag
def whom_it_is_for(page: TrainingPage) -> str:
    """One sentence on who may take a restricted training; nothing for one open to everybody."""
    return wording.whom_it_is_for(page.door) if page.door else ""
