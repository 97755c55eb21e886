"""The moving parts of Wagtail's pages: they ask the rooms, since pages hold content only."""

from typing import Any

from django import template
from django.conf import settings
from django.http import QueryDict
from django.utils import timezone

from events.selectors import upcoming_sessions
from lms.core.time import new_york_today
from lms.people.permissions import edits_for
from lms.portal.catalogue import CatalogueFilter, cards, catalogue_page
from lms.portal.catalogue_credit import nothing_found
from lms.trainings.accreditation import not_confirmed
from lms.trainings.models import TrainingPage

register = template.Library()


@register.simple_tag(takes_context=True)
def begins_at_once(context: dict[str, Any]) -> bool:
    """Whether a course's page asks what its door would ask, and its button begins.

    So it is where a browser has a session: its page is not kept for others. Who it is, is asked of
    the database when the button is pressed, not for each page.
    """
    request = context.get("request")
    return request is not None and settings.SESSION_COOKIE_NAME in request.COOKIES


@register.inclusion_tag("portal/partials/next_dates.html")
def next_dates(limit: int = 3) -> dict[str, Any]:
    """The next dates of all trainings, for the home page. Knows no reader."""
    return {"dates": upcoming_sessions(timezone.now(), limit=limit)}


@register.inclusion_tag("portal/partials/credit_for_staff.html", takes_context=True)
def credit_for_staff(context: dict[str, Any], page: TrainingPage) -> dict[str, Any]:
    """To its office's people: planned credit that nobody else sees yet. Asks of no visitor."""
    request = context.get("request")
    # A visitor without a session is not asked who they are: the page is kept for all of them.
    if (
        not len(page.credit_lines)
        or request is None
        or settings.SESSION_COOKIE_NAME not in request.COOKIES
        or not request.user.is_authenticated
        or not edits_for(request.user, page.office_id)
    ):
        return {"missing": []}
    return {"missing": not_confirmed(page, day=new_york_today())}


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
        "no_credit": {} if page.paginator.count else nothing_found(str(asked.get("credit", ""))),
        "path": path,
        "params": params,
    }
