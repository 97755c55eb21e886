"""Who gets in: a facility's manager or its company's; to all others the page does not exist."""

from collections.abc import Callable
from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache

from lms.compliance.selectors import facility_for
from lms.people.enums import Role
from lms.people.models import Employment, Organization, Person
from lms.people.permissions import has_role

View = Callable[..., HttpResponse]


def private(view: View) -> View:
    """A page for somebody signed in, which nobody's cache keeps."""
    return never_cache(login_required(view))


def reader(request: HttpRequest) -> Person:
    """The person who is signed in, behind `private` or a question of one's own."""
    return cast("Person", request.user)


def managed(request: HttpRequest, key: str) -> Organization:
    """The facility with this key, if the reader manages it; else a 404."""
    found = facility_for(reader(request), key)
    if found is None:
        raise Http404
    return found


def company_of(request: HttpRequest, facility: Organization) -> Organization | None:
    """The facility's company, for a reader who answers for all of it; asks nothing without one."""
    parent = facility.parent
    if parent and has_role(reader(request), Role.COMPANY_MANAGER, parent):
        return parent
    return None


def employee_of(facility: Organization, pk: int) -> Employment:
    """An employment of this facility whose record it keeps, with its person; else a 404."""
    found: Employment = get_object_or_404(
        Employment.objects.kept().select_related("person__canonical_person", "organization"),
        organization=facility,
        pk=pk,
    )
    return found


def frame(facility: Organization | None = None, **more: Any) -> dict[str, Any]:
    """What every page of these has in its context."""
    return {"nav": {"current": "facilities"}, "facility": facility, **more}
