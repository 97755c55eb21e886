"""Blocks every training page uses."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from lms.trainings.accrediting import choices, find
from lms.trainings.enums import CreditType


class AccreditorBlock(blocks.ChoiceBlock):
    """Who gives the hours; a name that somebody once typed means the accreditor of that name."""

    def to_python(self, value: Any) -> Any:
        """The accreditor's id; what is unknown stays as it was typed, for the editor to settle."""
        known = find(value) if isinstance(value, str) else None
        return known.id if known else value


class CreditBlock(blocks.StructBlock):
    """Contact hours an accreditor gives. No block means no credit, and the page says so."""

    accreditor = AccreditorBlock(
        choices=choices,
        help_text=_("Each accreditor is its own line. Shown once the office has confirmed it."),
    )
    type = blocks.ChoiceBlock(choices=CreditType.choices)
    hours = blocks.DecimalBlock(
        min_value=Decimal("0.01"), max_digits=5, decimal_places=2, label=_("Contact hours")
    )

    class Meta:
        icon = "tick"
        label = _("Contact hours")
