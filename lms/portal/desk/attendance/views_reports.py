"""A session's report files: uploaded, asked of Webex, read in another zone, taken out, had back."""

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from events import services
from events.models import Session
from events.report_models import AttendanceReport
from events.report_selectors import results
from events.webex_selectors import attendance_error, has_meeting, is_being_asked
from lms.core.exceptions import Refused
from lms.core.tables import csv_response
from lms.portal.desk.access import desk_view, posted
from lms.portal.desk.attendance import rows, rows_file
from lms.portal.desk.attendance.forms import UploadForm
from lms.portal.desk.attendance.views import page_of
from lms.portal.desk.sessions.views import managed_session


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view
def upload(request: HttpRequest, pk: int) -> HttpResponse:
    """Take in reports, all of those chosen or none; a worker reads them, nothing is noted."""
    session = managed_session(request, pk)
    form = UploadForm(posted(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            taken = services.take_in_reports(
                session=session,
                files=[(file.name, file.read()) for file in form.cleaned_data["report"]],
                zone=form.cleaned_data["zone"],
                actor=request.user,
            )
        except Refused as refusal:
            form.add_error("zone" if refusal.code == "unknown_zone" else "report", str(refusal))
        else:
            for report, new in taken:
                tell_taken_in(request, report, new=new)
            return redirect("desk_attendance:overview", pk=pk)
    asking = is_being_asked(session)
    if request.GET.get("asked") and not asking and not attendance_error(session):
        return redirect("desk_attendance:overview", pk=pk)
    response = _upload_page(request, session, form)
    if asking and request.method != "POST":
        response["Refresh"] = "3"
    return response


def _upload_page(request: HttpRequest, session: Session, form: UploadForm) -> HttpResponse:
    here = AttendanceReport.objects.filter(session=session)
    context = {
        **page_of(session),
        "form": form,
        "has_reports": here.standing().exists(),
        "refused": [rows.refused_row(report) for report in here.refused()],
        "can_ask": has_meeting(session) and session.ends_at <= timezone.now(),
        "told": attendance_error(session),
        "asking": is_being_asked(session),
    }
    return render(request, "desk/attendance/upload.html", context)


def tell_taken_in(request: HttpRequest, report: AttendanceReport, *, new: bool) -> None:
    """Say where a file was here before; of a new one the page itself tells."""
    if not new:
        told = _("%(file)s is here already; nothing has changed.")
        messages.info(request, told % {"file": report.name})


@require_POST
@desk_view
def fetch(request: HttpRequest, pk: int) -> HttpResponse:
    """Have Webex asked who was there; the next page looks again until it has answered."""
    session = managed_session(request, pk)
    try:
        services.ask_webex_attendance(session=session, actor=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("desk_attendance:overview", pk=pk)
    return redirect(reverse("desk_attendance:upload", args=[pk]) + "?asked=webex")


@require_POST
@desk_view
def read_again(request: HttpRequest, pk: int, report: int) -> HttpResponse:
    """Have a report's times read in another zone."""
    found = _report(request, pk, report)
    try:
        services.read_again(report=found, zone=request.POST.get("zone", ""), actor=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("desk_attendance:overview", pk=pk)


@require_http_methods(["GET", "POST"])
@desk_view
def remove(request: HttpRequest, pk: int, report: int) -> HttpResponse:
    """Take a report out of the count, after a question."""
    found = _report(request, pk, report)
    if request.method == "POST":
        services.set_aside_report(report=found, actor=request.user)
        messages.success(
            request, _("The report counts no more. Uploading it again brings it back.")
        )
        return redirect("desk_attendance:overview", pk=pk)
    context = {**page_of(found.session), "report": rows.report_row(found)}
    return render(request, "desk/attendance/remove.html", context)


@require_safe
@desk_view
def file(request: HttpRequest, pk: int, report: int) -> FileResponse:
    """The report as it was uploaded."""
    found = _report(request, pk, report)
    if not found.file:
        raise Http404
    ending = str(found.file.name).rpartition(".")[2]
    name = f"attendance-{found.session.day}-{found.pk}.{ending}"
    response = FileResponse(found.file.open("rb"), as_attachment=True, filename=name)
    response["Content-Type"] = "application/octet-stream"
    return response


@require_safe
@desk_view
def every_row(request: HttpRequest, pk: int) -> HttpResponse:
    """Every row of the reports that count with what becomes of it and why, as a table."""
    session = managed_session(request, pk)
    return csv_response(
        rows_file.cells(results(session)),
        header=rows_file.header(),
        filename=f"attendance-rows-{session.day}-{session.pk}.csv",
    )


def _report(request: HttpRequest, pk: int, report: int) -> AttendanceReport:
    session = managed_session(request, pk)
    standing = AttendanceReport.objects.standing().select_related("uploaded_by")
    found = get_object_or_404(standing, pk=report, session=session)
    found.session = session
    return found
