"""Who gets in: those who look after lodging facilities; to all others the page does not exist."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse

from lms.compliance.claims.permissions import looks_after_facilities
from lms.people.models import Person
from lms.portal.desk.access import desk_view

View = Callable[..., HttpResponse]


def reader(request: HttpRequest) -> Person:
    """The coordinator who is signed in."""
    return cast("Person", request.user)


def facilities_desk(view: View) -> View:
    """A page of the desk for coordinators of an office that looks after facilities."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not looks_after_facilities(reader(request)):
            raise Http404
        return view(request, *args, **kwargs)

    return desk_view(guarded)
