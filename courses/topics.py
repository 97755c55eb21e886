"""Which topics of a rule set a lesson covers, and where: named there, frozen in the version."""

import re
from collections.abc import Iterable
from html import unescape
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.html import strip_tags
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.blocks import StreamValue
from wagtail.blocks.struct_block import StructBlockValidationError

from courses.outline import topic_choices

_HEADING = re.compile(r"<h[2-4][^>]*>(.*?)</h[2-4]>", re.DOTALL)


class TopicPlaceBlock(blocks.StructBlock):
    """A topic that the lesson covers, and under which of its headings."""

    topic = blocks.ChoiceBlock(choices=topic_choices, label=_("Topic"))
    place = blocks.CharBlock(
        required=False,
        max_length=200,
        label=_("Where"),
        help_text=_("A heading of this lesson, as it stands there. Empty: the whole lesson."),
    )

    class Meta:
        icon = "tag"
        label = _("Topic")


class LessonPageForm(WagtailAdminPageForm):
    """A place must be a heading of the lesson: an inspector will look for it there."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        topics, body = cleaned.get("topics"), cleaned.get("body")
        if topics is None or body is None:
            return cleaned
        known = headings(body)
        wrong: dict[int, ValidationError] = {
            index: StructBlockValidationError(
                {
                    "place": ValidationError(
                        gettext("The lesson has no such heading. Its headings: %(headings)s.")
                        % {"headings": "; ".join(known) or "–"}
                    )
                }
            )
            for index, block in enumerate(topics)
            if (block.value["place"] or "").strip() not in {"", *known}
        }
        if wrong:
            self.add_error("topics", blocks.StreamBlockValidationError(block_errors=wrong))
        return cleaned


def headings(body: StreamValue) -> list[str]:
    """The headings a reader sees in a lesson, in its order: of texts, of blocks, of parts."""
    found: list[str] = []
    for block in body:
        value = block.value
        if block.block_type == "text":
            found += [_plain(match) for match in _HEADING.findall(value.source)]
        elif block.block_type == "accordion":
            found += [item["title"].strip() for item in value["items"]]
        elif block.block_type == "table":
            found.append((getattr(value, "caption", "") or "").strip())
        elif isinstance(value, blocks.StructValue) and value.get("title"):
            found.append(str(value["title"]).strip())
    return [heading for heading in found if heading]


def _plain(html: str) -> str:
    return unescape(strip_tags(html)).replace("\N{NO-BREAK SPACE}", " ").strip()


def named(topics: StreamValue) -> list[dict[str, str]]:
    """What a lesson names: [{topic, place}], each once in its order; place "" is all of it."""
    rows: list[dict[str, str]] = []
    for block in topics:
        row = {"topic": block.value["topic"], "place": (block.value["place"] or "").strip()}
        if row["topic"] and row not in rows:
            rows.append(row)
    return rows


def map_of(places: Iterable[tuple[str, list[dict[str, str]]]]) -> dict[str, list[dict[str, str]]]:
    """A version's topic map {topic: [{step, place}]} from (step key, what its lesson names)."""
    found: dict[str, list[dict[str, str]]] = {}
    for step_key, rows in places:
        for row in rows:
            found.setdefault(row["topic"], []).append({"step": step_key, "place": row["place"]})
    return dict(sorted(found.items()))


def map_in(spec: dict[str, Any]) -> dict[str, list[dict[str, str]]]:
    """The topic map a version was frozen with.

    Steps may name topics too, in older versions all did: they stand for the whole step.
    """
    found = {topic: list(rows) for topic, rows in spec.get("topic_map", {}).items()}
    for step in spec.get("outline", []):
        for topic in step.get("topics", []):
            rows = found.setdefault(topic, [])
            if all(row["step"] != step["key"] for row in rows):
                rows.append({"step": step["key"], "place": ""})
    return dict(sorted(found.items()))
