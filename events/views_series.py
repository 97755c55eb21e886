"""A series: registering for several of its sessions at once, and its program on paper."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from events import series, services, wall_time
from events.forms_several import SeveralForm
from events.models import Session
from events.selectors import queue_news, seats_of
from events.series_models import SeriesPage
from events.views import signed_in
from lms.core.pdf import NotDrawable, draw


def _series(pk: int) -> SeriesPage:
    found: SeriesPage = get_object_or_404(SeriesPage.objects.live().public(), pk=pk)
    return found


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def register(request: HttpRequest, pk: int) -> HttpResponse:
    """Tick sessions, or all; read what overlaps, answer what is asked; then what came of each."""
    page, now, person = _series(pk), timezone.now(), signed_in(request)
    rows = [row for row in series.rows_of(series.program(page, now)) if _takes(row)]
    held = {seat.session_id: seat for seat in seats_of(person).current()}
    ticked = set(request.POST.getlist("session"))
    if "all" in ticked:
        ticked |= {str(row.session.pk) for row in rows if row.session.pk not in held}
    chosen = [row.session for row in rows if str(row.session.pk) in ticked]
    form = SeveralForm(sessions=chosen)
    context = {
        "page": page,
        "rows": [
            {"row": row, "held": held.get(row.session.pk), "ticked": str(row.session.pk) in ticked}
            for row in rows
        ],
    }
    if request.method == "POST" and not chosen:
        context["problem"] = _("Tick at least one session.")
    elif request.method == "POST":
        warnings = series.overlaps(chosen, person, now)
        # What was not looked at yet is asked, and not complained of.
        looked = {str(session.pk) for session in chosen} <= set(request.POST.getlist("seen"))
        if looked or not (warnings or form.questions):
            form = SeveralForm(request.POST, sessions=chosen)
        else:
            form = SeveralForm(sessions=chosen, initial=SeveralForm.kept(request.POST))
        if form.is_valid():
            return _done(request, page, chosen, form)
        context |= {"warnings": warnings, "seen": chosen}
    return render(request, "events/series_register.html", {**context, "form": form})


def _takes(row: series.ProgramRow) -> bool:
    return row.facts.open or row.facts.can_wait


def _done(
    request: HttpRequest, page: SeriesPage, chosen: list[Session], form: SeveralForm
) -> HttpResponse:
    """What came of each session: a seat, a number on the waiting list, a request, or why none."""
    person = signed_in(request)
    results = services.register_several(
        sessions=chosen,
        person=person,
        actor=person,
        said={session.pk: form.said_at(session) for session in chosen},
    )
    standing = seats_of(person).current().with_position().filter(session__in=chosen)
    seats = {seat.session_id: seat for seat in standing}
    rows = [
        {
            "session": result.session,
            "seat": seats.get(result.session.pk),
            "news": queue_news(seats[result.session.pk]) if result.session.pk in seats else "",
            "reason": result.reason,
            "when": wall_time.when(
                result.session.starts_at, result.session.ends_at, result.session.zone_info
            ),
        }
        for result in results
    ]
    context = {"page": page, "rows": rows, "refused": any(row["reason"] for row in rows)}
    return render(request, "events/series_done.html", context)


@require_safe
@never_cache
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The program on paper, by day."""
    page = _series(pk)
    if not page.is_open:
        raise Http404
    days = series.program(page, timezone.now())
    context = {"page": page, "days": days}
    try:
        pdf = draw("events/series_paper.html", context, language=translation.get_language())
    except NotDrawable:
        messages.error(request, _("The PDF lacks letters the program needs. Print this page."))
        return redirect(page.get_url() or "/")
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{page.slug}.pdf"'
    if not series.is_indexed(days):
        response["X-Robots-Tag"] = "noindex"
    return response
