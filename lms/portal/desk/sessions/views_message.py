"""A message to a session's people: a ready-made text, then who gets what, then it is sent."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from events import services, wall_time
from events.services.messages import recipients
from lms.core.exceptions import Refused
from lms.portal.desk.access import desk_view, frame, posted
from lms.portal.desk.sessions.forms_message import TEXTS, MessageForm
from lms.portal.desk.sessions.views import managed_session


@require_http_methods(["GET", "POST"])
@desk_view
def message(request: HttpRequest, pk: int) -> HttpResponse:
    """Write, look, send; what was sent before stands below."""
    found = managed_session(request, pk)
    key = request.GET.get("text", "join")
    text = TEXTS.get(key, TEXTS["join"])
    initial = {"to": text.to, "subject": text.subject, "body": text.body}
    form = MessageForm(posted(request), initial=initial)
    path = reverse("desk_sessions:message", args=[pk])
    context = {
        **frame("sessions"),
        "session": found,
        "when": wall_time.when(found.starts_at, found.ends_at, found.zone_info),
        "form": form,
        "tabs": [
            {"label": row.label, "url": f"{path}?text={name}", "current": row is text}
            for name, row in TEXTS.items()
        ],
        "sent": found.messages.select_related("sent_by"),
    }
    if request.POST.get("step") == "change" or not form.is_valid():
        return render(request, "desk/sessions/message.html", context)
    if request.POST.get("step") == "send":
        try:
            sent = services.send_message(session=found, **form.cleaned_data, actor=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
            return render(request, "desk/sessions/message.html", context)
        said = ngettext("Sent to %(count)s person.", "Sent to %(count)s people.", sent.people)
        messages.success(request, said % {"count": sent.people})
        return redirect("desk_sessions:session", pk=pk)
    context["people"] = recipients(found, form.cleaned_data["to"])
    return render(request, "desk/sessions/message_preview.html", context)
