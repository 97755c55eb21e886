"""What a lesson is made of. Each block has a template below templates/courses/blocks/."""

from typing import Any

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.images.blocks import ImageChooserBlock

from courses.file_blocks import DownloadBlock, MediaBlock
from lms.pages.enums import Situation

TEXT = ["h2", "h3", "bold", "italic", "ul", "ol", "link"]
SHORT_TEXT = ["bold", "italic", "ul", "ol", "link"]


class TextBlock(blocks.RichTextBlock):
    """Running text with headings below the lesson's own."""

    class Meta:
        icon = "pilcrow"
        label = _("Text")
        template = "courses/blocks/text.html"


class CalloutBlock(blocks.StructBlock):
    """Something to see before one reads on."""

    kind = blocks.ChoiceBlock(
        choices=[("info", _("Good to know")), ("warning", _("Take care")), ("help", _("Help"))],
        default="info",
    )
    title = blocks.CharBlock(max_length=120)
    html = blocks.RichTextBlock(label=_("Text"), features=SHORT_TEXT)

    class Meta:
        icon = "info-circle"
        label = _("Callout")
        template = "courses/blocks/callout.html"


class MythFactBlock(blocks.StructBlock):
    """What people believe, and what is so."""

    items = blocks.ListBlock(
        blocks.StructBlock(
            [("myth", blocks.TextBlock(rows=2)), ("fact", blocks.TextBlock(rows=2))],
            label=_("Myth and fact"),
        ),
        min_num=1,
    )

    class Meta:
        icon = "help"
        label = _("Myths and facts")
        template = "courses/blocks/myth_fact.html"


class DoDontBlock(blocks.StructBlock):
    """What to do and what not to do, side by side."""

    do = blocks.ListBlock(blocks.TextBlock(rows=2), min_num=1, label=_("Do"))
    dont = blocks.ListBlock(blocks.TextBlock(rows=2), min_num=1, label=_("Do not"))

    class Meta:
        icon = "tick-inverse"
        label = _("Do and don't")
        template = "courses/blocks/do_dont.html"


class IndicatorsBlock(blocks.StructBlock):
    """Signs to notice. The template always says that one alone is not proof (DOMAIN 66)."""

    title = blocks.CharBlock(max_length=120)
    items = blocks.ListBlock(blocks.TextBlock(rows=2), min_num=1)

    class Meta:
        icon = "view"
        label = _("Indicators")
        template = "courses/blocks/indicators.html"


class AccordionBlock(blocks.StructBlock):
    """Parts to open one by one; they open without script."""

    items = blocks.ListBlock(
        blocks.StructBlock(
            [
                ("title", blocks.CharBlock(max_length=120)),
                ("html", blocks.RichTextBlock(label=_("Text"), features=SHORT_TEXT)),
            ],
            label=_("Part"),
        ),
        min_num=1,
    )

    class Meta:
        icon = "list-ul"
        label = _("Parts to open")
        template = "courses/blocks/accordion.html"


class ScenarioBlock(blocks.StructBlock):
    """A short situation with choices; each shows what would follow. Nothing is scored or stored."""

    title = blocks.CharBlock(max_length=120)
    html = blocks.RichTextBlock(label=_("Situation"), features=SHORT_TEXT)
    choices = blocks.ListBlock(
        blocks.StructBlock(
            [
                ("text", blocks.TextBlock(rows=2, label=_("Choice"))),
                ("consequence", blocks.TextBlock(rows=2, label=_("What follows"))),
                ("best", blocks.BooleanBlock(required=False, label=_("This is the best choice"))),
            ],
            label=_("Choice"),
        ),
        min_num=2,
    )

    class Meta:
        icon = "comment"
        label = _("Scenario")
        template = "courses/blocks/scenario.html"


class TableBlock(TypedTableBlock):
    """A small table; its caption says what it shows."""

    text = blocks.TextBlock(rows=2)

    class Meta:
        icon = "table"
        label = _("Table")
        template = "courses/blocks/table.html"


class FactBlock(blocks.StructBlock):
    """A figure, kept as dated data with its year and source; named here by its key."""

    key = blocks.RegexBlock(
        regex=r"^[a-z0-9-]+$", help_text=_("The key of a figure in the list of figures.")
    )

    def get_context(
        self, value: blocks.StructValue, parent_context: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """The figure, from what the player read for the whole lesson, else asked alone."""
        from lms.pages.selectors import figures_by_key  # noqa: PLC0415 - needs the models

        context = super().get_context(value, parent_context=parent_context)
        known = context.get("figures")
        if known is None:
            known = figures_by_key([value["key"]], get_language() or settings.LANGUAGE_CODE)
        return {**context, "fact": known.get(value["key"])}

    class Meta:
        icon = "decimal"
        label = _("Figure with year and source")
        template = "courses/blocks/fact.html"


class ContactsBlock(blocks.StructBlock):
    """Whom to call in a situation, from the dated list of contacts."""

    situation = blocks.ChoiceBlock(choices=Situation.choices)

    def get_context(
        self, value: blocks.StructValue, parent_context: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """The contacts, from what the player read for the whole lesson, else asked alone."""
        from lms.pages.selectors import contacts_by_situation  # noqa: PLC0415 - needs the models

        context = super().get_context(value, parent_context=parent_context)
        situation = value["situation"]
        known = context.get("contacts_by_situation")
        if known is None:
            known = contacts_by_situation([situation], get_language() or settings.LANGUAGE_CODE)
        return {
            **context,
            "situation": Situation(situation).label,
            "contacts": known.get(situation, []),
        }

    class Meta:
        icon = "mobile-alt"
        label = _("Contacts")
        template = "courses/blocks/contacts.html"


class CreditLineBlock(blocks.StructBlock):
    """Whose work a lesson rests on."""

    text = blocks.TextBlock(rows=3)

    class Meta:
        icon = "openquote"
        label = _("Source line")
        template = "courses/blocks/credit.html"


class ContentNoteBlock(blocks.StructBlock):
    """Says before hard material what is coming, and that one may stop."""

    text = blocks.TextBlock(rows=2)

    class Meta:
        icon = "warning"
        label = _("Content note")
        template = "courses/blocks/content_note.html"


class ImageBlock(blocks.StructBlock):
    """An image; those who cannot see it get the alternative text, so that is required."""

    image = ImageChooserBlock()
    alt = blocks.CharBlock(
        max_length=300, label=_("Alternative text"), help_text=_("What the image says, in words.")
    )
    caption = blocks.CharBlock(required=False, max_length=300)

    class Meta:
        icon = "image"
        label = _("Image")
        template = "courses/blocks/image.html"


class LessonBody(blocks.StreamBlock):
    """All that a lesson may hold."""

    content_note = ContentNoteBlock()
    text = TextBlock(features=TEXT)
    callout = CalloutBlock()
    myth_fact = MythFactBlock()
    do_dont = DoDontBlock()
    indicators = IndicatorsBlock()
    accordion = AccordionBlock()
    scenario = ScenarioBlock()
    table = TableBlock()
    image = ImageBlock()
    media = MediaBlock()
    download = DownloadBlock()
    fact = FactBlock()
    contacts = ContactsBlock()
    credit = CreditLineBlock()
