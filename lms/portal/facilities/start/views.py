"""Four short pages: place, kind, answer, claim. Each is kept, so that one can go back and forth."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from lms.compliance.beside import laws_for_described
from lms.compliance.claim_models import ClaimWay, FacilityClaim
from lms.compliance.claims import services
from lms.compliance.claims.selectors import facility_meant, is_same_address, managers_of
from lms.compliance.rules import get_rule
from lms.compliance.selectors import companies_for
from lms.core.exceptions import Refused
from lms.core.ratelimit import Limit, too_many
from lms.people.models import Organization
from lms.people.permissions import manages_facility
from lms.portal.facilities.access import frame, reader
from lms.portal.facilities.start.draft import Draft
from lms.portal.facilities.start.forms import ClaimForm, JoinForm, KindForm, PlaceForm

# Each claim may cost the office a letter, or its managers a mail.
CLAIMS = Limit("facility.claim", tries=10, seconds=60 * 60)
_ABOUT_FILE = {"empty", "kind", "too_large", "active", "locked", "unreadable"}


def _page(draft: Draft, **more: Any) -> dict[str, Any]:
    """What each page has: what was typed so far, and the law it is about."""
    return frame(draft=draft, rule=get_rule(), **more)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def place(request: HttpRequest) -> HttpResponse:
    """Which place it is. Begins for a company's manager with the company in mind."""
    draft = Draft.of(request)
    if "company" in request.GET:
        draft.company = request.GET["company"][:80]
        draft.keep(request)
        return redirect("facilities:start")
    form = PlaceForm(request.POST or None, initial=draft.place)
    if request.method == "POST" and form.is_valid():
        draft.place = form.cleaned_data
        draft.keep(request)
        return redirect("facilities:start_kind")
    return render(request, "facilities/start/place.html", _page(draft, form=form))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def kind(request: HttpRequest) -> HttpResponse:
    """What decides whether the law is for it."""
    draft = Draft.of(request)
    if not draft.place:
        return redirect("facilities:start")
    form = KindForm(request.POST or None, initial=KindForm.typed_before(draft.kind))
    if request.method == "POST" and form.is_valid():
        draft.kind = form.cleaned_data
        draft.keep(request)
        return redirect("facilities:start_answer")
    return render(request, "facilities/start/kind.html", _page(draft, form=form))


@never_cache
@require_safe
def answer(request: HttpRequest) -> HttpResponse:
    """Whether the law is for it, and why; what comes next."""
    draft = Draft.of(request)
    if not draft.place or draft.kind is None:
        return redirect("facilities:start_kind" if draft.place else "facilities:start")
    said = draft.said
    first, *beside = laws_for_described(
        rooms=said["rooms_for_hire"],
        owner_lives_there=said["owner_lives_there"],
        is_dwelling=said["is_dwelling"],
        state="NY",
        county=draft.typed.county,
    )
    context = _page(draft, applicability=first.applicability, beside=beside)
    return render(request, "facilities/start/answer.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def claim(request: HttpRequest) -> HttpResponse:
    """Ask to manage it: as the first, or beside those who manage it already."""
    draft = Draft.of(request)
    if not draft.place or draft.kind is None:
        return redirect("facilities:start_answer")
    is_another = request.GET.get("another") == "1"
    found = None if is_another else facility_meant(draft.typed)
    if found and manages_facility(reader(request), found):
        return redirect("facilities:facility", key=found.key)
    joins = bool(found and managers_of(found))
    form_class = JoinForm if joins else ClaimForm
    form = form_class(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        if CLAIMS.reached(request):
            return too_many(request, CLAIMS)
        CLAIMS.count(request)
        if made := _claim(request, draft, form, found, is_another=is_another):
            Draft.forget(request)
            return redirect("facilities:claim", pk=made.pk)
    context = _page(
        draft,
        form=form,
        joins=joins,
        is_here=found is not None,
        same_address=bool(found and is_same_address(draft.typed, found)),
        company=_company(request, draft),
    )
    return render(request, "facilities/start/claim.html", context)


def _claim(
    request: HttpRequest,
    draft: Draft,
    form: Any,
    found: Organization | None,
    *,
    is_another: bool,
) -> FacilityClaim | None:
    """The claim; None when it was refused, and then the form says why."""
    given = form.cleaned_data
    try:
        return services.claim_facility(
            place=draft.typed,
            **draft.said,
            position=given["position"],
            way=ClaimWay(given.get("way", ClaimWay.MANAGERS)),
            licence_number=given.get("licence_number", ""),
            upload=given.get("file"),
            facility=found,
            is_another=is_another,
            company=_company(request, draft),
            actor=reader(request),
        )
    except Refused as refusal:
        form.add_error("file" if refusal.code in _ABOUT_FILE else None, str(refusal))
        return None


def _company(request: HttpRequest, draft: Draft) -> Organization | None:
    """The company the place is begun for, if the reader manages it."""
    if not draft.company:
        return None
    return companies_for(reader(request)).filter(key=draft.company).first()
