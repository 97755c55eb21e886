"""The report of a session: uploaded, looked at, applied."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from events import services, wall_time
from events.enums import Outcome
from events.models import Session
from events.report_models import AttendanceReport
from events.report_selectors import Effect, Results, results, suggestions
from events.webex_selectors import attendance_error, has_meeting
from lms.core.exceptions import Refused
from lms.portal.desk.access import desk_view, frame, posted
from lms.portal.desk.attendance import rows
from lms.portal.desk.attendance.forms import ApplyForm, UploadForm
from lms.portal.desk.sessions.views import managed_session

SEATS_PER_PAGE = 100
QUEUE_SHOWN = 20


@require_safe
@desk_view
def overview(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything the reports come to, before and after it is noted."""
    session = managed_session(request, pk)
    found = results(session)
    if not found.reports:
        return _upload_page(request, session, UploadForm())
    page = Paginator(found.seats, SEATS_PER_PAGE).get_page(request.GET.get("page"))
    queue = found.waiting[:QUEUE_SHOWN]
    likely = suggestions(found, queue)
    context = {
        **page_of(session),
        "warnings": rows.warnings(found),
        "meetings": rows.meetings_of(found),
        "found": found,
        "numbers": numbers(found),
        "queue": [
            rows.person_row(person, results=found, suggestions=likely[person.person.pk])
            for person in queue
        ],
        "queue_left": len(found.waiting) - len(queue),
        "page": page,
        "seats": [rows.seat_row(seat, session_pk=pk) for seat in page],
        "others": [rows.person_row(person, results=found) for person in found.no_participants],
        "reports": [rows.report_row(report) for report in found.reports],
        "to_note": any(
            seat.effect in (Effect.NEW, Effect.CHANGED, Effect.ABSENT) for seat in found.seats
        ),
        "differs": any(
            seat.effect == Effect.BY_HAND and not seat.is_absent for seat in found.seats
        ),
    }
    return render(request, "desk/attendance/overview.html", context)


def page_of(session: Session) -> dict[str, Any]:
    """What each page of a session's attendance desk shows."""
    when = wall_time.when(session.starts_at, session.ends_at, session.zone_info)
    return {**frame("sessions"), "session": session, "when": when}


def numbers(found: Results) -> list[dict[str, Any]]:
    """How many came to what."""
    outcomes = found.outcomes
    return [
        {"number": outcomes[Outcome.ATTENDED], "label": _("meet the rule")},
        {"number": outcomes[Outcome.PARTIAL], "label": _("were there for less")},
        {
            "number": len(found.waiting),
            "label": _("to look at"),
            "kind": "soon" if found.waiting else "",
        },
        {
            "number": outcomes[Outcome.NO_SHOW]
            + sum(seat.effect != Effect.UNREADABLE for seat in found.absent),
            "label": _("registered and not there"),
        },
    ]


@require_http_methods(["GET", "POST"])
@desk_view
def upload(request: HttpRequest, pk: int) -> HttpResponse:
    """Take in a report; nothing is noted by it."""
    session = managed_session(request, pk)
    form = UploadForm(posted(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["report"]
        try:
            imported = services.import_report(
                session=session,
                content=upload.read(),
                name=upload.name,
                zone=form.cleaned_data["zone"],
                actor=request.user,
            )
        except Refused as refusal:
            form.add_error("zone" if refusal.code == "unknown_zone" else "report", str(refusal))
        else:
            tell_imported(request, imported)
            return redirect("desk_attendance:overview", pk=pk)
    return _upload_page(request, session, form)


@require_POST
@desk_view
def fetch(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask Webex who was there; nothing is noted by it."""
    session = managed_session(request, pk)
    try:
        imported = services.fetch_webex_attendance(session=session, actor=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        tell_imported(request, imported)
    return redirect("desk_attendance:overview", pk=pk)


def _upload_page(request: HttpRequest, session: Session, form: UploadForm) -> HttpResponse:
    has_reports = AttendanceReport.objects.standing().filter(session=session).exists()
    context = {
        **page_of(session),
        "form": form,
        "has_reports": has_reports,
        "can_ask": has_meeting(session) and session.ends_at <= timezone.now(),
        "told": attendance_error(session),
    }
    return render(request, "desk/attendance/upload.html", context)


def tell_imported(request: HttpRequest, imported: services.Imported) -> None:
    """Say what became of a file."""
    if not imported.created:
        messages.info(request, _("This report is here already; nothing has changed."))
        return
    count = imported.report.rows.count()
    told = ngettext("%(count)s row was read.", "%(count)s rows were read.", count)
    messages.success(
        request, told % {"count": count} + " " + _("Nothing is noted yet: look at it first.")
    )
    if imported.report.replaces.exists():
        messages.info(request, _("It replaces the earlier report, all of which it contains."))


@require_POST
@desk_view
def read_again(request: HttpRequest, pk: int, report: int) -> HttpResponse:
    """Read a report's times in another zone."""
    found = _report(request, pk, report)
    try:
        services.read_again(report=found, zone=request.POST.get("zone", ""), actor=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Read again. Nothing is noted yet: look at it first."))
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
    name = f"attendance-{found.session.day}-{found.pk}.csv"
    response = FileResponse(found.file.open("rb"), as_attachment=True, filename=name)
    response["Content-Type"] = "application/octet-stream"
    return response


def _report(request: HttpRequest, pk: int, report: int) -> AttendanceReport:
    session = managed_session(request, pk)
    standing = AttendanceReport.objects.standing().select_related("uploaded_by")
    found = get_object_or_404(standing, pk=report, session=session)
    found.session = session
    return found


@require_http_methods(["GET", "POST"])
@desk_view
def apply(request: HttpRequest, pk: int) -> HttpResponse:
    """Note what the reports come to, after saying what that is."""
    session = managed_session(request, pk)
    found = results(session)
    form = ApplyForm(posted(request), results=found)
    if form.is_valid():
        try:
            applied = services.apply_reports(
                session=session, actor=request.user, **form.cleaned_data
            )
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            _tell_applied(request, applied)
        return redirect("desk_attendance:overview", pk=pk)
    context = {
        **page_of(session),
        "form": form,
        "consequences": _consequences(found),
        "back": reverse("desk_attendance:overview", args=[pk]),
    }
    return render(request, "desk/attendance/apply.html", context)


def _consequences(found: Results) -> list[str]:
    """What applying does, for those found in the reports."""
    going = [
        seat
        for seat in found.seats
        if not seat.is_absent and seat.effect in (Effect.NEW, Effect.CHANGED)
    ]
    attended = sum(seat.outcome == Outcome.ATTENDED for seat in going)
    less = len(going) - attended
    waiting = len(found.waiting)
    lines = []
    if attended:
        told = ngettext(
            "%(count)s person attended: completion and certificate follow by themselves.",
            "%(count)s people attended: completion and certificate follow by themselves.",
            attended,
        )
        lines.append(told % {"count": attended})
    if less:
        told = ngettext(
            "%(count)s person was there for less than the rule asks.",
            "%(count)s people were there for less than the rule asks.",
            less,
        )
        lines.append(told % {"count": less})
    if waiting:
        lines.append(
            ngettext(
                "%(count)s person in the report is not placed and gets nothing now. If they are "
                "registered, say who they are first.",
                "%(count)s people in the report are not placed and get nothing now. If one of "
                "them is registered, say who they are first.",
                waiting,
            )
            % {"count": waiting}
        )
    if found.problems:
        told = ngettext(
            "%(count)s row cannot be read and is left out.",
            "%(count)s rows cannot be read and are left out.",
            len(found.problems),
        )
        lines.append(told % {"count": len(found.problems)})
    return lines


def _tell_applied(request: HttpRequest, applied: services.Applied) -> None:
    """The result, in a sentence or two."""
    noted = sum(applied.noted.values())
    if not noted:
        messages.info(request, _("Everything was noted already; nothing has changed."))
    else:
        parts = ", ".join(
            f"{outcome.label}: {count}"
            for outcome in Outcome
            if (count := applied.noted.get(outcome, 0))
        )
        told = ngettext(
            "Attendance of %(count)s person is noted (%(parts)s). Certificates follow by "
            "themselves.",
            "Attendance of %(count)s people is noted (%(parts)s). Certificates follow by "
            "themselves.",
            noted,
        )
        messages.success(request, told % {"count": noted, "parts": parts})
    if applied.kept_by_hand:
        kept = ngettext(
            "What somebody noted by hand for %(count)s person stays.",
            "What somebody noted by hand for %(count)s people stays.",
            applied.kept_by_hand,
        )
        messages.info(request, kept % {"count": applied.kept_by_hand})
