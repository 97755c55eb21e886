"""What any template may draw of the dated data."""

from typing import Any

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language

from lms.core.time import new_york_today
from lms.pages import selectors
from lms.pages.models import Fact

register = template.Library()


@register.inclusion_tag("pages/partials/fact.html")
def fact(which: str | Fact) -> dict[str, Any]:
    """`{% fact "key" %}`: a figure with its year and source; an unknown key draws nothing."""
    here = get_language() or settings.LANGUAGE_CODE
    found = selectors.figure(which, here) if isinstance(which, str) else which
    if found is None:
        return {"fact": None}
    spoken = found.locale.language_code
    return {
        "fact": found,
        "stale": found.is_stale(new_york_today()),
        "lang": spoken if spoken != here else "",
    }


@register.inclusion_tag("pages/partials/help_strip.html")
def help_strip() -> dict[str, Any]:
    """`{% help_strip %}`: 911 and the hotline in one box, with the way to the help page."""
    contacts = selectors.help_contacts(get_language() or settings.LANGUAGE_CODE)
    return {"danger": contacts.danger, "hotline": contacts.hotline}


@register.simple_tag
def in_every_language(name: str) -> list[dict[str, str]]:
    """`{% in_every_language "help" as links %}`: the view's address in each of our languages."""
    links = []
    for code, label in settings.LANGUAGES:
        with translation.override(code):
            links.append({"code": code, "label": label, "url": reverse(name)})
    return links
