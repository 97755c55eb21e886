"""Blocks of the home page."""

from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from lms.pages.enums import DoorShape


class DoorBlock(blocks.StructBlock):
    """One of the home page's doors: where it leads and what happens behind it."""

    title = blocks.CharBlock(max_length=60)
    text = blocks.CharBlock(max_length=200)
    link = blocks.CharBlock(
        max_length=200,
        validators=[RegexValidator(r"^/[^/\\]", _("An address on this site, such as /trainings/"))],
        help_text=_("An address on this site, such as /trainings/"),
    )
    shape = blocks.ChoiceBlock(choices=DoorShape.choices, required=False)

    class Meta:
        icon = "link"
        label = _("Door")
