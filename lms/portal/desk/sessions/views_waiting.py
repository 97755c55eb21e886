"""The waiting list at the desk: an offer out of order, and taking somebody off list or roster."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from events import services, wall_time
from events.models import Registration, Session
from events.selectors import queue_news, waiting_list
from lms.core.exceptions import Refused
from lms.portal.desk.access import desk_view, frame, posted
from lms.portal.desk.sessions.forms import OfferForm
from lms.portal.desk.sessions.views import managed_session


def _queued(session: Session, seat: int) -> Registration:
    """Somebody on the session's list; anybody else is not there."""
    found = waiting_list(session).filter(pk=seat).first()
    if found is None:
        raise Http404
    found.session = session
    return found


@require_http_methods(["GET", "POST"])
@desk_view
def offer(request: HttpRequest, pk: int, seat: int) -> HttpResponse:
    """Offer a seat to somebody who is not next, with the reason; says first what it costs."""
    session = managed_session(request, pk)
    waiting = _queued(session, seat)
    form = OfferForm(posted(request))
    if form.is_valid():
        try:
            services.offer_out_of_order(
                registration=waiting, **form.cleaned_data, actor=request.user
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request,
                _("A seat is held for %(person)s, who is told by mail.")
                % {"person": waiting.person},
            )
            return redirect("desk_sessions:session", pk=pk)
    taken: int = session.taken  # type: ignore[attr-defined]  # annotated
    context = {
        **frame("sessions"),
        "session": session,
        "when": wall_time.when(session.starts_at, session.ends_at, session.zone_info),
        "waiting": waiting,
        "news": queue_news(waiting),
        "one_more": taken >= session.capacity,
        "seats": session.capacity + 1,
        "form": form,
    }
    return render(request, "desk/sessions/offer.html", context)


@require_http_methods(["GET", "POST"])
@desk_view
def remove(request: HttpRequest, pk: int, seat: int) -> HttpResponse:
    """Take somebody off the list or the roster, after a question; they are told."""
    session = managed_session(request, pk)
    current = session.registrations.current().select_related("person")
    waiting = get_object_or_404(current, pk=seat)
    waiting.session = session
    if request.method == "POST":
        try:
            services.cancel_registration(registration=waiting, actor=request.user, by_office=True)
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(
                request,
                _("%(person)s is taken off and told by mail.") % {"person": waiting.person},
            )
        return redirect("desk_sessions:session", pk=pk)
    context = {
        **frame("sessions"),
        "session": session,
        "when": wall_time.when(session.starts_at, session.ends_at, session.zone_info),
        "waiting": waiting,
    }
    return render(request, "desk/sessions/remove.html", context)
