"""The desk's first page, messages not delivered, and courses that disagree with their steps."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from courses import services
from courses.checking import finding, forget, noted
from courses.selectors import prepare
from lms.portal.desk.access import desk_view, frame
from lms.portal.desk.mail.rows import undelivered_of
from lms.portal.desk.overview import desk_of, offices_of


@require_GET
@desk_view
def overview(request: HttpRequest) -> HttpResponse:
    """What needs a hand, the coming weeks, numbers."""
    context = {"desk": desk_of(request.user, timezone.now()), **frame("overview")}
    return render(request, "desk/overview.html", context)


@require_GET
@desk_view
def undelivered(request: HttpRequest) -> HttpResponse:
    """Messages to people of one's offices that did not arrive, with the mail server's own words."""
    page = Paginator(undelivered_of(request.user), 25).get_page(request.GET.get("page"))
    context = {"page": page, "params": request.GET, **frame("overview")}
    return render(request, "desk/undelivered.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view
def disagreements(request: HttpRequest) -> HttpResponse:
    """What the last night found; what is settled since is not shown. Posting completes one."""
    found = noted(offices_of(request.user))  # type: ignore[arg-type]  # desk_view
    if request.method == "POST":
        asked = request.POST.get("enrolment", "")
        row = get_object_or_404(found, pk=asked if asked.isascii() and asked.isdigit() else 0)
        settled = services.evaluate(enrolment=row, actor=request.user)  # type: ignore[arg-type]
        if settled.is_active:
            messages.warning(request, _("Not all of it is done after all. Nothing was changed."))
        else:
            forget(settled)
            messages.success(request, _("The course is completed; the certificate follows."))
        return redirect("desk:disagreements")
    standing = found.with_standing().select_related(
        "version",
        "training__owner",
        "person__learning_clock",
        "person__canonical_person",
        "own_word",
    )
    page = Paginator(standing, 25).get_page(request.GET.get("page"))
    rows = [
        {"enrolment": row, "person": row.person.canonical, "waits": row.is_active}
        for row in prepare(list(page))
        if finding(row)
    ]
    context = {"page": page, "rows": rows, "params": request.GET, **frame("overview")}
    return render(request, "desk/disagreements.html", context)
