"""The door of a session: who is there, from a phone; the sign-in sheet and the poster on paper."""

from typing import Any

import segno
from django.conf import settings
from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from events import services, wall_time
from events.check_in_models import CheckIn
from events.models import Registration, Session
from events.selectors import roster
from events.services.check_in import poster_token
from lms.core.exceptions import Refused
from lms.core.pdf import NotDrawable, draw
from lms.people.fields import fold
from lms.portal.desk.access import desk_view, frame, posted
from lms.portal.desk.forms_walk_in import WalkInForm
from lms.portal.desk.sessions.views import managed_session

WALK_IN_ROWS = 6
# Beyond these one looks for a name.
SHOWN = 200


@require_http_methods(["GET", "POST"])
@desk_view
def door(request: HttpRequest, pk: int) -> HttpResponse:
    """Find somebody and note that they are there, or take it back."""
    found = managed_session(request, pk)
    if request.method == "POST":
        number = request.POST.get("seat", "")
        seat = get_object_or_404(
            found.registrations.select_related("session__training__owner", "person"),
            pk=number if number.isdigit() else None,
        )
        _note(request, seat)
        return redirect(request.get_full_path())
    words = " ".join(request.GET.get("q", "").split())
    seats = roster(found)
    if words:
        for word in fold(words).split():
            named = Q(person__search_name__contains=word) | Q(person__email__contains=word)
            seats = seats.filter(named)
    context = {
        **frame("sessions"),
        "session": found,
        "when": _when(found),
        "words": words,
        "seats": [{"seat": seat, "there": _there(seat)} for seat in seats[:SHOWN]],
        "count": CheckIn.objects.filter(registration__in=found.registrations.live()).count(),
        "all": found.registrations.live().count(),
        "form": WalkInForm(),
    }
    return render(request, "desk/sessions/door.html", context)


def _there(seat: Registration) -> CheckIn | None:
    return getattr(seat, "check_in", None)


def _note(request: HttpRequest, seat: Registration) -> None:
    """Check in, or take it back; and say so."""
    if request.POST.get("step") == "undo":
        services.undo_check_in(registration=seat, actor=request.user)
        messages.success(request, _("%(person)s: taken back.") % {"person": seat.person})
        return
    try:
        services.check_in(registration=seat, actor=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("%(person)s is checked in.") % {"person": seat.person})


@require_http_methods(["GET", "POST"])
@desk_view
def walk_in(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody came without a seat: name, address if there is one, and they are in."""
    found = managed_session(request, pk)
    form = WalkInForm(posted(request))
    if form.is_valid():
        try:
            seat = services.add_walk_in(session=found, **form.cleaned_data, actor=request.user)
            services.check_in(registration=seat, actor=request.user)
        except services.OtherPersonsAddress as refusal:
            form.ask_whose(refusal)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("%(person)s is checked in.") % {"person": seat.person})
            return redirect("desk_sessions:door", pk=pk)
    context = {**frame("sessions"), "session": found, "when": _when(found), "form": form}
    return render(request, "desk/sessions/walk_in.html", context)


@require_safe
@desk_view
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """The sign-in sheet: printed names, room to sign in and out, empty rows for walk-ins."""
    found = managed_session(request, pk)
    context = {
        "session": found,
        "when": _when(found),
        "seats": roster(found),
        "empty": range(WALK_IN_ROWS),
        "office": found.training.owner,
    }
    return _paper(request, found, "desk/sessions/sheet_paper.html", context, name="sign-in")


@require_safe
@desk_view
def roster_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The roster to print: names, addresses, and what attendance came to."""
    found = managed_session(request, pk)
    context = {
        "session": found,
        "when": _when(found),
        "seats": roster(found),
        "office": found.training.owner,
    }
    return _paper(request, found, "desk/sessions/roster_paper.html", context, name="roster")


@require_safe
@desk_view
def poster(request: HttpRequest, pk: int) -> HttpResponse:
    """A poster for the door, whose code leads to the check-in page."""
    found = managed_session(request, pk)
    address = settings.SITE_ORIGIN + reverse("events:poster", args=[poster_token(found)])
    context = {
        "session": found,
        "when": _when(found),
        "qr": segno.make(address, error="m", micro=False).png_data_uri(scale=10, border=2),
        "office": found.training.owner,
    }
    return _paper(request, found, "desk/sessions/poster_paper.html", context, name="check-in")


def _paper(
    request: HttpRequest, session: Session, template: str, context: dict[str, Any], *, name: str
) -> HttpResponse:
    try:
        pdf = draw(template, context, language=translation.get_language())
    except NotDrawable:
        messages.error(
            request, _("The PDF lacks letters that a name needs. Use the table file instead.")
        )
        return redirect("desk_sessions:session", pk=session.pk)
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}-{session.day}-{session.pk}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


def _when(session: Session) -> str:
    return wall_time.when(session.starts_at, session.ends_at, session.zone_info)
