"""My learning and one's record, each for the person who is signed in and nobody else."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lms.core.pdf import NotDrawable, draw
from lms.core.tables import csv_response
from lms.core.time import new_york_today
from lms.people import guests
from lms.people.enums import Role
from lms.people.models import Person
from lms.people.permissions import has_role, is_any_coordinator
from lms.people.state_office import reviewing_office
from lms.portal.my import hours, record, selectors


def _reader(request: HttpRequest) -> Person:
    """Who is signed in; every view here requires signing in."""
    if not isinstance(request.user, Person):
        raise PermissionDenied
    return request.user


def _render(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    person = _reader(request)
    nav = {
        "current": "my",
        "desk": is_any_coordinator(person),
        "agency": has_role(person, Role.LIAISON),
        "review": reviewing_office(person) is not None,
    }
    return render(request, template, {"nav": nav, **context})


@require_safe
@never_cache
@login_required
def my_learning(request: HttpRequest) -> HttpResponse:
    """What to do next, then coming sessions, then the newest of the record."""
    person = _reader(request)
    page = selectors.my_learning(person, timezone.now())
    waits_for_name = bool(page.records) and not person.canonical.get_full_name()
    context = {
        "page": page,
        "waits_for_name": waits_for_name,
        "guest": guests.guest_of(request),
    }
    return _render(request, "portal/my/learning.html", context)


@require_safe
@never_cache
@login_required
def transcript(request: HttpRequest) -> HttpResponse:
    """Everything the person completed, as a page that also prints well."""
    rows, no_longer = record.parts(record.rows(_reader(request)))
    sums = hours.hours_by_year(rows)
    context = {
        "rows": rows,
        "no_longer": no_longer,
        "hours": sums,
        "hours_notes": hours.notes(sums),
        "today": new_york_today(),
        "crumbs": [{"label": _("My learning"), "url": reverse("my:learning")}],
    }
    return _render(request, "portal/my/transcript.html", context)


@require_safe
@never_cache
@login_required
def transcript_pdf(request: HttpRequest) -> HttpResponse:
    """The record on paper."""
    person = _reader(request)
    rows, no_longer = record.parts(record.rows(person))
    sums = hours.hours_by_year(rows)
    context = {
        "person": person.canonical,
        "rows": rows,
        "hours": sums,
        "hours_notes": hours.notes(sums),
        "no_longer": no_longer,
        "today": new_york_today(),
        "address": f"{settings.SITE_ORIGIN}/verify/".partition("://")[2],
    }
    try:
        paper = draw(
            "portal/my/transcript_paper.html",
            context,
            language=translation.get_language(),
            watermark="SAMPLE" if settings.TRIAL else "",
        )
    except NotDrawable:
        messages.error(
            request,
            _("The PDF lacks letters that your record needs. Print this page instead."),
        )
        return redirect("my:transcript")
    response = HttpResponse(paper, content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="my-training-record.pdf"'
    return response


@require_safe
@never_cache
@login_required
def transcript_csv(request: HttpRequest) -> HttpResponse:
    """The record as a table file."""
    rows = [record.cells(row) for row in record.rows(_reader(request))]
    return csv_response(rows, header=record.header(), filename="my-training-record.csv")


@require_safe
@never_cache
@login_required
def hours_csv(request: HttpRequest) -> HttpResponse:
    """The sums of contact hours as a table file."""
    sums = hours.hours_by_year(record.rows(_reader(request)))
    rows = [hours.cells(row) for row in sums]
    return csv_response(rows, header=hours.header(), filename="my-contact-hours.csv")
