"""Answering requests for access, and keeping who may take a restricted training."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from lms.core.exceptions import Refused
from lms.core.time import long_date
from lms.portal.desk.access import desk_view, frame, posted
from lms.portal.desk.requests.forms import (
    GrantForm,
    InviteForm,
    LetInForm,
    OrganizationForm,
    RefuseForm,
    RuleForm,
)
from lms.trainings.access_models import (
    AccessGrant,
    AccessInvitation,
    AccessOrganization,
    AccessRequest,
)
from lms.trainings.access_selectors import clock, grants_of, proof_in_words
from lms.trainings.models import Training
from lms.trainings.services import access, requests
from lms.trainings.services.by_hand import let_in
from lms.trainings.wording import whom_it_is_for

PER_PAGE = 25


@require_safe
@desk_view
def queue(request: HttpRequest) -> HttpResponse:
    """Who waits, the longest first; or what was answered. Below, the restricted trainings."""
    now = timezone.now()
    answered = request.GET.get("show") == "answered"
    mine = AccessRequest.objects.managed_by(request.user).select_related(
        "training__owner", "person__canonical_person", "answered_by"
    )
    shown = (
        mine.exclude(pk__in=mine.open()).order_by("-answered_at", "-pk")
        if answered
        else mine.open().order_by("due_at", "pk")
    )
    page = Paginator(shown, PER_PAGE).get_page(request.GET.get("page"))
    path = reverse("desk_access:queue")
    context = {
        **frame("access"),
        "page": page,
        "answered": answered,
        "rows": [_row(each, now) for each in page],
        "columns": [
            {"label": _("Who asks")},
            {"label": _("Training")},
            {"label": _("Clock")},
            {"label": _("Proof")},
        ],
        "tabs": [
            {"label": _("Waiting"), "url": path, "current": not answered},
            {"label": _("Answered"), "url": f"{path}?show=answered", "current": answered},
        ],
        "trainings": Training.objects.managed_by(request.user).restricted().select_related("owner"),
    }
    return render(request, "desk/access/queue.html", context)


def _row(each: AccessRequest, now: datetime) -> list[dict[str, Any]]:
    ticking = clock(each, now)
    late = each.is_open and ticking.late
    return [
        {
            "text": str(each.person.canonical),
            "url": reverse("desk_access:request", args=[each.pk]),
            "note": each.workplace,
        },
        {"text": each.training.title},
        {
            "text": _("Late") if late else each.get_status_display(),
            "status": "overdue" if late else "neutral",
            "note": ticking.text if each.is_open else ticking.asked,
        },
        {"text": proof_in_words(each)},
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view
def request_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One request with its clock and proof; yes with a last day, or no with a reason."""
    mine = AccessRequest.objects.managed_by(request.user).select_related(
        "training__owner", "person__canonical_person", "answered_by", "escalated_to"
    )
    found = get_object_or_404(mine, pk=pk)
    action = request.POST.get("action")
    yes = GrantForm(
        posted(request) if action == "grant" else None,
        initial={"expires_on": access.last_day(found.training, timezone.now()).isoformat()},
    )
    no = RefuseForm(posted(request) if action == "refuse" else None)
    if request.method == "POST":
        try:
            if action == "grant" and yes.is_valid():
                requests.grant(request=found, **yes.cleaned_data, actor=request.user)
                messages.success(request, _("Access is given, and the person is told."))
                return redirect("desk_access:queue")
            if action == "refuse" and no.is_valid():
                requests.refuse(request=found, **no.cleaned_data, actor=request.user)
                messages.success(request, _("The person is told, with your reason."))
                return redirect("desk_access:queue")
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect("desk_access:request", pk=pk)
    ticking = clock(found, timezone.now())
    context = {
        **frame("access"),
        "asked": found,
        "clock": ticking,
        "late": found.is_open and ticking.late,
        "about": _about(found),
        "yes": yes,
        "no": no,
        "earlier": _earlier(found),
    }
    return render(request, "desk/access/request.html", context)


def _about(found: AccessRequest) -> list[dict[str, str]]:
    ticking = clock(found, timezone.now())
    facts = [
        {"term": _("Training"), "text": found.training.title},
        {"term": _("Works at"), "text": found.workplace},
        {"term": _("Signs in with"), "text": found.person.canonical.email or ""},
        {"term": _("Proof"), "text": proof_in_words(found)},
        {"term": _("Asked on"), "text": ticking.asked},
    ]
    if ticking.escalated:
        facts.append({"term": _("Deputy"), "text": ticking.escalated})
    if found.answered_by:
        facts.append({"term": _("Answered by"), "text": str(found.answered_by)})
    if found.reason:
        facts.append({"term": _("Reason"), "text": found.reason})
    return facts


def _earlier(found: AccessRequest) -> list[dict[str, str]]:
    """What the same person asked for before, with the reasons."""
    rows = (
        AccessRequest.objects.of(found.person)
        .filter(training=found.training, pk__lt=found.pk)
        .order_by("-pk")[:5]
    )
    return [
        {
            "term": clock(each, timezone.now()).asked,
            "text": each.reason or each.get_status_display(),
        }
        for each in rows
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view
def training_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Who may take a restricted training: organizations, invitations, who is in; and the rule."""
    mine = Training.objects.managed_by(request.user).restricted().select_related("owner")
    training = get_object_or_404(mine, pk=pk)
    rule = access.rule_of(training)
    action = request.POST.get("action", "")

    def data(wanted: str) -> Any:
        return posted(request) if action == wanted else None

    forms: dict[str, Any] = {
        "rule": RuleForm(
            data("rule"),
            training=training,
            initial={
                "target_days": rule.target_days,
                "every_day": rule.every_day,
                "deputy": rule.deputy,
                "grant_days": rule.grant_days,
            },
        ),
        "organization": OrganizationForm(data("organization")),
        "invite": InviteForm(data("invite")),
        "let_in": LetInForm(
            data("let_in"),
            initial={"expires_on": access.last_day(training, timezone.now()).isoformat()},
        ),
    }
    if request.method == "POST" and _change(request, training, action, forms):
        return redirect("desk_access:training", pk=pk)
    context = {
        **frame("access"),
        "training": training,
        "whom": whom_it_is_for(training),
        "organizations": training.access_organizations.select_related("organization"),
        "invitations": AccessInvitation.objects.open().filter(training=training),
        "grants": [
            {"row": each, "until": long_date(each.expires_on) if each.expires_on else ""}
            for each in grants_of(training)
        ],
        "forms": forms,
    }
    return render(request, "desk/access/training.html", context)


def _change(request: HttpRequest, training: Training, action: str, forms: dict[str, Any]) -> bool:
    """Do what was posted; whether the page is to be shown anew (else with the form's errors)."""
    changes: dict[str, Callable[[HttpRequest, Training, dict[str, Any]], None]] = {
        "rule": _set_rule,
        "organization": _add_organization,
        "invite": _invite,
        "let_in": _let_in,
        "remove_organization": _remove_organization,
        "withdraw": _withdraw,
        "end": _end,
    }
    if action not in changes:
        raise Http404
    if action in forms and not forms[action].is_valid():
        return False
    try:
        changes[action](request, training, forms)
    except Refused as refusal:
        if action in forms:
            forms[action].add_error(None, str(refusal))
            return False
        messages.error(request, str(refusal))
    return True


def _set_rule(request: HttpRequest, training: Training, forms: dict[str, Any]) -> None:
    access.set_rule(training=training, **forms["rule"].cleaned_data, actor=request.user)
    messages.success(request, _("Saved."))


def _add_organization(request: HttpRequest, training: Training, forms: dict[str, Any]) -> None:
    form = forms["organization"]
    access.add_organization(
        training=training,
        organization=form.cleaned_data["organization"],
        domains=form.domain_list(),
        actor=request.user,
    )
    messages.success(request, _("Saved."))


def _invite(request: HttpRequest, training: Training, forms: dict[str, Any]) -> None:
    new = access.invite(
        training=training, addresses=forms["invite"].address_list(), actor=request.user
    )
    messages.success(
        request,
        ngettext(
            "%(count)d address was invited and told by mail.",
            "%(count)d addresses were invited and told by mail.",
            len(new),
        )
        % {"count": len(new)},
    )


def _let_in(request: HttpRequest, training: Training, forms: dict[str, Any]) -> None:
    grant = let_in(training=training, **forms["let_in"].cleaned_data, actor=request.user)
    messages.success(
        request,
        _("%(person)s is in, and is told by mail.") % {"person": grant.person.canonical},
    )


def _remove_organization(request: HttpRequest, training: Training, forms: dict[str, Any]) -> None:
    row = get_object_or_404(
        AccessOrganization, training=training, pk=_number(request.POST.get("row"))
    )
    access.remove_organization(row=row, actor=request.user)
    messages.success(request, _("Its people may no longer take the training."))


def _withdraw(request: HttpRequest, training: Training, forms: dict[str, Any]) -> None:
    row = get_object_or_404(
        AccessInvitation, training=training, pk=_number(request.POST.get("row"))
    )
    access.withdraw_invitation(invitation=row, actor=request.user)
    messages.success(request, _("The invitation is taken back."))


def _end(request: HttpRequest, training: Training, forms: dict[str, Any]) -> None:
    row = get_object_or_404(AccessGrant, training=training, pk=_number(request.POST.get("row")))
    access.end_grant(grant=row, actor=request.user)
    messages.success(request, _("Access has ended. What the person did is kept."))


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0
