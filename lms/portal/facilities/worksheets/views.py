"""A facility's programs and their worksheets: written, sent, taken back, renewed, printed."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lms.compliance.enums import WorksheetState
from lms.compliance.rules import get_rule
from lms.compliance.worksheet_models import Worksheet
from lms.compliance.worksheets import services
from lms.compliance.worksheets.permissions import writes_for
from lms.compliance.worksheets.selectors import worksheets_of
from lms.compliance.worksheets.wording import mapping_of
from lms.core.exceptions import Refused
from lms.core.file_contents import CONTENT_TYPES
from lms.core.pdf import NotDrawable
from lms.people.models import Organization
from lms.portal.facilities.access import company_of, frame, managed, private, reader
from lms.portal.facilities.worksheets.forms import WorksheetForm
from lms.portal.facilities.worksheets.paper import worksheet_pdf

_PILLS = {
    WorksheetState.ATTESTED: "ok",
    WorksheetState.SENT: "soon",
    WorksheetState.LINK_OVER: "overdue",
    WorksheetState.EXPIRED: "overdue",
    WorksheetState.DECLINED: "overdue",
}


def shown(worksheet: Worksheet) -> dict[str, Any]:
    """A worksheet with its state as a pill."""
    state = worksheet.state()
    return {
        "worksheet": worksheet,
        "state": state,
        "pill": _PILLS.get(state, "neutral"),
        "gaps": worksheet.answer.gaps if hasattr(worksheet, "answer") else [],
    }


def _found(request: HttpRequest, place: Organization, pk: int) -> Worksheet:
    """A worksheet this facility may read; else a 404."""
    return get_object_or_404(worksheets_of(place), pk=pk)


def _mine(request: HttpRequest, place: Organization, pk: int) -> Worksheet:
    """A worksheet the reader may write: their facility's, or their company's; else a 404."""
    worksheet = _found(request, place, pk)
    if not writes_for(reader(request), worksheet.organization):
        raise Http404
    return worksheet


@require_safe
@private
def programs(request: HttpRequest, key: str) -> HttpResponse:
    """The facility's own programs with where their worksheets stand, the newest first."""
    place = managed(request, key)
    rows = [shown(worksheet) for worksheet in worksheets_of(place)]
    open_rows = [row for row in rows if row["state"] != WorksheetState.REPLACED]
    replaced = [row for row in rows if row["state"] == WorksheetState.REPLACED]
    context = frame(place, rows=open_rows, replaced=replaced, rule=get_rule())
    return render(request, "facilities/worksheets/programs.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@private
def new(request: HttpRequest, key: str) -> HttpResponse:
    """A new worksheet, empty or from another one, to renew that or beside it."""
    place = managed(request, key)
    template, renews = _template(request, place)
    company = company_of(request, place) if not renews else None
    form = WorksheetForm(
        request.POST or None,
        request.FILES or None,
        rule=get_rule(),
        template=template,
        facility=place,
        company=company,
    )
    if company and request.GET.get("for") == "company":
        form.fields["for_company"].initial = "yes"
    if request.method == "POST" and form.is_valid():
        owner = company if company and form.cleaned_data["for_company"] else place
        if renews and template:
            owner = template.organization
        try:
            written = services.write_worksheet(
                organization=owner,
                rule=get_rule(),
                template=template,
                renews=renews,
                actor=reader(request),
                **form.given(),
            )
        except Refused as refusal:
            form.add_error(_field(refusal), str(refusal))
        else:
            return redirect("facilities:worksheet", key=key, pk=written.pk)
    context = frame(place, form=form, template=template, renews=renews, rule=get_rule())
    return render(request, "facilities/worksheets/edit.html", context)


def _template(request: HttpRequest, place: Organization) -> tuple[Worksheet | None, bool]:
    """The worksheet to begin from, and whether the new one takes its place."""
    for name, renews in (("renew", True), ("from", False)):
        if wanted := request.GET.get(name, ""):
            if not wanted.isdigit():
                raise Http404
            find = _mine if renews else _found
            return find(request, place, int(wanted)), renews
    return None, False


def _field(refusal: Refused) -> str | None:
    """The field a refusal is about: all that files are refused for is about the material."""
    codes = {"empty", "kind", "too_large", "active", "locked", "unreadable"}
    return "material" if refusal.code in codes else None


@require_http_methods(["GET", "HEAD", "POST"])
@private
def edit(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """Write a draft anew."""
    place = managed(request, key)
    found = _mine(request, place, pk)
    if not found.is_draft:
        return redirect("facilities:worksheet", key=key, pk=pk)
    form = WorksheetForm(
        request.POST or None,
        request.FILES or None,
        rule=found.rule_set,
        template=found,
        facility=place,
        company=None,
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.change_worksheet(worksheet=found, actor=reader(request), **form.given())
        except Refused as refusal:
            form.add_error(_field(refusal), str(refusal))
        else:
            return redirect("facilities:worksheet", key=key, pk=pk)
    context = frame(place, form=form, worksheet=found, rule=found.rule_set)
    return render(request, "facilities/worksheets/edit.html", context)


@require_safe
@private
def worksheet(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """One worksheet: its state, its mapping, what is missing, and what can be done."""
    place = managed(request, key)
    found = _found(request, place, pk)
    topics = list(found.topics.all())
    proposed = {topic.code: topic.proposed for topic in topics if topic.changed}
    answer = getattr(found, "answer", None)
    rows = [
        {**row, "proposed": proposed.get(row["code"])}
        for row in (answer.mapping if answer else mapping_of(found, topics))
    ]
    renewal = found.renewals.exclude(status="declined").order_by("-pk").first()
    context = frame(
        place,
        **shown(found),
        rows=rows,
        uncovered=[row for row in rows if not row["place"]],
        answer=answer,
        renewal=renewal,
        renew_url=f"{reverse('facilities:worksheet_new', args=[key])}?renew={pk}",
        rule=found.rule_set,
        may_write=writes_for(reader(request), found.organization),
    )
    return render(request, "facilities/worksheets/worksheet.html", context)


@require_POST
@private
def send(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """Mail the trainer a link, for the first time or again."""
    found = _mine(request, managed(request, key), pk)
    try:
        sent = services.send_to_trainer(worksheet=found, actor=reader(request))
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        words = _("A link is on its way to %(address)s.") % {"address": sent.trainer_email}
        messages.success(request, words)
    return redirect("facilities:worksheet", key=key, pk=pk)


@require_POST
@private
def take_back(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """Make it a draft again; the link stops working."""
    found = _mine(request, managed(request, key), pk)
    try:
        services.take_back(worksheet=found, actor=reader(request))
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Taken back. The link in the mail no longer works."))
    return redirect("facilities:worksheet", key=key, pk=pk)


@require_POST
@private
def drop(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """Remove a draft that was never sent."""
    found = _mine(request, managed(request, key), pk)
    try:
        services.drop_draft(worksheet=found, actor=reader(request))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("facilities:worksheet", key=key, pk=pk)
    messages.success(request, _("The draft is gone."))
    return redirect("facilities:programs", key=key)


@require_safe
@private
def material(request: HttpRequest, key: str, pk: int) -> FileResponse:
    """The material as it was uploaded; saved, never opened inside our pages."""
    return material_file(_found(request, managed(request, key), pk))


def material_file(found: Worksheet) -> FileResponse:
    """The file under the name it had. Raises Http404 where there is none yet."""
    if not found.material:
        raise Http404
    return FileResponse(
        found.material.open("rb"),
        as_attachment=True,
        filename=found.material_name,
        content_type=CONTENT_TYPES[found.material_kind],
    )


@require_safe
@private
def paper(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """The worksheet to print and keep."""
    found = _found(request, managed(request, key), pk)
    try:
        return paper_response(found)
    except NotDrawable:
        messages.error(
            request, _("We cannot print some of its letters yet. Print this page instead.")
        )
        return redirect("facilities:worksheet", key=key, pk=pk)


def paper_response(found: Worksheet) -> HttpResponse:
    """The PDF as a download. Raises NotDrawable for letters we cannot print."""
    response = HttpResponse(worksheet_pdf(found), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="worksheet-{found.pk}.pdf"'
    return response
