"""Sending records to another system, and what it was sent when."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from lms.completions import exporting
from lms.completions.export_models import CompletionExport
from lms.core.exceptions import Refused
from lms.core.tables import csv_response, xlsx_response
from lms.portal.desk.access import desk_view, frame, posted
from lms.portal.desk.people.reach import offices_of
from lms.portal.desk.records.forms import ExportForm


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view
def export(request: HttpRequest) -> HttpResponse:
    """Choose what goes where; begins as the last export was."""
    last = CompletionExport.objects.filter(office__in=offices_of(request.user)).first()
    initial = {"system": last.system, "columns": last.columns, "form": last.form} if last else {}
    form = ExportForm(posted(request), offices=offices_of(request.user), initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = exporting.make_export(
                office=given["office"],
                system=given["system"],
                columns=given["columns"],
                form=given["form"],
                only_new=given["only_new"] == "new",
                actor=request.user,
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request,
                ngettext(
                    "%(count)d record is ready for %(system)s: download it below.",
                    "%(count)d records are ready for %(system)s: download them below.",
                    made.count,
                )
                % {"count": made.count, "system": made.system},
            )
            return redirect("desk_records:overview")
    return render(request, "desk/records/export.html", {"form": form, **frame("records")})


@require_safe
@desk_view
def file(request: HttpRequest, pk: int) -> HttpResponse:
    """The file of an export, made again from what was noted then."""
    made = get_object_or_404(CompletionExport, office__in=offices_of(request.user), pk=pk)
    name = f"completions-{made.pk}.{made.form}"
    if made.form == "xlsx":
        return xlsx_response(
            exporting.rows(made), header=exporting.header(made), filename=name, title=made.system
        )
    return csv_response(exporting.rows(made), header=exporting.header(made), filename=name)
