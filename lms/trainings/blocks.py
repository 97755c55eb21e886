"""Blocks every training page uses."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from lms.trainings.enums import CreditType


class CreditBlock(blocks.StructBlock):
    """Contact hours an accreditor gives. No block means no credit, and the page says so."""

    accreditor = blocks.CharBlock(help_text=_("For example NYSED or NASW; each is its own line."))
    type = blocks.ChoiceBlock(choices=CreditType.choices)
    hours = blocks.DecimalBlock(min_value=0, max_digits=5, decimal_places=2)

    class Meta:
        icon = "tick"
        label = _("Contact hours")
