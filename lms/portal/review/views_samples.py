"""Random samples: drawn by a seed, looked at without names, and what came of it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lms.compliance.count_models import ShownBy
from lms.compliance.review import outcomes, selectors
from lms.compliance.review import samples as services
from lms.compliance.review.wording import basis_words
from lms.compliance.review_models import ReviewSample, SampledItem, SampleKind
from lms.compliance.rules import get_rule
from lms.compliance.worksheets.wording import mapping_of
from lms.core.exceptions import Refused
from lms.core.file_contents import CONTENT_TYPES
from lms.people.models import Organization
from lms.portal.review.access import frame, reader, review_view
from lms.portal.review.forms import OutcomeForm, SampleForm

PER_PAGE = 25
# Which field a refusal of `samples.draw` and `outcomes.say` is about.
_ABOUT = {"size": "size", "reason": "reason", "nobody": "kind", "remarks": "remarks"}
_PREFILLED = ("kind", "county", "basis", "size", "reason", "seed")


@require_safe
@review_view
def samples(request: HttpRequest, office: Organization) -> HttpResponse:
    """The office's samples, the newest first."""
    page = Paginator(selectors.samples_of(office), PER_PAGE).get_page(request.GET.get("page"))
    context = frame("samples", office, page=page, params=request.GET)
    return render(request, "review/samples.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@review_view
def new(request: HttpRequest, office: Organization) -> HttpResponse:
    """Say what to draw, and draw it. A link may fill in the form, to draw a sample again."""
    posted = request.POST if request.method == "POST" else None
    initial = {name: request.GET[name] for name in _PREFILLED if name in request.GET}
    form = SampleForm(posted, counties=selectors.counties(get_rule()), initial=initial)
    if form.is_valid():
        try:
            found = services.draw(office=office, actor=reader(request), **form.said())
        except Refused as refusal:
            form.add_error(_ABOUT.get(refusal.code), str(refusal))
        else:
            return redirect("review:sample", pk=found.pk)
    return render(request, "review/sample_new.html", frame("samples", office, form=form))


def _sample(office: Organization, pk: int) -> ReviewSample:
    """A sample of the reader's office; else a 404."""
    found: ReviewSample = get_object_or_404(selectors.samples_of(office), pk=pk)
    return found


@require_safe
@review_view
def sample(request: HttpRequest, office: Organization, pk: int) -> HttpResponse:
    """What was drawn, how, and what came of each."""
    found = _sample(office, pk)
    rows = [_row(row) for row in selectors.items_of(found)]
    earlier = (
        ReviewSample.objects.filter(
            office=office, kind=found.kind, county=found.county, basis=found.basis,
            size=found.size, seed=found.seed, pk__lt=found.pk,
        ).first()
    )  # fmt: skip
    context = frame(
        "samples",
        office,
        sample=found,
        basis=ShownBy(found.basis).label if found.basis in ShownBy.values else "",
        rows=rows,
        earlier=earlier,
    )
    return render(request, "review/sample.html", context)


def _row(item: SampledItem) -> dict[str, Any]:
    """A line of a sample: what, whose, on what it rests, and what came of it; nobody's name."""
    said = next(iter(item.outcomes.all()), None)
    return {"item": item, "said": said, **_thing(item)}


def _thing(item: SampledItem) -> dict[str, Any]:
    if item.worksheet:
        return {
            "program": item.worksheet.program,
            "day": item.worksheet.valid_from,
            "basis": ShownBy.OWN.label,
        }
    dated = item.proof or item.group
    if dated:
        spec = dated.version.spec
        return {"program": spec["title"], "day": dated.held_on, "basis": basis_words(spec)}
    gone = item.proof_id is not None
    return {"program": _("Removed: its time was over") if gone else "", "day": None, "basis": ""}


def _item(office: Organization, pk: int, place: int) -> SampledItem:
    found: SampledItem = get_object_or_404(selectors.items_of(_sample(office, pk)), place=place)
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@review_view
def item(request: HttpRequest, office: Organization, pk: int, place: int) -> HttpResponse:
    """One thing drawn, without names; and saying what came of looking at it."""
    found = _item(office, pk, place)
    form = OutcomeForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _said(request, found, form):
        messages.success(request, _("Kept. A note goes to the facility’s managers by mail."))
        return redirect("review:sample", pk=pk)
    worksheet, facility = found.worksheet, found.sample.kind == SampleKind.FACILITIES
    context = frame(
        "samples",
        office,
        **_row(found),
        sample=found.sample,
        form=form,
        mapping=mapping_of(worksheet, list(worksheet.topics.all())) if worksheet else None,
        confirmed=selectors.confirmed(found.group) if found.group else None,
        rests=_rests(_place(found)) if facility else None,
        place=_place(found),
        removed=found.proof_id is not None and found.proof is None,
    )
    return render(request, "review/item.html", context)


def _place(item: SampledItem) -> Organization:
    """Whose it is now: of a facility that turned out to be another, that other."""
    return item.organization.canonical_organization or item.organization


def _said(request: HttpRequest, found: SampledItem, form: forms.Form) -> bool:
    assert isinstance(form, OutcomeForm)  # noqa: S101
    try:
        outcomes.say(item=found, actor=reader(request), **form.said())
    except Refused as refusal:
        form.add_error(_ABOUT.get(refusal.code), str(refusal))
        return False
    return True


def _rests(facility: Organization) -> dict[str, Any]:
    """What a facility's record rests on, for the template."""
    found = selectors.rests_of(facility)
    return {
        "bases": [ShownBy(basis).label for basis in found.bases],
        "rows": [
            {
                "kind": kind,
                "program": row.version.spec["title"],
                "day": row.held_on,
                "basis": basis_words(row.version.spec),
            }
            for kind, rows in ((_("Scan"), found.proofs), (_("Group training"), found.groups))
            for row in rows
        ],
    }


@require_safe
@review_view
def material(
    request: HttpRequest, office: Organization, pk: int, place: int
) -> HttpResponse | FileResponse:
    """The material of a worksheet that was drawn; that it was taken is noted.

    Under a name of our own: what the file is called may name somebody.
    """
    found = _item(office, pk, place).worksheet
    if found is None or not found.material:
        raise Http404
    services.note_material(item=_item(office, pk, place), actor=reader(request))
    return FileResponse(
        found.material.open("rb"),
        as_attachment=True,
        filename=f"material-{found.pk}.{found.material_kind}",
        content_type=CONTENT_TYPES[found.material_kind],
    )
