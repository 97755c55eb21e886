"""Who gets in: an agency's training liaison; for everybody else the pages do not exist."""

from collections.abc import Callable
from typing import Any, cast
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache

from courses.assignment_selectors import people_of
from courses.reads import training_by_key
from lms.core.prepared import Prepared, given
from lms.core.time import new_york_today
from lms.people.enums import OrganizationKind, Role
from lms.people.models import Employment, Organization, Person
from lms.people.permissions import is_any_coordinator
from lms.people.querysets import OrganizationQuerySet
from lms.trainings.models import Training

View = Callable[..., HttpResponse]


def private(view: View) -> View:
    """A page for somebody signed in, which nobody's cache keeps."""
    return never_cache(login_required(view))


def reader(request: HttpRequest) -> Person:
    """The person who is signed in, behind `private`."""
    return cast("Person", request.user)


def agencies_for(person: Person) -> OrganizationQuerySet:
    """The agencies whose people `person` looks after; the administrator has all."""
    agencies = Organization.objects.filter(kind=OrganizationKind.AGENCY)
    return agencies if person.is_superuser else agencies.with_role(person, Role.LIAISON)


# Of one agency, as `agencies_for` has it for everybody but the administrator.
_agency = Prepared(
    lambda: Organization.objects.filter(kind=OrganizationKind.AGENCY, key=given("key")).with_role(
        given("reader"), Role.LIAISON
    )
)


def own_agency(request: HttpRequest, key: str) -> Organization:
    """The agency with this key, if it is the reader's; else a 404."""
    person = reader(request)
    if person.is_superuser:
        return get_object_or_404(agencies_for(person), key=key)
    found = _agency.first(reader=person.pk, key=key)
    if found is None:
        raise Http404
    return found


def training_with(key: UUID) -> Training:
    """A training by its key; else a 404."""
    found = training_by_key.first(key=key)
    if found is None:
        raise Http404
    return found


def numbers(values: list[str]) -> list[int]:
    """Ids that were ticked; anything else was not sent by our pages."""
    if not all(value.isascii() and value.isdigit() and len(value) < 18 for value in values):
        raise Http404
    return [int(value) for value in values]


def own_people(agency: Organization, values: list[str]) -> list[Employment]:
    """The agency's present people with these employments' ids; a 404 if one is not among them."""
    wanted = set(numbers(values))
    found = list(people_of(agency, new_york_today()).filter(pk__in=wanted))
    if len(found) != len(wanted):
        raise Http404
    return found


def frame(request: HttpRequest, agency: Organization | None = None, **more: Any) -> dict[str, Any]:
    """What every page of these has in its context."""
    desk = is_any_coordinator(reader(request))
    nav = {"current": "agency", "agency": True, "desk": desk}
    return {"nav": nav, "agency": agency, **more}
