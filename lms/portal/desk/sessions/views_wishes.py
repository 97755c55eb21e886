"""Trainings people ask for: the queue, one request, and its answer."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from events import services
from events.wish_models import TrainingWish
from lms.core.exceptions import Refused
from lms.portal.desk.access import desk_view, frame, posted
from lms.portal.desk.sessions.forms_asking import DeclineForm

RECENT = 50


@require_safe
@desk_view
def wishes(request: HttpRequest) -> HttpResponse:
    """Those without an answer, the longest waiting first; or the last that were answered."""
    done = request.GET.get("show") == "done"
    mine = TrainingWish.objects.managed_by(request.user).select_related("training", "session")
    path = reverse("desk_sessions:wishes")
    context = {
        **frame("sessions"),
        "wishes": mine.answered()[:RECENT] if done else mine.waiting(),
        "done": done,
        "tabs": [
            {"label": _("To answer"), "url": path, "current": not done},
            {"label": _("Answered"), "url": f"{path}?show=done", "current": done},
        ],
    }
    return render(request, "desk/sessions/wishes.html", context)


@require_http_methods(["GET", "POST"])
@desk_view
def wish(request: HttpRequest, pk: int) -> HttpResponse:
    """What is asked for; schedule it with what was asked filled in, or decline with a reason."""
    mine = TrainingWish.objects.managed_by(request.user)
    found = get_object_or_404(mine.select_related("training", "session", "office"), pk=pk)
    form = DeclineForm(posted(request))
    if form.is_valid():
        try:
            services.decline_wish(wish=found, **form.cleaned_data, actor=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Declined. The person who asked is told by mail."))
            return redirect("desk_sessions:wishes")
    facts = [
        {"term": _("For whom"), "text": found.get_audience_display()},
        {"term": _("People"), "text": str(found.people)},
        {"term": _("When"), "text": found.wanted},
        {"term": _("Where"), "text": found.place or _("Online")},
        {"term": _("Language"), "text": found.language or _("English")},
        *([{"term": _("Anything else"), "text": found.note}] if found.note else []),
        {"term": _("Who asks"), "text": f"{found.name}, {found.organization}"},
        {"term": _("E-mail"), "text": found.email, "url": f"mailto:{found.email}"},
    ]
    context = {**frame("sessions"), "wish": found, "facts": facts, "form": form}
    context["schedule_url"] = f"{reverse('desk_sessions:new')}?wish={found.pk}"
    return render(request, "desk/sessions/wish.html", context)
