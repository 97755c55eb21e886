"""Records with their names: found, opened on a ground, read; every opening is noted first."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lms.compliance.packets.entries import LEFT, in_parts, record_entries
from lms.compliance.proofs.selectors import proofs_of
from lms.compliance.record import facility_record
from lms.compliance.review import access as services
from lms.compliance.review import selectors
from lms.compliance.review_models import Ground, Look, RecordAccess
from lms.compliance.rules import get_rule
from lms.compliance.worksheet_models import WorksheetAnswer
from lms.compliance.worksheets.selectors import worksheets_of
from lms.core.exceptions import Refused
from lms.core.file_contents import CONTENT_TYPES
from lms.core.pdf import NotDrawable
from lms.core.time import new_york_today
from lms.people.fields import fold
from lms.people.models import Organization
from lms.portal.facilities.forms import AsOfForm
from lms.portal.facilities.worksheets.paper import worksheet_pdf
from lms.portal.review.access import frame, reader, review_view
from lms.portal.review.forms import GroundForm

FOUND = 25
SHOWN = 50


@require_safe
@review_view
def records(request: HttpRequest, office: Organization) -> HttpResponse:
    """Find a facility; and what the office's reviewers opened, who and on what ground."""
    words = request.GET.get("q", "").strip()
    found = Organization.objects.facilities()
    for word in fold(words).split():
        found = found.filter(search_name__contains=word)
    now = timezone.now()
    context = frame(
        "records",
        office,
        words=words,
        facilities=found.order_by("search_name", "pk")[:FOUND] if words else [],
        most=FOUND,
        days=services.DAYS,
        rows=[
            {"access": row, "is_open": row.is_open(now), "mine": row.reviewer == request.user}
            for row in selectors.accesses_of(office)[:SHOWN]
        ],
    )
    return render(request, "review/records.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@review_view
def open_it(request: HttpRequest, office: Organization, key: str) -> HttpResponse:
    """Ask for the ground; then the record is open for some days, and its managers are told."""
    facility = get_object_or_404(Organization.objects.facilities(), key=key)
    initial = {name: request.GET[name] for name in ("ground", "words") if name in request.GET}
    form = GroundForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        try:
            found = services.open_record(
                facility=facility,
                ground=Ground(form.cleaned_data["ground"]),
                words=form.cleaned_data["words"],
                actor=reader(request),
            )
        except Refused as refusal:
            form.add_error("words" if refusal.code == "words" else None, str(refusal))
        else:
            return redirect("review:record", pk=found.pk)
    held = selectors.open_accesses(facility, reader(request), office, timezone.now())
    context = frame(
        "records", office, place=facility, form=form, days=services.DAYS, held=held.first()
    )
    return render(request, "review/open.html", context)


def _access(request: HttpRequest, office: Organization, pk: int) -> RecordAccess:
    """The reader's own access; another reviewer's is a 404."""
    rows = RecordAccess.objects.filter(office=office, reviewer=reader(request))
    found: RecordAccess = get_object_or_404(
        rows.select_related(
            "facility__facility_profile",
            "facility__parent",
            "facility__canonical_organization__facility_profile",
            "office",
        ),
        pk=pk,
    )
    return found


def _noted(request: HttpRequest, access: RecordAccess, look: Look, **what: Any) -> bool:
    """Whether it may be shown: then that it was opened is kept already."""
    if request.method == "HEAD":
        return False
    try:
        services.note_opening(access=access, look=look, actor=reader(request), **what)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return False
    return True


@require_safe
@review_view
def record(request: HttpRequest, office: Organization, pk: int) -> HttpResponse:
    """The facility's record as of a day, with its names."""
    access, now = _access(request, office, pk), timezone.now()
    place = services.place_of(access)
    form = AsOfForm({"as_of": request.GET.get("as_of") or new_york_today(now).isoformat()})
    as_of = form.cleaned_data["as_of"] if form.is_valid() else new_york_today(now)
    if not _noted(request, access, Look.RECORD, as_of=as_of):
        return redirect("review:open", key=place.key)
    found = facility_record(facility=place, rule=get_rule(), as_of=as_of, now=now)
    entries = record_entries(found)
    context = frame(
        "records",
        office,
        access=access,
        place=place,
        record=found,
        rule=found.rule,
        form=form,
        parts=in_parts(entries),
        left=sum(1 for entry in entries if entry["part"] == LEFT),
        corrected=[entry for entry in entries if entry["corrected"]],
        proofs=proofs_of(place)[:SHOWN],
        worksheets=worksheets_of(place).filter(answer__isnull=False)[:SHOWN],
    )
    return render(request, "review/record.html", context)


@require_safe
@review_view
def scan(
    request: HttpRequest, office: Organization, pk: int, proof: int
) -> HttpResponse | FileResponse:
    """A scan as it was uploaded; saved, never opened inside our pages."""
    access = _access(request, office, pk)
    found = get_object_or_404(proofs_of(services.place_of(access)), pk=proof)
    if not _noted(request, access, Look.SCAN, proof=found):
        return redirect("review:open", key=services.place_of(access).key)
    return FileResponse(
        found.file.open("rb"),
        as_attachment=True,
        filename=found.name,
        content_type=CONTENT_TYPES[found.kind],
    )


@require_safe
@review_view
def paper(request: HttpRequest, office: Organization, pk: int, worksheet: int) -> HttpResponse:
    """A worksheet on paper, with who attested it."""
    access = _access(request, office, pk)
    rows = worksheets_of(services.place_of(access)).filter(
        pk__in=WorksheetAnswer.objects.values("worksheet"), pk=worksheet
    )
    found = get_object_or_404(rows)
    if not _noted(request, access, Look.WORKSHEET, worksheet=found):
        return redirect("review:open", key=services.place_of(access).key)
    try:
        content = worksheet_pdf(found)
    except NotDrawable:
        messages.error(request, _("We cannot print some of its letters yet."))
        return redirect("review:record", pk=pk)
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="worksheet-{found.pk}.pdf"'
    return response
