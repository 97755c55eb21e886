"""A session's meeting at Webex: made, tried again, taken away."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from events import services, wall_time
from events.enums import WebexKind
from lms.core.exceptions import Refused
from lms.portal.desk.access import desk_view, frame
from lms.portal.desk.sessions.views import managed_session


@require_POST
@desk_view
def webex(request: HttpRequest, pk: int) -> HttpResponse:
    """Have a meeting or a webinar made, or try again at once what could not be sent."""
    session = managed_session(request, pk)
    try:
        if request.POST.get("do") == "again":
            services.try_webex_again(session=session, actor=request.user)
        else:
            webinar = request.POST.get("do") == WebexKind.WEBINAR
            kind = WebexKind.WEBINAR if webinar else WebexKind.MEETING
            services.want_webex_meeting(session=session, kind=kind, actor=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Webex is being told. This takes a moment."))
    return redirect("desk_sessions:session", pk=pk)


@require_http_methods(["GET", "POST"])
@desk_view
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then take the meeting away from Webex; the session stays."""
    session = managed_session(request, pk)
    if request.method == "POST":
        try:
            services.drop_webex_meeting(session=session, actor=request.user)
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(
                request, _("The meeting is being taken off Webex. Add a link people can join by.")
            )
        return redirect("desk_sessions:session", pk=pk)
    when = wall_time.when(session.starts_at, session.ends_at, session.zone_info)
    context = {**frame("sessions"), "session": session, "when": when}
    return render(request, "desk/sessions/webex_remove.html", context)
