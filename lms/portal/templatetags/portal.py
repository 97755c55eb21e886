"""The moving parts of Wagtail's pages: they ask the rooms, since pages hold content only."""

from typing import Any

from django import template
from django.http import QueryDict
from django.utils import timezone

from events.selectors import upcoming_sessions
from lms.portal.catalogue import CatalogueFilter, cards, catalogue_page

register = template.Library()


@register.inclusion_tag("portal/partials/next_dates.html")
def next_dates(limit: int = 3) -> dict[str, Any]:
    """The next dates of all trainings, for the home page. Knows no reader."""
    return {"dates": upcoming_sessions(timezone.now(), limit=limit)}


@register.inclusion_tag("portal/partials/catalogue.html", takes_context=True)
def catalogue(context: dict[str, Any]) -> dict[str, Any]:
    """The list of trainings with its filters, for the catalogue page. Knows no reader."""
    request = context.get("request")
    params = request.GET if request else QueryDict()
    form = CatalogueFilter(params)
    asked = form.chosen()
    page = catalogue_page(asked, params.get("page"))
    path = request.path if request else ""
    return {
        "form": form.without_nonsense(),
        "active": len(asked),
        "page": page,
        "cards": cards(page.object_list),
        "count": page.paginator.count,
        "no_credit_found": asked.get("credit") == "yes" and not page.paginator.count,
        "path": path,
        "params": params,
    }
