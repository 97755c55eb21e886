"""An office's accreditors: how they stand, confirming a number, taking that back."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lms.core.exceptions import Refused
from lms.core.time import new_york_date, new_york_today
from lms.people.models import Organization
from lms.portal.desk.access import desk_view, frame, posted
from lms.portal.desk.credit.forms import BackForm, ConfirmForm
from lms.portal.desk.credit.rows import pill, rows_of
from lms.portal.desk.people.reach import offices_of
from lms.trainings.accreditation import statement
from lms.trainings.accrediting import Accreditor, load_accreditors
from lms.trainings.accreditor_models import AccreditorConfirmation
from lms.trainings.models import Training
from lms.trainings.services import accreditation


@require_safe
@desk_view
def overview(request: HttpRequest) -> HttpResponse:
    """Every accreditor: the provider's number, and the trainings that plan its credit."""
    context = {"rows": rows_of(request.user, timezone.now()), **frame("credit")}
    return render(request, "desk/credit/overview.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view
def provider(request: HttpRequest, office: str, accreditor: str) -> HttpResponse:
    """The office's number as a provider."""
    return _confirm(request, *_found(request, office, accreditor, None))


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view
def training(request: HttpRequest, office: str, accreditor: str, training: UUID) -> HttpResponse:
    """A training's own approval."""
    return _confirm(request, *_found(request, office, accreditor, training))


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view
def provider_back(request: HttpRequest, office: str, accreditor: str) -> HttpResponse:
    """Ask why, then take the provider's number back."""
    return _take_back(request, *_found(request, office, accreditor, None))


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view
def training_back(
    request: HttpRequest, office: str, accreditor: str, training: UUID
) -> HttpResponse:
    """Ask why, then take a training's approval back."""
    return _take_back(request, *_found(request, office, accreditor, training))


def _found(
    request: HttpRequest, office: str, accreditor: str, training: UUID | None
) -> tuple[Organization, Accreditor, Training | None]:
    """What an address means, if it is the reader's office; else a 404."""
    own = get_object_or_404(offices_of(request.user), key=office)
    rules = load_accreditors().get(accreditor)
    if rules is None or (training is not None and not rules.approval.per_training):
        raise Http404
    if training is None:
        return own, rules, None
    return own, rules, get_object_or_404(Training, owner=own, key=training)


def _history(
    office: Organization, accreditor: Accreditor, training: Training | None
) -> list[AccreditorConfirmation]:
    rows = AccreditorConfirmation.objects.filter(
        office=office, accreditor=accreditor.id, training=training
    )
    return list(rows.select_related("actor")[:20])


def _context(
    office: Organization, accreditor: Accreditor, training: Training | None
) -> dict[str, Any]:
    history = _history(office, accreditor, training)
    standing = history[0] if history and history[0].is_confirmed else None
    kind, label = pill(accreditor, standing, new_york_today())
    name = "training_back" if training else "provider_back"
    args = [office.key, accreditor.id, *([training.key] if training else [])]
    return {
        "office": office,
        "accreditor": accreditor,
        "training": training,
        "standing": standing,
        "pill": {"kind": kind, "label": label},
        "history": [{"row": row, "day": new_york_date(row.recorded_at)} for row in history],
        "back_url": reverse(f"desk_credit:{name}", args=args),
        **frame("credit"),
    }


def _confirm(
    request: HttpRequest, office: Organization, accreditor: Accreditor, training: Training | None
) -> HttpResponse:
    context = _context(office, accreditor, training)
    form = ConfirmForm(
        posted(request),
        accreditor=accreditor,
        of_training=training is not None,
        initial={"presenter": context["standing"].presenter if context["standing"] else ""},
    )
    if request.method == "POST" and form.is_valid():
        said = {key: value for key, value in form.cleaned_data.items() if key != "checked"}
        try:
            accreditation.confirm(
                office=office,
                accreditor=accreditor.id,
                training=training,
                actor=request.user,
                **said,
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request,
                _("Confirmed. Certificates issued from now on state it for the days you named."),
            )
            if training is not None:
                return redirect("desk_certificates:again", training.key)
            return redirect("desk_credit:overview")
    sample = {
        "accreditor": accreditor.id,
        "type": accreditor.types[0],
        "hours": "1.5",
        "provider_number": "…",
        "approval_number": "…",
    }
    sentence = statement(sample, office=office.name)
    return render(
        request, "desk/credit/confirm.html", {**context, "form": form, "statement": sentence}
    )


def _take_back(
    request: HttpRequest, office: Organization, accreditor: Accreditor, training: Training | None
) -> HttpResponse:
    context = _context(office, accreditor, training)
    if context["standing"] is None:
        raise Http404
    form = BackForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            accreditation.withdraw(
                office=office,
                accreditor=accreditor.id,
                training=training,
                actor=request.user,
                **form.cleaned_data,
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Taken back. Its credit is off from now on."))
            return redirect("desk_credit:overview")
    return render(request, "desk/credit/back.html", {**context, "form": form})
