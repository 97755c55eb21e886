"""Who the desk is for, and the links beside its pages."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from lms.people.permissions import is_any_coordinator

View = Callable[..., HttpResponse]


def desk_view(view: View) -> View:
    """A page of the desk: coordinators only; for everybody else it does not exist."""

    @wraps(view)
    @never_cache
    @login_required
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not is_any_coordinator(request.user):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


def posted(request: HttpRequest) -> QueryDict | None:
    """What was posted, even if it is nothing; None for a form that is only looked at."""
    return request.POST if request.method == "POST" else None


def frame(current: str) -> dict[str, Any]:
    """The context of layouts/desk.html; `current` names the link of the page shown."""
    links = [
        ("overview", _("Today"), reverse("desk:overview")),
        ("sessions", _("Sessions"), reverse("desk_sessions:list")),
        ("mailing", _("Mailing lists"), reverse("desk_mailing:lists")),
        ("people", _("People"), reverse("desk_people:search")),
        ("proofs", _("Proofs"), reverse("desk_proofs:queue")),
        ("facilities", _("Facilities"), reverse("desk_facilities:queue")),
        ("documents", _("Signed documents"), reverse("desk_documents:list")),
        ("surveys", _("Surveys"), reverse("desk_surveys:list")),
        ("records", _("Other systems"), reverse("desk_records:overview")),
        ("credit", _("Credit"), reverse("desk_credit:overview")),
        ("programs", _("Outside programs"), reverse("desk_programs:list")),
        ("reports", _("Reports"), reverse("desk_reports:courses")),
        ("access", _("Access"), reverse("desk_access:queue")),
        ("content", _("Courses and pages"), reverse("wagtailadmin_home")),
    ]
    return {
        "nav": {"current": "desk", "desk": True},
        "desk_nav": [
            {"label": label, "url": url, "current": name == current} for name, label, url in links
        ],
    }
