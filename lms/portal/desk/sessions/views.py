"""The desk's list of sessions, a session with its roster, and its file."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from events import services, wall_time
from events.models import Registration, Session
from events.permissions import arranges
from events.selectors import managed_sessions, roster, seats_in_words, waiting_list
from events.webex_selectors import webex_state
from lms.core.bounces import bounced
from lms.core.exceptions import Refused
from lms.core.tables import csv_response, xlsx_response
from lms.portal.desk.access import desk_view, frame, posted
from lms.portal.desk.sessions.asked import answers_in
from lms.portal.desk.sessions.attendance import AttendanceSheet

PER_PAGE = 25
SEATS_PER_PAGE = 200


def managed_session(request: HttpRequest, pk: int) -> Session:
    """A session of an office the reader coordinates; any other does not exist."""
    return get_object_or_404(managed_sessions(request.user), pk=pk)


@require_safe
@desk_view
def sessions(request: HttpRequest) -> HttpResponse:
    """The coming dates with how full they are, or those that are over."""
    now = timezone.now()
    past = request.GET.get("show") == "past"
    mine = managed_sessions(request.user)
    shown = mine.past(now) if past else mine.upcoming(now)
    page = Paginator(shown, PER_PAGE).get_page(request.GET.get("page"))
    path = reverse("desk_sessions:list")
    context = {
        **frame("sessions"),
        "page": page,
        "rows": [_row(session) for session in page],
        "past": past,
        "tabs": [
            {"label": _("Coming"), "url": path, "current": not past},
            {"label": _("Over or cancelled"), "url": f"{path}?show=past", "current": past},
        ],
        "columns": [{"label": _("Session")}, {"label": _("Seats")}, {"label": _("To do")}],
    }
    return render(request, "desk/sessions/list.html", context)


def _row(session: Session) -> dict[str, Any]:
    taken: int = session.taken  # type: ignore[attr-defined]  # annotated
    waiting: int = session.waiting  # type: ignore[attr-defined]  # annotated
    seats = _("%(taken)s of %(seats)s taken") % {"taken": taken, "seats": session.capacity}
    if waiting:
        more = ngettext("%(count)s waits", "%(count)s wait", waiting) % {"count": waiting}
        seats = f"{seats}, {more}"
    return {
        "session": session,
        "url": reverse("desk_sessions:session", args=[session.pk]),
        "when": wall_time.when(session.starts_at, session.ends_at, session.zone_info),
        "taken": taken,
        "seats": seats,
        "few": seats_in_words(session, taken) != _("Plenty of seats"),
        "to_do": _to_do(session),
    }


def _to_do(session: Session) -> str:
    """What a session still needs from a coordinator."""
    if session.is_cancelled:
        return ""
    unmarked: int = session.unmarked  # type: ignore[attr-defined]  # annotated
    asking: int = session.asking  # type: ignore[attr-defined]  # annotated
    if asking and session.starts_at > timezone.now():
        return ngettext(
            "%(count)s person asks for a seat", "%(count)s people ask for a seat", asking
        ) % {"count": asking}
    if session.announced_at is None and session.ends_at > timezone.now():
        return _("Kept back: nobody sees it yet")
    if session.ends_at <= timezone.now():
        if not unmarked:
            return ""
        return ngettext(
            "Note attendance of %(count)s person", "Note attendance of %(count)s people", unmarked
        ) % {"count": unmarked}
    return "" if session.join_url or session.location else _("Add the join link")


@require_http_methods(["GET", "POST"])
@desk_view
def session(request: HttpRequest, pk: int) -> HttpResponse:
    """A session and its people; from its start on their attendance is noted here."""
    found = managed_session(request, pk)
    now = timezone.now()
    begun = found.starts_at <= now and not found.is_cancelled
    page = Paginator(roster(found), SEATS_PER_PAGE).get_page(request.GET.get("page"))
    if not begun:
        page.object_list = _with_bounces(page.object_list)
    sheet = AttendanceSheet(found, page, posted(request)) if begun else None
    if sheet and request.method == "POST" and sheet.is_valid():
        held = sheet.standing()
        try:
            marked = services.mark_many(session=found, marks=sheet.marks(), actor=request.user)
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            taken_back = len(held - sheet.standing())
            messages.success(request, _saved(sheet.changed(marked), taken_back))
        return redirect(request.get_full_path())
    context = {
        **frame("sessions"),
        "session": found,
        "row": _row(found),
        "webex": webex_state(found, now),
        "arranges": arranges(request.user, found),
        "page": page,
        "sheet": sheet,
        "queue": [] if begun else _queue(found),
        "begun": begun,
        "movable": not begun and not found.is_cancelled,
        "cancellable": found.ends_at > now and not found.is_cancelled,
    }
    return render(request, "desk/sessions/session.html", context)


def _queue(session: Session) -> list[dict[str, Any]]:
    """The waiting list as the desk shows it, with the reason of an offer out of order."""
    rows = []
    for seat in waiting_list(session).prefetch_related("events"):
        seat.session = session
        last = list(seat.events.all())[-1]
        rows.append(
            {
                "seat": seat,
                "where": _("Held until %(moment)s")
                % {"moment": wall_time.moment(seat.offered_until, session.zone_info)}
                if seat.offered_until
                else _("Number %(position)s") % {"position": seat.position},  # type: ignore[attr-defined]
                "kind": "soon" if seat.is_offered else "neutral",
                "reason": last.note,
            }
        )
    return rows


def _saved(changed: int, taken_back: int) -> str:
    """How many rows the sheet changed, and how many completions it took back."""
    if not changed:
        return _("Saved. Nothing was changed.")
    saved = ngettext(
        "Saved. Attendance of %(count)s person is noted; certificates follow by themselves.",
        "Saved. Attendance of %(count)s people is noted; certificates follow by themselves.",
        changed,
    )
    if taken_back:
        saved = ngettext(
            "Saved. Attendance of %(count)s person was changed.",
            "Saved. Attendance of %(count)s people was changed.",
            changed,
        )
        lost = ngettext(
            "%(count)s completion was revoked with its certificate; the person is told.",
            "%(count)s completions were revoked with their certificates; the people are told.",
            taken_back,
        )
        return f"{saved % {'count': changed}} {lost % {'count': taken_back}}"
    return saved % {"count": changed}


def _with_bounces(seats: Iterable[Registration]) -> list[Registration]:
    """Each seat with `bounce`: why its person gets no mail."""
    listed = list(seats)
    known = bounced(seat.person.email for seat in listed)
    for seat in listed:
        seat.bounce = known.get(seat.person.email or "")  # type: ignore[attr-defined]
    return listed


def roster_table(session: Session) -> tuple[list[str], list[list[Any]]]:
    """Header and rows of the roster's files, a column for each question that was asked.

    Never what people need to take part.
    """
    questions, said = answers_in(session)
    header = [
        _("Last name"),
        _("First name"),
        _("E-mail"),
        _("Registered"),
        _("Outcome"),
        _("Minutes"),
        _("Note"),
        *(question.text for question in questions),
    ]
    rows = []
    for seat in roster(session):
        newest = seat.newest[0] if seat.newest else None  # type: ignore[attr-defined]  # prefetched
        registered = timezone.localtime(seat.registered_at, session.zone_info)
        rows.append(
            [
                seat.person.last_name,
                seat.person.first_name,
                seat.person.email,
                f"{registered:%Y-%m-%d %H:%M}",
                newest.get_outcome_display() if newest else "",
                newest.minutes if newest else "",
                newest.note if newest else "",
                *(said.get((seat.pk, question.pk), "") for question in questions),
            ]
        )
    return header, rows


@require_safe
@desk_view
def roster_csv(request: HttpRequest, pk: int) -> HttpResponse:
    """The people with a seat as a table file."""
    found = managed_session(request, pk)
    header, rows = roster_table(found)
    return csv_response(rows, header=header, filename=f"roster-{found.day}-{found.pk}.csv")


@require_safe
@desk_view
def roster_xlsx(request: HttpRequest, pk: int) -> HttpResponse:
    """The same as a spreadsheet."""
    found = managed_session(request, pk)
    header, rows = roster_table(found)
    name = f"roster-{found.day}-{found.pk}.xlsx"
    return xlsx_response(rows, header=header, filename=name, title=str(found.day))
