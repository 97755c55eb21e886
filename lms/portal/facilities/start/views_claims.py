"""A claim as its person sees it, the letter's code, and a facility's managers' yes or no."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from lms.compliance.claim_models import ClaimWay, FacilityClaim
from lms.compliance.claims import services
from lms.compliance.claims.selectors import claims_of, managers_of, requests_at
from lms.compliance.rules import get_rule
from lms.core.exceptions import Refused
from lms.core.ratelimit import Limit, too_many
from lms.portal.facilities.access import frame, managed, private, reader
from lms.portal.facilities.start.forms import AnswerForm, CodeForm, WayForm

CODES = Limit("facility_code", tries=10, seconds=15 * 60)


@require_http_methods(["GET", "HEAD"])
@private
def code(request: HttpRequest) -> HttpResponse:
    """What the letter names: the open claim with a code on its way, or the newest one."""
    found = list(claims_of(reader(request))[:20])
    open_ones = [claim for claim in found if claim.is_pending]
    letters = [claim for claim in open_ones if claim.code_hash]
    if not found:
        return redirect("facilities:start")
    return redirect("facilities:claim", pk=(letters or open_ones or found)[0].pk)


@require_http_methods(["GET", "HEAD", "POST"])
@private
def claim(request: HttpRequest, pk: int) -> HttpResponse:
    """How it stands and what comes next; here the code is typed, or another way chosen."""
    found = get_object_or_404(claims_of(reader(request)), pk=pk)
    if found.is_verified and found.facility:
        return redirect("facilities:facility", key=found.facility.key)
    chosen = request.POST.get("action")
    code_form = CodeForm(request.POST if chosen == "code" else None)
    way_form = WayForm(
        request.POST if chosen == "way" else None,
        request.FILES if chosen == "way" else None,
        initial={"way": found.way, "licence_number": found.licence_number},
    )
    if chosen == "code":
        if CODES.reached(request):
            return too_many(request, CODES)
        CODES.count(request)
        if code_form.is_valid() and (answer := _by_code(request, found, code_form)):
            return answer
    if chosen == "way" and way_form.is_valid() and _other_way(request, found, way_form):
        return redirect("facilities:claim", pk=pk)
    context = frame(
        claim=found,
        applicability=found.applies(get_rule()),
        code_form=code_form,
        way_form=way_form,
        code_works=found.code_works(timezone.now()),
    )
    return render(request, "facilities/start/claimed.html", context)


def _by_code(request: HttpRequest, found: FacilityClaim, form: CodeForm) -> HttpResponse | None:
    try:
        verified = services.verify_by_code(
            claim=found, typed=form.cleaned_data["code"], actor=reader(request)
        )
    except Refused as refusal:
        form.add_error("code", str(refusal))
        return None
    assert verified.facility  # noqa: S101 - a verified claim has one
    messages.success(
        request, _("That is the code. You manage %(place)s now.") % {"place": verified.name}
    )
    return redirect("facilities:facility", key=verified.facility.key)


def _other_way(request: HttpRequest, found: FacilityClaim, form: WayForm) -> bool:
    given = form.cleaned_data
    try:
        services.change_way(
            claim=found,
            way=ClaimWay(given["way"]),
            licence_number=given["licence_number"],
            upload=given["file"],
            actor=reader(request),
        )
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, _("Saved. The office sees it."))
    return True


@require_POST
@private
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask no longer."""
    found = get_object_or_404(claims_of(reader(request)), pk=pk)
    try:
        services.withdraw(claim=found, actor=reader(request))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("facilities:claim", pk=pk)
    messages.success(request, _("You took it back. You can ask again at any time."))
    return redirect("facilities:home")


@require_http_methods(["GET", "HEAD", "POST"])
@private
def requests(request: HttpRequest, key: str) -> HttpResponse:
    """Who asks to manage this facility, each with a yes and a no."""
    place = managed(request, key)
    waiting = list(requests_at(place))
    asked = request.POST.get("claim", "")
    forms = {
        row.pk: AnswerForm(
            request.POST if asked == str(row.pk) else None, auto_id=f"id_{row.pk}_%s"
        )
        for row in waiting
    }
    if request.method == "POST":
        chosen = next((row for row in waiting if str(row.pk) == asked), None)
        if chosen is None:
            raise Http404
        if forms[chosen.pk].is_valid() and _answered(request, chosen, forms[chosen.pk]):
            return redirect("facilities:requests", key=key)
    rows = [{"claim": row, "form": forms[row.pk]} for row in waiting]
    return render(
        request,
        "facilities/start/requests.html",
        frame(place, rows=rows, managers=managers_of(place)),
    )


def _answered(request: HttpRequest, chosen: FacilityClaim, form: AnswerForm) -> bool:
    person = {"person": chosen.person}
    try:
        if form.cleaned_data["answer"] == "yes":
            services.grant_by_manager(claim=chosen, actor=reader(request))
            messages.success(request, _("%(person)s manages this facility now, too.") % person)
        else:
            reason = form.cleaned_data["reason"]
            services.refuse(claim=chosen, reason=reason, actor=reader(request))
            messages.success(request, _("Refused. %(person)s has the reason by mail.") % person)
    except Refused as refusal:
        form.add_error("reason" if refusal.code == "reason_missing" else None, str(refusal))
        return False
    return True
