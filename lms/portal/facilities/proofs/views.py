"""Scans of listed outside programs: recorded for many people at once, shown, one taken out."""

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lms.compliance.groups.selectors import present_at
from lms.compliance.proof_models import ProofPerson
from lms.compliance.proofs import selectors, services
from lms.compliance.rules import get_rule
from lms.core.exceptions import Refused
from lms.core.file_contents import CONTENT_TYPES
from lms.people.models import Employment, Organization
from lms.portal.facilities.access import frame, managed, private, reader
from lms.portal.facilities.proofs.forms import ProofForm
from lms.portal.facilities.views_groups import day_asked_for, ticked

SHOWN = 50
_ABOUT_FILE = {"empty", "kind", "too_large", "active", "locked", "unreadable"}


@require_safe
@private
def proofs(request: HttpRequest, key: str) -> HttpResponse:
    """The listed programs with their link, and the facility's proofs, the newest first."""
    place = managed(request, key)
    context = frame(
        place,
        rows=selectors.proofs_of(place)[:SHOWN],
        programs=selectors.listed_programs(get_rule()),
    )
    return render(request, "facilities/proofs/proofs.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@private
def new(request: HttpRequest, key: str) -> HttpResponse:
    """Record one scan for several of those who worked here on its day."""
    place = managed(request, key)
    day = day_asked_for(request)
    form = ProofForm(
        request.POST or None,
        request.FILES or None,
        programs=selectors.listed_programs(get_rule()),
        initial={"held_on": day},
    )
    here, chosen = present_at(place, day), ticked(request, "who")
    people = [row for row in here if row.pk in chosen]
    if form.is_valid() and (found := _accept(request, place, form, people)):
        return redirect("facilities:proof", key=key, pk=found)
    context = frame(place, form=form, here=here, ticked=chosen)
    return render(request, "facilities/proofs/new.html", context)


def _accept(
    request: HttpRequest, place: Organization, form: ProofForm, people: list[Employment]
) -> int | None:
    """The new proof's number; None where it was refused, and then the form says why."""
    if request.POST.get("seen") != "on":
        form.add_error(None, _("Tick that you have looked at the file and accept it."))
        return None
    try:
        found = services.accept_proof(
            facility=place, employments=people, actor=reader(request), **form.given()
        )
    except Refused as refusal:
        form.add_error("file" if refusal.code in _ABOUT_FILE else None, str(refusal))
        return None
    words = ngettext("Recorded for %(n)s person.", "Recorded for %(n)s people.", len(people))
    messages.success(request, words % {"n": len(people)})
    return found.pk


@require_safe
@private
def proof(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """One proof: its file, the words it was accepted with, and whom it is for."""
    place = managed(request, key)
    found = get_object_or_404(selectors.proofs_of(place), pk=pk)
    context = frame(place, proof=found, rows=selectors.people_of(found))
    return render(request, "facilities/proofs/proof.html", context)


@require_safe
@private
def file(request: HttpRequest, key: str, pk: int) -> FileResponse:
    """The scan as it was uploaded; saved, never opened inside our pages."""
    found = get_object_or_404(selectors.proofs_of(managed(request, key)), pk=pk)
    return FileResponse(
        found.file.open("rb"),
        as_attachment=True,
        filename=found.name,
        content_type=CONTENT_TYPES[found.kind],
    )


@require_POST
@private
def out(request: HttpRequest, key: str, pk: int, person: int) -> HttpResponse:
    """Take out somebody who was named wrongly; their completion is revoked."""
    place = managed(request, key)
    row = get_object_or_404(
        ProofPerson.objects.select_related("completion", "employment__person"),
        proof__facility__in=Organization.objects.one_place(place),
        proof=pk,
        pk=person,
    )
    try:
        services.take_out(person=row, reason=request.POST.get("reason", ""), actor=reader(request))
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        words = _("Taken out: %(name)s. The training no longer counts for this person.")
        messages.success(request, words % {"name": row.employment.person})
    return redirect("facilities:proof", key=key, pk=pk)
