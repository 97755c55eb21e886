"""The queue of claims to manage a facility, one of them, and the letters to print."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lms.compliance.claim_models import ClaimStatus, ClaimWay, FacilityClaim
from lms.compliance.claims import services
from lms.compliance.claims.permissions import looks_after_facilities
from lms.compliance.claims.selectors import claims_for_desk, here_already
from lms.compliance.rules import get_rule
from lms.core.exceptions import Refused
from lms.core.pdf import NotDrawable
from lms.core.time import new_york_today
from lms.people.models import Organization
from lms.portal.desk.access import desk_view, frame, posted
from lms.portal.desk.facilities.access import facilities_desk, reader
from lms.portal.desk.facilities.forms import ApprovalForm, RefusalForm, SentForm
from lms.portal.desk.facilities.letters import letters_pdf

PER_PAGE = 50
# A letter takes a moment to draw; more of them are printed in several goes.
LETTERS_AT_ONCE = 25


@require_safe
@desk_view
def queue(request: HttpRequest) -> HttpResponse:
    """Letters to print, what waits for a yes or no, letters on their way; what was decided last.

    To coordinators of other offices it says whose business this is.
    """
    if not looks_after_facilities(reader(request)):
        offices = Organization.objects.offices().speaking_for_state()
        context = {"offices": offices, **frame("facilities")}
        return render(request, "desk/facilities/elsewhere.html", context)
    mine = claims_for_desk(reader(request))
    open_ones = mine.filter(status=ClaimStatus.PENDING)
    tabs = {
        "": (_("To decide"), open_ones.exclude(way=ClaimWay.LETTER)),
        "letters": (
            _("Letters to send"),
            open_ones.filter(way=ClaimWay.LETTER, letter_sent_on__isnull=True),
        ),
        "sent": (
            _("Letters on their way"),
            open_ones.filter(way=ClaimWay.LETTER, letter_sent_on__isnull=False),
        ),
    }
    show = request.GET.get("show", "")
    show = show if show in tabs else ""
    if "show" not in request.GET and not tabs[""][1].exists() and tabs["letters"][1].exists():
        show = "letters"
    decided = mine.exclude(status__in=[ClaimStatus.PENDING, ClaimStatus.WITHDRAWN])
    context = {
        "page": Paginator(tabs[show][1], PER_PAGE).get_page(request.GET.get("page")),
        "params": request.GET,
        "show": show,
        "at_once": LETTERS_AT_ONCE,
        "tabs": [
            {"label": label, "url": f"?show={name}", "current": name == show, "count": rows.count()}
            for name, (label, rows) in tabs.items()
        ],
        "decided": decided.order_by("-decided_at")[:10],
        **frame("facilities"),
    }
    return render(request, "desk/facilities/queue.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@facilities_desk
def claim(request: HttpRequest, pk: int) -> HttpResponse:
    """One claim: who says they run which place, what they showed, and each thing to do about it."""
    found = _found(request, pk)
    chosen = request.POST.get("action", "")
    today = {"sent_on": found.letter_sent_on or new_york_today()}
    approval = ApprovalForm(posted(request) if chosen == "approve" else None, auto_id="ok_%s")
    refusal = RefusalForm(posted(request) if chosen == "refuse" else None, auto_id="no_%s")
    sent = SentForm(posted(request) if chosen == "sent" else None, initial=today)
    doings: dict[str, tuple[Any, Callable[..., Any], str]] = {
        "approve": (
            approval,
            services.verify_at_desk,
            _("Done. They manage the facility now and are told by mail."),
        ),
        "refuse": (refusal, services.refuse, _("Refused. The person has the reason by mail.")),
        "sent": (sent, services.note_letter_sent, _("Noted. The person is told by mail.")),
    }
    if chosen in doings:
        form, doing, words = doings[chosen]
        if form.is_valid() and _done(request, found, form, doing):
            messages.success(request, words)
            return redirect(_after(found, chosen))
    context = {
        "claim": found,
        "applicability": found.applies(get_rule()),
        "alike": here_already(found),
        "to": found.letter_place,
        "approval": approval,
        "refusal": refusal,
        "sent": sent,
        "code_works": found.code_works(timezone.now()),
        **frame("facilities"),
    }
    return render(request, "desk/facilities/claim.html", context)


def _done(request: HttpRequest, found: FacilityClaim, form: Any, doing: Callable[..., Any]) -> bool:
    try:
        doing(claim=found, actor=reader(request), **form.cleaned_data)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


def _after(found: FacilityClaim, chosen: str) -> str:
    """Where one goes on: to the list, after a letter to the letters."""
    url = reverse("desk_facilities:queue")
    return f"{url}?show=letters" if chosen == "sent" else url


def _found(request: HttpRequest, pk: int) -> FacilityClaim:
    return get_object_or_404(claims_for_desk(reader(request)), pk=pk)


@require_safe
@facilities_desk
def file(request: HttpRequest, pk: int) -> FileResponse:
    """The license as it was sent; saved, never opened inside our pages."""
    found = _found(request, pk)
    if not found.file:
        raise Http404
    return FileResponse(found.file.open("rb"), as_attachment=True, filename=found.file_name)


@require_POST
@facilities_desk
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    """One letter with a new code; the code before works no longer."""
    found = _found(request, pk)
    return _print(request, [found], reverse("desk_facilities:claim", args=[pk]))


@require_POST
@facilities_desk
def letters(request: HttpRequest) -> HttpResponse:
    """All letters that were not printed yet, in one document."""
    waiting = claims_for_desk(reader(request)).filter(
        status=ClaimStatus.PENDING, way=ClaimWay.LETTER, letter_sent_on__isnull=True, code_hash=""
    )[:LETTERS_AT_ONCE]
    back = f"{reverse('desk_facilities:queue')}?show=letters"
    if not waiting:
        messages.info(request, _("Each of these letters is printed already."))
        return redirect(back)
    return _print(request, list(waiting), back)


def _print(request: HttpRequest, claims: list[FacilityClaim], back: str) -> HttpResponse:
    """The letters as a file; a code is made only if its letter could be drawn."""
    try:
        with transaction.atomic():
            content = letters_pdf(services.write_letters(claims=claims, actor=reader(request)))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(back)
    except NotDrawable:
        messages.error(
            request,
            _("A name in this letter is in a script we cannot print. Approve it another way."),
        )
        return redirect(back)
    name = f"letter-{claims[0].pk}.pdf" if len(claims) == 1 else "letters.pdf"
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
