"""What components need and templates cannot do."""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from lms.core.language import door_in

register = template.Library()


@register.filter
def beside(left: Iterable[Any], right: Iterable[Any]) -> Iterator[tuple[Any, Any]]:
    """`{% for column, cell in columns|beside:row %}`: as far as the shorter one goes."""
    return zip(left, right, strict=False)


@register.simple_tag
def door(path: str) -> str:
    """`{% door '/help/' %}`: the path, in the reader's language where that page is translated.

    For the paths that never change (front doors); where there is no translation, the path itself.
    """
    return door_in(path, get_language() or settings.LANGUAGE_CODE)


@register.simple_tag
def icon(name: str, *, turns: bool = False) -> SafeString:
    """`{% icon "check" %}`: components/icon.html, for lists that show it again and again."""
    return _icon(name, turns=turns)


@cache
def _icon(name: str, *, turns: bool) -> SafeString:
    return render_to_string("components/icon.html", {"name": name, "turns": turns})


@register.simple_tag(takes_context=True)
def pill(context: template.Context, kind: str, label: object) -> SafeString:
    """`{% pill "ok" label %}`: components/status_pill.html, for tables whose rows share a few.

    Drawn once for a page, however many rows have it.
    """
    kept: Any = context.render_context
    drawn: dict[tuple[str, str], SafeString] = kept.setdefault("pills", {})
    key = kind, str(label)
    if key not in drawn:
        parts = {"kind": kind, "label": label}
        drawn[key] = render_to_string("components/status_pill.html", parts)
    return drawn[key]


@register.simple_tag
def own_languages() -> list[tuple[str, str]]:
    """The languages switched on, each named in its own script and never translated."""
    return list(settings.LANGUAGES)
