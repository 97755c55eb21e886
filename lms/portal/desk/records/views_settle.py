"""Settling who and what a file is about; each answer is remembered for the files to come."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lms.completions.import_models import CompletionImport, ImportRow
from lms.completions.importing import services
from lms.core.exceptions import Refused
from lms.people.fields import fold
from lms.people.models import Person
from lms.people.selectors import person_for_address
from lms.portal.desk.access import desk_view, frame
from lms.portal.desk.people.reach import people_in_reach
from lms.portal.desk.records.views import found
from lms.trainings.models import Training

PER_PAGE = 20


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view
def people(request: HttpRequest, pk: int) -> HttpResponse:
    """People of the file whom nobody knows yet: who they are, a new record, or left out."""
    batch = found(request, pk)
    if request.method == "POST":
        try:
            _settle_person(request, batch)
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Noted, for this file and those to come."))
        return redirect(request.get_full_path())
    page = Paginator(services.unmatched_people(batch), PER_PAGE).get_page(request.GET.get("page"))
    likely = _likely(request, list(page))
    context = {
        "batch": batch,
        "page": page,
        "params": request.GET,
        "rows": [{"row": row, "likely": likely.get(_name(row), [])} for row in page],
        **frame("records"),
    }
    return render(request, "desk/records/people.html", context)


def _name(row: ImportRow) -> str:
    return fold(f"{row.values['first_name']} {row.values['last_name']}")


def _likely(request: HttpRequest, rows: list[ImportRow]) -> dict[str, list[Person]]:
    """People of the same name whom the office knows; suggested, never taken by themselves."""
    names = {_name(row) for row in rows} - {""}
    likely: dict[str, list[Person]] = {}
    for person in people_in_reach(request.user).filter(search_name__in=names)[: 5 * PER_PAGE]:
        likely.setdefault(person.search_name, []).append(person)
    return likely


def _settle_person(request: HttpRequest, batch: CompletionImport) -> None:
    key, action = request.POST.get("key", ""), request.POST.get("action", "")
    said: dict[str, Any] = {"batch": batch, "key": key, "actor": request.user}
    if action == "make":
        services.settle_person(make=True, **said)
    elif action == "leave":
        services.settle_person(**said)
    else:
        services.settle_person(person=_meant(request, action), **said)


def _meant(request: HttpRequest, action: str) -> Person:
    """The person who was suggested and chosen, or whose address was typed."""
    if action.isdecimal():
        person = people_in_reach(request.user).filter(pk=int(action)).first()
    else:
        person = person_for_address(request.POST.get("address", ""))
    if person is None:
        raise Refused(
            _("Nobody here has this address. Make a record, or type another address."),
            code="unknown",
        )
    return person


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view
def titles(request: HttpRequest, pk: int) -> HttpResponse:
    """Titles of the file that are no training yet: one of ours, a new outside one, or left out."""
    batch = found(request, pk)
    own = Training.objects.filter(owner=batch.office).order_by("title")
    if request.method == "POST":
        try:
            _settle_title(request, batch, list(own))
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Noted, for this file and those to come."))
        return redirect(request.get_full_path())
    context = {
        "batch": batch,
        "rows": services.unmatched_titles(batch),
        "trainings": own,
        **frame("records"),
    }
    return render(request, "desk/records/titles.html", context)


def _settle_title(request: HttpRequest, batch: CompletionImport, own: list[Training]) -> None:
    key, action = request.POST.get("key", ""), request.POST.get("action", "")
    said: dict[str, Any] = {"batch": batch, "key": key, "actor": request.user}
    if action == "make":
        services.settle_title(make=True, **said)
    elif action == "leave":
        services.settle_title(**said)
    else:
        chosen = request.POST.get("training", "")
        training = next((row for row in own if str(row.key) == chosen), None)
        if training is None:
            raise Refused(_("Choose a training from the list first."), code="unknown")
        services.settle_title(training=training, **said)
