"""Somebody in a report: who is it?"""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from events import services
from events.enums import MatchedBy
from events.models import Registration
from events.report_models import ReportPerson
from events.report_selectors import InReport, Results, results, suggestions
from lms.core.exceptions import Refused
from lms.people.fields import fold
from lms.portal.desk.access import desk_view
from lms.portal.desk.attendance import rows
from lms.portal.desk.attendance.forms import SearchForm
from lms.portal.desk.attendance.views import page_of
from lms.portal.desk.forms_walk_in import WalkInForm
from lms.portal.desk.sessions.views import managed_session

FOUND_SHOWN = 20


@require_http_methods(["GET", "POST"])
@desk_view
def person(request: HttpRequest, pk: int, person: int) -> HttpResponse:
    """Somebody in the session's reports, and every way to say who it is."""
    session = managed_session(request, pk)
    somebody = get_object_or_404(ReportPerson, pk=person, session=session)
    somebody.session = session
    walk_in = WalkInForm(initial=_as_in_report(somebody))
    if request.method == "POST":
        if "walk_in" in request.POST:
            walk_in = WalkInForm(request.POST)
        told = _decide(request, somebody, walk_in)
        if told:
            messages.success(request, told)
        if not walk_in.errors:
            return redirect(reverse("desk_attendance:overview", args=[pk]) + "#look")
    found = results(session)
    here = next((entry for entry in found.people if entry.person == somebody), None)
    if here is None:
        raise Http404  # only in reports that count no more
    context = {**page_of(session), **_about(here, found), **_search(request, here, found)}
    return render(request, "desk/attendance/person.html", {**context, "walk_in": walk_in})


def _as_in_report(somebody: ReportPerson) -> dict[str, str]:
    first, last = rows.names_of(somebody)
    return {"first_name": first, "last_name": last, "email": somebody.email}


def _decide(request: HttpRequest, somebody: ReportPerson, walk_in: WalkInForm) -> str:
    """Do what the pressed button says; returns what to tell, "" when it was refused."""
    decisions: dict[str, Callable[[], str]] = {
        "link": lambda: _link(request, somebody, MatchedBy.HAND),
        "shared": lambda: _link(request, somebody, MatchedBy.SHARED),
        "unlink": lambda: _unlink(request, somebody),
        "aside": lambda: _aside(request, somebody),
        "back": lambda: _back(request, somebody),
        "walk_in": lambda: _add(request, somebody, walk_in),
    }
    pressed = next((name for name in decisions if name in request.POST), None)
    if pressed is None:
        raise Http404
    try:
        return decisions[pressed]()
    except Refused as refusal:
        messages.error(request, str(refusal))
        return ""


def _registration(request: HttpRequest, somebody: ReportPerson, name: str) -> Registration:
    registrations = somebody.session.registrations.select_related("person__canonical_person")
    chosen = request.POST.get(name, "")
    if not chosen.isdecimal():
        raise Http404
    return get_object_or_404(registrations, pk=int(chosen))


def _link(request: HttpRequest, somebody: ReportPerson, how: MatchedBy) -> str:
    name = "shared" if how == MatchedBy.SHARED else "link"
    seat = _registration(request, somebody, name)
    services.link_person(person=somebody, registration=seat, how=how, actor=request.user)
    if how == MatchedBy.SHARED:
        told = _("%(person)s shared the screen of %(name)s.")
    else:
        told = _("%(name)s is %(person)s.")
    return told % {"name": somebody, "person": seat.person}


def _unlink(request: HttpRequest, somebody: ReportPerson) -> str:
    seat = _registration(request, somebody, "unlink")
    services.unlink_person(person=somebody, registration=seat, actor=request.user)
    return _("The link of %(name)s to %(person)s is taken back.") % {
        "name": somebody,
        "person": seat.person,
    }


def _aside(request: HttpRequest, somebody: ReportPerson) -> str:
    services.set_aside_person(person=somebody, actor=request.user)
    return _("%(name)s is no participant.") % {"name": somebody}


def _back(request: HttpRequest, somebody: ReportPerson) -> str:
    services.take_person_back(person=somebody, actor=request.user)
    return _("%(name)s waits for your look again.") % {"name": somebody}


def _add(request: HttpRequest, somebody: ReportPerson, walk_in: WalkInForm) -> str:
    if not walk_in.is_valid():
        return ""
    try:
        seat = services.link_walk_in(person=somebody, **walk_in.cleaned_data, actor=request.user)
    except services.OtherPersonsAddress as refusal:
        walk_in.ask_whose(refusal)
        return ""
    except Refused as refusal:
        walk_in.add_error(None, str(refusal))
        return ""
    return _("%(person)s has a seat now and is linked.") % {"person": seat.person}


def _about(here: InReport, found: Results) -> dict[str, Any]:
    """Who it is so far, and the rows that say so."""
    session = found.session
    return {
        "somebody": rows.person_row(here, results=found),
        "aside": here.is_no_participant,
        "seats": [
            {
                "registration": seat,
                "how": how.label,
                "by_hand": how in MatchedBy.DECIDED,
            }
            for seat, how in here.seats
        ],
        "rows": [
            {
                "number": row.number,
                "name": row.name,
                "kind": row.get_kind_display(),
                "times": rows.clock_range(row.joined_at, row.left_at, session.zone_info),
            }
            for row in here.rows
            if row.joined_at and row.left_at
        ],
    }


def _search(request: HttpRequest, here: InReport, found: Results) -> dict[str, Any]:
    """The registered people to choose from: those searched for, else the likeliest."""
    form = SearchForm(request.GET if "q" in request.GET else None)
    words = fold(form.cleaned_data["q"]).split() if form.is_valid() else []
    taken = {seat.pk for seat, _how in here.seats}
    if words:
        chosen = [
            seat.registration
            for seat in found.seats
            if all(
                word in seat.registration.person.search_name
                or word in (seat.registration.person.email or "")
                for word in words
            )
        ]
    else:
        chosen = suggestions(found, [here])[here.person.pk]
    absent = {seat.registration.pk for seat in found.absent}
    shown = [seat for seat in chosen if seat.pk not in taken][:FOUND_SHOWN]
    return {
        "search": form,
        "words": words,
        "candidates": [{"registration": seat, "missing": seat.pk in absent} for seat in shown],
    }
