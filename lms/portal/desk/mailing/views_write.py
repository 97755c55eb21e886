"""Writing to a mailing list: a ready-made text with its dates, a look, then it is sent once."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as later
from django.views.decorators.http import require_http_methods, require_safe

from events import services
from events.mailing_letters import dates_of
from events.mailing_models import Announcement, MailingList
from events.models import Session
from events.selectors import SessionFacts, facts
from events.services import mailing_sending
from lms.core.exceptions import Refused
from lms.portal.desk.access import desk_view, frame, posted
from lms.portal.desk.mailing.forms import AnnouncementForm
from lms.portal.desk.mailing.views import managed_list
from lms.trainings.enums import Access

MOST_DATES = 40


@dataclass(frozen=True)
class Text:
    """A ready-made text."""

    label: str | Promise
    subject: str | Promise
    body: str | Promise


TEXTS = {
    "dates": Text(
        later("New dates"),
        later("New dates are open for registration"),
        later(
            "There are new dates. Registering takes a minute, and the invitation lands in your"
            " calendar."
        ),
    ),
    "seats": Text(
        later("There are still seats"),
        later("There are still seats"),
        later("In these sessions there are seats left. Registration is free and open to you."),
    ),
    "program": Text(
        later("The program is there"),
        later("The program is there"),
        later("The program is published. Register for one session, for several or for all."),
    ),
    "own": Text(later("My own words"), "", ""),
}


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view
def write(request: HttpRequest, pk: int) -> HttpResponse:
    """Write, look, send."""
    found = managed_list(request, pk)
    dates = _dates(found)
    text = TEXTS.get(request.GET.get("text", ""), TEXTS["dates"])
    form = AnnouncementForm(
        posted(request),
        dates=dates,
        initial={
            "subject": text.subject,
            "body": text.body,
            "sessions": _not_announced(found, dates),
        },
    )
    path = reverse("desk_mailing:write", args=[pk])
    context: dict[str, Any] = {
        **frame("mailing"),
        "list": found,
        "form": form,
        "tabs": [
            {"label": row.label, "url": f"{path}?text={name}", "current": row is text}
            for name, row in TEXTS.items()
        ],
    }
    if request.POST.get("step") == "change" or not form.is_valid():
        return render(request, "desk/mailing/write.html", context)
    if request.POST.get("step") == "send":
        try:
            made = services.write_to_list(
                mailing_list=found, **form.cleaned_data, actor=request.user
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
            return render(request, "desk/mailing/write.html", context)
        return redirect("desk_mailing:sent", pk=pk, sent=made.pk)
    named = form.cleaned_data.get("sessions", [])
    context["dates"] = [row for row in dates if row.session.pk in named]
    return render(request, "desk/mailing/write_preview.html", context)


def _dates(found: MailingList) -> list[SessionFacts]:
    """The office's coming dates that are open to everybody."""
    now = timezone.now()
    sessions = (
        Session.objects.announced()
        .upcoming(now)
        .filter(starts_at__gt=now, training__owner=found.office, training__access=Access.OPEN)
        .select_related("training__owner")
        .with_seats_taken()[:MOST_DATES]
    )
    return [facts(session, now) for session in sessions]


def _not_announced(found: MailingList, dates: list[SessionFacts]) -> list[int]:
    """Those no mail to this list has named yet."""
    told = {pk for made in found.announcements.all() for pk in made.sessions}
    return [row.session.pk for row in dates if row.session.pk not in told]


@require_safe
@desk_view
def sent(request: HttpRequest, pk: int, sent: int) -> HttpResponse:
    """What was sent, and how far it is."""
    found = managed_list(request, pk)
    made: Announcement = get_object_or_404(found.announcements.select_related("sent_by"), pk=sent)
    progress = mailing_sending.progress(made)
    context = {
        **frame("mailing"),
        "list": found,
        "sent": made,
        "dates": dates_of(made),
        "progress": progress,
        "paragraphs": [part for part in made.body.split("\n\n") if part.strip()],
    }
    response = render(request, "desk/mailing/sent.html", context)
    if not progress.is_done:
        response["Refresh"] = "5"
    return response
