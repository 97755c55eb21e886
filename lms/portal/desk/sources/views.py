"""Every law and program we show, its sources, and when somebody last read them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lms.compliance.duties.sources import (
    keeps_sources,
    record_look,
    watched_laws,
    watched_programs,
)
from lms.compliance.enums import SourceFound
from lms.core.exceptions import Refused
from lms.core.time import new_york_today
from lms.portal.desk.access import desk_view, frame


@require_safe
@desk_view
def sources(request: HttpRequest) -> HttpResponse:
    """The laws with their sources, then the outside programs; what is due comes first."""
    today = new_york_today()
    rows = [
        {"one": one, "due": one.is_due(today)} for one in (*watched_laws(), *watched_programs())
    ]
    rows.sort(key=lambda row: not row["due"])
    context = {
        "rows": rows,
        "due": sum(1 for row in rows if row["due"]),
        "keeps": keeps_sources(request.user),  # type: ignore[arg-type]  # desk_view
        **frame("programs"),
    }
    return render(request, "desk/sources.html", context)


@require_POST
@desk_view
def looked(request: HttpRequest, subject: str) -> HttpResponse:
    """Somebody read the sources again: they say the same, or something has changed."""
    found = SourceFound.CHANGED if request.POST.get("found") == "changed" else SourceFound.SAME
    try:
        record_look(subject=subject, found=found, actor=request.user)  # type: ignore[arg-type]
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        same = _("Recorded: still the same, today. You are reminded in a year.")
        changed = _("Recorded: something has changed. It stays on the desk until the rule follows.")
        messages.success(request, same if found == SourceFound.SAME else changed)
    return redirect("desk_sources:list")
