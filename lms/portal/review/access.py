"""Who reviews: reviewers of an office that speaks for the state; to all others nothing is there."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from lms.people.models import Organization, Person
from lms.people.state_office import reviewing_office

View = Callable[..., HttpResponseBase]


def review_view(view: View) -> View:
    """A page for reviewers, called with the office they look for; a 404 to everybody else.

    The administrator is nobody here: who looks for the state holds the role.
    """

    @wraps(view)
    @never_cache
    @login_required
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        office = reviewing_office(reader(request))
        if office is None:
            raise Http404
        return view(request, office, *args, **kwargs)

    return guarded


def reader(request: HttpRequest) -> Person:
    """The reviewer who is signed in."""
    return cast("Person", request.user)


def frame(current: str, office: Organization, **more: Any) -> dict[str, Any]:
    """The context of layouts/desk.html; `current` names the link of the page shown."""
    links = [
        ("totals", _("Totals"), reverse("review:totals")),
        ("samples", _("Random samples"), reverse("review:samples")),
        ("records", _("Records with names"), reverse("review:records")),
    ]
    return {
        "nav": {"current": "review", "review": True},
        "aside_label": _("State review"),
        "desk_nav": [
            {"label": label, "url": url, "current": name == current} for name, label, url in links
        ],
        "office": office,
        **more,
    }
