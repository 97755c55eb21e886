"""Showing what was kept back: one session, or a whole series'."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from events import services
from events.series_models import SeriesPage
from lms.portal.desk.access import desk_view
from lms.portal.desk.overview import offices_of
from lms.portal.desk.sessions.views import managed_session


@require_POST
@desk_view
def announce(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a session to everybody."""
    session = managed_session(request, pk)
    services.announce_sessions(sessions=[session], actor=request.user)
    messages.success(request, _("Everybody sees the session now."))
    return redirect("desk_sessions:session", pk=pk)


@require_POST
@desk_view
def announce_series(request: HttpRequest, pk: int) -> HttpResponse:
    """Show every session of a series that was kept back."""
    page = get_object_or_404(SeriesPage, pk=pk, office__in=offices_of(request.user))
    shown = services.announce_program(page=page, actor=request.user)
    said = ngettext(
        "Everybody sees %(count)s session more.", "Everybody sees %(count)s sessions more.", shown
    )
    messages.success(request, said % {"count": shown})
    return redirect("desk_sessions:series")
