"""Registering people at the desk, from a list: looked at line by line before it is done."""

from collections import Counter

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from events import services, wall_time
from events.services import GroupOutcome, GroupRow
from lms.core.exceptions import Refused
from lms.portal.desk.access import desk_view, frame, posted
from lms.portal.desk.sessions.forms import GroupForm
from lms.portal.desk.sessions.views import managed_session


@require_http_methods(["GET", "POST"])
@desk_view
def register_people(request: HttpRequest, pk: int) -> HttpResponse:
    """The list, then what would come of each line, then what came of it."""
    found = managed_session(request, pk)
    form = GroupForm(posted(request))
    rows: list[GroupRow] = []
    save = request.POST.get("step") == "save"
    if request.POST.get("step") != "change" and form.is_valid():
        try:
            rows = services.register_group(
                session=found,
                lines=form.cleaned_data["people"],
                add_seats=form.cleaned_data["add_seats"],
                actor=request.user,
                dry_run=not save,
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
    counts = Counter(row.outcome for row in rows)
    if rows and save and not counts[GroupOutcome.WRONG]:
        messages.success(request, _("Done. Everybody on the list is told by mail."))
        return redirect("desk_sessions:session", pk=pk)
    context = {
        **frame("sessions"),
        "session": found,
        "when": wall_time.when(found.starts_at, found.ends_at, found.zone_info),
        "form": form,
        "rows": rows,
        "done": save,
        "summary": _summary(counts),
        "able": len(rows) - counts[GroupOutcome.WRONG] - counts[GroupOutcome.KNOWN],
        "wrong": counts[GroupOutcome.WRONG],
    }
    return render(request, "desk/sessions/register.html", context)


def _summary(counts: Counter[GroupOutcome]) -> str:
    """How many of each, in the order that matters."""
    said = {
        GroupOutcome.SEAT: ngettext(
            "%(count)s gets a seat", "%(count)s get a seat", counts[GroupOutcome.SEAT]
        ),
        GroupOutcome.WAITING: ngettext(
            "%(count)s goes on the waiting list",
            "%(count)s go on the waiting list",
            counts[GroupOutcome.WAITING],
        ),
        GroupOutcome.KNOWN: ngettext(
            "%(count)s was there already",
            "%(count)s were there already",
            counts[GroupOutcome.KNOWN],
        ),
        GroupOutcome.WRONG: ngettext(
            "%(count)s line cannot be taken",
            "%(count)s lines cannot be taken",
            counts[GroupOutcome.WRONG],
        ),
    }
    return ", ".join(text % {"count": counts[kind]} for kind, text in said.items() if counts[kind])
