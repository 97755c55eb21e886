"""What a session's reports come to: looked at, then noted."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from events import services, wall_time
from events.enums import Outcome
from events.models import Session
from events.report_models import AttendanceNoting, AttendanceReport
from events.report_selectors import Effect, Results, results, suggestions
from lms.core.exceptions import Refused
from lms.portal.desk.access import desk_view, frame, posted
from lms.portal.desk.attendance import rows
from lms.portal.desk.attendance.forms import ApplyForm
from lms.portal.desk.sessions.views import managed_session

SEATS_PER_PAGE = 100
QUEUE_SHOWN = 20
PROBLEMS_SHOWN = 50
# Seconds until the page looks again while a worker is at it.
ASK_AGAIN = 2


@require_safe
@desk_view
def overview(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything the reports come to, before and after it is noted; or how far the worker is."""
    session = managed_session(request, pk)
    here = AttendanceReport.objects.filter(session=session)
    reading = list(here.being_read())
    noting = AttendanceNoting.objects.select_related("asked_by").filter(session=session).last()
    if reading or (noting and noting.is_going_on):
        return _working(request, session, reading, noting)
    found = results(session)
    if not found.reports:
        return redirect("desk_attendance:upload", pk)
    prefetch_related_objects(found.reports, "replaces")
    page = Paginator(found.seats, SEATS_PER_PAGE).get_page(request.GET.get("page"))
    queue = found.waiting[:QUEUE_SHOWN]
    likely = suggestions(found, queue)
    context = {
        **page_of(session),
        "warnings": rows.warnings(found),
        "refused": [rows.refused_row(report) for report in here.refused()],
        "noted": rows.noted(noting) if noting else None,
        "read": rows.read_in_words(found, noting),
        "meetings": rows.meetings_of(found),
        "found": found,
        "problems": found.problems[:PROBLEMS_SHOWN],
        "problems_left": max(len(found.problems) - PROBLEMS_SHOWN, 0),
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


def _working(
    request: HttpRequest,
    session: Session,
    reading: list[AttendanceReport],
    noting: AttendanceNoting | None,
) -> HttpResponse:
    """How far a worker is; nothing is computed here, since the page asks every two seconds."""
    going = noting if noting and noting.is_going_on else None
    context = {
        **page_of(session),
        "reading": [rows.reading_row(report) for report in reading],
        "noting": going,
        "noting_text": rows.people_done(going) if going else "",
    }
    response = render(request, "desk/attendance/working.html", context)
    response["Refresh"] = str(ASK_AGAIN)
    return response


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
            + sum(seat.effect not in rows.OPEN for seat in found.absent),
            "label": _("registered and not there"),
        },
    ]


@require_http_methods(["GET", "POST"])
@desk_view
def apply(request: HttpRequest, pk: int) -> HttpResponse:
    """Have noted what the reports come to, after saying what that is; or take nothing of them."""
    session = managed_session(request, pk)
    found = results(session)
    if request.method == "POST" and "nothing" in request.POST:
        return _take_nothing(request, found)
    form = ApplyForm(posted(request), results=found)
    if form.is_valid():
        try:
            services.note_reports(session=session, actor=request.user, **form.cleaned_data)
        except Refused as refusal:
            messages.error(request, str(refusal))
        return redirect("desk_attendance:overview", pk=pk)
    context = {
        **page_of(session),
        "form": form,
        "consequences": _consequences(found),
        "has_problems": bool(found.problems),
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


def _take_nothing(request: HttpRequest, found: Results) -> HttpResponse:
    """Leave out whole reports with rows that cannot be read, until they are mended."""
    broken = {row.report for row in found.problems}
    for report in broken:
        services.set_aside_report(report=report, actor=request.user)
    told = ngettext(
        "Nothing is noted from it. Correct the file and upload it again.",
        "Nothing is noted from them. Correct the files and upload them again.",
        len(broken),
    )
    messages.success(request, told)
    return redirect("desk_attendance:overview", pk=found.session.pk)
