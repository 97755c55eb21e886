"""Whose list it is, who may work on it, and what each page shows of it."""

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse

from lms.compliance.selectors import companies_for
from lms.people.models import Organization
from lms.people.roster_models import RosterImport
from lms.portal.facilities.access import frame, managed, reader


def scope(request: HttpRequest, key: str, *, company: bool) -> Organization:
    """The facility or company whose list it is, if the reader answers for it; else a 404."""
    if company:
        return get_object_or_404(companies_for(reader(request)), key=key)
    return managed(request, key)


def roster_of(place: Organization, pk: int) -> RosterImport:
    """A list of this facility or company; else a 404."""
    found: RosterImport = get_object_or_404(
        RosterImport.objects.select_related("uploaded_by", "applied_by", "organization"),
        organization=place,
        pk=pk,
    )
    return found


def url(place: Organization, name: str, *args: int) -> str:
    """The address of a page of a list: `name` as in PAGES."""
    before = "company_" if place.kind == "company" else ""
    return reverse(f"facilities:{before}{name}", args=[place.key, *args])


def page(place: Organization, found: RosterImport | None = None, **more: Any) -> dict[str, Any]:
    """What every page of a list has in its context."""
    is_company = place.kind == "company"
    names = ("list", "columns", "titles", "answers", "confirm", "undo", "drop")
    urls = {name: url(place, f"roster_{name}", found.pk) for name in names} if found else {}
    home = "facilities:company" if is_company else "facilities:facility"
    return frame(
        None if is_company else place,
        place=place,
        roster=found,
        urls={**urls, "upload": url(place, "roster"), "home": reverse(home, args=[place.key])},
        **more,
    )
