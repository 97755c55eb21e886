"""Calendar files and feeds."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from events import calendars, feeds, services
from events.models import Session
from events.selectors import is_open_to, seat_of
from events.views import signed_in

_TYPE = "text/calendar; charset=utf-8"


@require_safe
def personal_feed(request: HttpRequest, token: str) -> HttpResponse:
    """Somebody's seats, for the calendar that knows the secret address."""
    return _answer(request, feeds.personal_feed(token, timezone.now()), cache="private")


@require_safe
def training_feed(request: HttpRequest, slug: str) -> HttpResponse:
    """A training's dates, for anyone's calendar."""
    return _answer(request, feeds.training_feed(slug, timezone.now()), cache="public")


@require_safe
def series_feed(request: HttpRequest, slug: str) -> HttpResponse:
    """A series' dates, for anyone's calendar."""
    return _answer(request, feeds.series_feed(slug, timezone.now()), cache="public")


def _answer(request: HttpRequest, feed: feeds.Feed | None, *, cache: str) -> HttpResponse:
    """The feed, or 304 when the calendar has it already."""
    if feed is None:
        raise Http404
    tag = feed.tag()
    response = get_conditional_response(request, etag=tag)
    if not isinstance(response, HttpResponseNotModified):
        response = HttpResponse(feed.text(tag), content_type=_TYPE)
    response["ETag"] = tag
    response["Cache-Control"] = f"{cache}, max-age=300"
    return response


@require_safe
@never_cache
def session_file(request: HttpRequest, pk: int) -> HttpResponse:
    """One session to add to a calendar; for somebody with a seat, under the invitation's UID."""
    session = get_object_or_404(Session.objects.select_related("training__owner"), pk=pk)
    if not is_open_to(request.user, session):
        raise Http404
    seat = seat_of(request.user, session)
    text = calendars.seat_file(seat) if seat and seat.is_live else calendars.session_file(session)
    response = HttpResponse(text, content_type=_TYPE)
    response["Content-Disposition"] = f'attachment; filename="session-{session.pk}.ics"'
    return response


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def my_calendar(request: HttpRequest) -> HttpResponse:
    """The address of one's own feed; a new one makes the old one useless."""
    person = signed_in(request)
    if request.method == "POST":
        services.renew_calendar_token(person=person, actor=person)
        messages.success(request, _("This is your new address. The old one no longer works."))
        return redirect("events:my_calendar")
    token = services.calendar_token(person=person, actor=person)
    address = request.build_absolute_uri(reverse("calendars:personal", args=[token.token]))
    webcal = "webcal" + address[address.index(":") :]
    return render(request, "events/my_calendar.html", {"address": address, "webcal": webcal})
