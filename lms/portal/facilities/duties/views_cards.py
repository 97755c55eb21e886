"""Cards where a law wants them: what was seen last, a new look, a photo."""

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lms.compliance.checklist import get_checklist
from lms.compliance.duties.cards import looks_at, places_of, record_round, sentence
from lms.compliance.rules import get_rule
from lms.compliance.selectors import applicability
from lms.core.exceptions import Refused
from lms.core.file_contents import CONTENT_TYPES
from lms.core.time import new_york_today
from lms.portal.facilities.access import frame, managed, private, reader
from lms.portal.facilities.duties.forms import CardsForm

SHOWN = 30
_OF_MAKER = {"maker_missing"}


@require_safe
@private
def cards(request: HttpRequest, key: str) -> HttpResponse:
    """Each place with what was seen last, what the law asks, and the looks before; to print."""
    place, checklist = managed(request, key), get_checklist()
    states = places_of(place, checklist)
    context = frame(
        place,
        checklist=checklist,
        states=states,
        sentence=sentence(states),
        applicability=applicability(place, get_rule(checklist.same_places_as)),
        looks=[
            {"look": look, "place": checklist.places.get(look.place, look.place)}
            for look in looks_at(place, checklist)[:SHOWN]
        ],
        today=new_york_today(),
    )
    return render(request, "facilities/duties/cards.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@private
def check(request: HttpRequest, key: str) -> HttpResponse:
    """Record a walk through the places."""
    place, checklist = managed(request, key), get_checklist()
    form = CardsForm(
        request.POST or None,
        request.FILES or None,
        checklist=checklist,
        initial={"checked_on": new_york_today()},
    )
    if request.method == "POST" and form.is_valid():
        try:
            record_round(
                facility=place,
                checklist=checklist,
                looks=form.looks(),
                made_by=form.cleaned_data["made_by"],
                checked_on=form.cleaned_data["checked_on"],
                actor=reader(request),
            )
        except Refused as refusal:
            form.add_error("made_by" if refusal.code in _OF_MAKER else None, str(refusal))
        else:
            messages.success(request, _("Recorded. The looks before it are kept."))
            return redirect("facilities:cards", key=key)
    context = frame(place, form=form, checklist=checklist)
    return render(request, "facilities/duties/cards_check.html", context)


@require_safe
@private
def photo(request: HttpRequest, key: str, pk: int) -> FileResponse:
    """The photo as it was uploaded; saved, never opened inside our pages."""
    looks = looks_at(managed(request, key), get_checklist()).exclude(photo="")
    found = get_object_or_404(looks, pk=pk)
    return FileResponse(
        found.photo.open("rb"),
        as_attachment=True,
        filename=found.photo_name or f"card.{found.photo_kind}",
        content_type=CONTENT_TYPES[found.photo_kind],
    )
