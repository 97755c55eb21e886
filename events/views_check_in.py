"""Checking in: from the poster in the room, with its code, or by who looks after the door."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from events import selectors, services, wall_time
from events.check_in_models import CheckIn
from events.forms import CodeForm
from events.models import Registration, Session
from events.services.check_in import seat_of_door_token, session_of_poster_token
from events.views import signed_in
from lms.core.exceptions import Refused
from lms.core.ratelimit import Limit, too_many


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def poster(request: HttpRequest, token: str) -> HttpResponse:
    """Where the poster's code leads: one tap, and the code of the room where there is one."""
    return _check_in(request, session_of_poster_token(token), with_poster=True)


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def check_in(request: HttpRequest, pk: int) -> HttpResponse:
    """From the session's page, with the code; where there is none, the poster is needed."""
    return _check_in(request, pk, with_poster=False)


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def door(request: HttpRequest, token: str) -> HttpResponse:
    """Where somebody's own code leads whoever looks after the door: one person, one button.

    For everybody else, the person themselves too, it does not exist.
    """
    seat = get_object_or_404(
        Registration.objects.filter(
            session__in=Session.objects.managed_by(signed_in(request))
        ).select_related("session__training__owner", "person"),
        pk=seat_of_door_token(token),
    )
    if request.method == "POST":
        try:
            services.check_in(registration=seat, actor=signed_in(request))
        except Refused as refusal:
            messages.error(request, str(refusal))
        return redirect("events:door", token=token)
    found = seat.session
    context = {
        "session": found,
        "when": wall_time.when(found.starts_at, found.ends_at, found.zone_info),
        "seat": seat,
        "there": CheckIn.objects.filter(registration=seat).first(),
    }
    return render(request, "events/door.html", context)


def _check_in(request: HttpRequest, pk: int | None, *, with_poster: bool) -> HttpResponse:
    found = get_object_or_404(Session.objects.select_related("training__owner"), pk=pk)
    seat = selectors.seat_of(request.user, found)
    if not with_poster and (seat is None or not found.check_in_code):
        raise Http404
    if not selectors.is_open_to(request.user, found):
        raise Http404
    if seat is None or not seat.is_live:
        messages.error(request, _("You have no seat here yet. Ask at the door to be added."))
        return redirect("events:session", pk=found.pk)
    # For each seat: a room of two hundred may share one address, and each mistypes once.
    wrong_codes = Limit(f"check-in:{seat.pk}", tries=10, seconds=10 * 60)
    if wrong_codes.reached(request):
        return too_many(request, wrong_codes)
    form = CodeForm(
        request.POST if request.method == "POST" else None, asks=bool(found.check_in_code)
    )
    if form.is_valid():
        try:
            services.check_in(
                registration=seat, code=form.cleaned_data.get("code", ""), actor=signed_in(request)
            )
        except Refused as refusal:
            if refusal.code == "wrong_code":
                wrong_codes.count(request)
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("You are checked in."))
            return redirect("events:session", pk=found.pk)
    context = {
        "session": found,
        "when": wall_time.when(found.starts_at, found.ends_at, found.zone_info),
        "form": form,
        "checked_in": hasattr(seat, "check_in"),
    }
    return render(request, "events/check_in.html", context)
