"""Series at the desk: which there are, and next year's edition from last year's."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from events import services, wall_time
from events.models import Session
from events.series_models import SeriesPage
from events.windows import windows
from lms.core.exceptions import Refused
from lms.portal.desk.access import desk_view, frame, posted
from lms.portal.desk.overview import offices_of
from lms.portal.desk.sessions.forms_asking import CopyForm


@require_safe
@desk_view
def series(request: HttpRequest) -> HttpResponse:
    """The office's series, those without a program yet first."""
    pages = SeriesPage.objects.filter(office__in=offices_of(request.user)).order_by("-pk")
    rows = [
        {
            "page": page,
            "edit": reverse("wagtailadmin_pages:edit", args=[page.pk]),
            "kept_back": sum(_is_kept_back(item.session) for item in page.program.all()),
        }
        for page in pages.prefetch_related("program__session")
    ]
    context = {**frame("sessions"), "rows": rows, "add": reverse("wagtailadmin_home")}
    return render(request, "desk/sessions/series.html", context)


@require_http_methods(["GET", "POST"])
@desk_view
def copy(request: HttpRequest, pk: int) -> HttpResponse:
    """The next edition: title and first day, then every session with its old and new date."""
    page = get_object_or_404(SeriesPage, pk=pk, office__in=offices_of(request.user))
    form = CopyForm(posted(request), initial={"title": page.title})
    context = {**frame("sessions"), "page": page, "form": form}
    if request.POST.get("step") != "change" and form.is_valid():
        save = request.POST.get("step") == "save"
        try:
            made, moved = services.copy_series(
                page=page, **form.cleaned_data, actor=request.user, dry_run=not save
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            if made is not None:
                messages.success(
                    request,
                    _("The new series is a draft, and its sessions are scheduled and kept back:"
                      " nobody outside the office sees them. Add the join links, then say that the"
                      " program is there and publish the page."),
                )  # fmt: skip
                return redirect("desk_sessions:series")
            context["rows"] = [
                {
                    "moved": row,
                    "was": _when(row.old),
                    "will_be": _when(row.new) if row.new else "",
                    "windows": windows(row.new) if row.new else [],
                }
                for row in moved
            ]
            context["able"] = all(row.new or row.left_out for row in moved)
    return render(request, "desk/sessions/series_copy.html", context)


def _is_kept_back(session: Session) -> bool:
    return session.announced_at is None and not session.is_cancelled


def _when(session: Session) -> str:
    return wall_time.when(session.starts_at, session.ends_at, session.zone_info)
