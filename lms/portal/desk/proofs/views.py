"""The queue of proofs, and one of them with the two answers there are."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from django.views.decorators.http import require_http_methods, require_safe

from courses import services
from courses.enums import ProofStatus
from courses.models import OutsideProof
from lms.core.exceptions import Refused
from lms.core.time import new_york_date
from lms.portal.desk.access import desk_view, frame, posted

PER_PAGE = 50


class RefusalForm(forms.Form):
    """Why a proof does not do."""

    reason = forms.CharField(
        label=later("Why it cannot be accepted"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=later(
            "The learner reads this sentence in a mail. Say what to send instead. Please write no "
            "names and no details of a case."
        ),
        error_messages={"required": later("Say why, so that the learner knows what to send.")},
    )


def _row(proof: OutsideProof) -> dict[str, Any]:
    return {
        "proof": proof,
        "person": proof.person,
        "course": proof.place.training.title,
        "is_plan": proof.training is not None,
        "title": proof.title,
        "sent_on": new_york_date(proof.sent_at),
    }


def _proofs(request: HttpRequest) -> Any:
    return OutsideProof.objects.reviewed_by(request.user).select_related(
        "enrolment__person",
        "enrolment__training__owner",
        "enrolment__version",
        "plan_enrolment__person",
        "plan_enrolment__training",
        "plan_enrolment__version",
        "training__owner",
        "decided_by",
    )


@require_safe
@desk_view
def queue(request: HttpRequest) -> HttpResponse:
    """What waits, the oldest first; then what was decided last."""
    page = Paginator(_proofs(request).waiting(), PER_PAGE).get_page(request.GET.get("page"))
    decided = _proofs(request).filter(status__in=[ProofStatus.ACCEPTED, ProofStatus.REFUSED])
    context = {
        "page": page,
        "params": request.GET,
        "rows": [_row(proof) for proof in page],
        "decided": [_row(proof) for proof in decided.order_by("-decided_at")[:10]],
        **frame("proofs"),
    }
    return render(request, "desk/proofs/queue.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view
def proof(request: HttpRequest, pk: int) -> HttpResponse:
    """One proof: the file, whose it is, accept or refuse with a reason."""
    found = get_object_or_404(_proofs(request), pk=pk)
    refusing = request.POST.get("action") == "refuse"
    form = RefusalForm(posted(request) if refusing else None)
    if request.method == "POST" and (not refusing or form.is_valid()):
        try:
            if refusing:
                services.refuse_proof(
                    proof=found, reason=form.cleaned_data["reason"], actor=request.user
                )
                messages.success(request, _("Refused. The learner has the reason by mail."))
            else:
                services.accept_proof(proof=found, actor=request.user)
                messages.success(request, _("Accepted. The learner is told by mail."))
        except Refused as refusal:
            messages.error(request, str(refusal))
        return redirect("desk_proofs:queue")
    context = {**_row(found), "form": form, **frame("proofs")}
    return render(request, "desk/proofs/proof.html", context)


@require_safe
@desk_view
def file(request: HttpRequest, pk: int) -> FileResponse:
    """The file as it was sent; saved, never opened inside our pages."""
    found = get_object_or_404(_proofs(request), pk=pk)
    return FileResponse(found.file.open("rb"), as_attachment=True, filename=found.name)
