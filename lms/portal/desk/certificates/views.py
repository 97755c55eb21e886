"""Ask for many certificates at once, see how far they are, open the document for printing."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lms.certificates import batches
from lms.certificates.batch_models import BatchKind, CertificateBatch
from lms.certificates.credit import credit_changes
from lms.core.exceptions import Refused
from lms.core.time import long_date, new_york_date
from lms.portal.desk.access import desk_view, frame, posted
from lms.portal.desk.people.forms import NO_NAMES
from lms.portal.desk.people.reach import offices_of
from lms.portal.desk.sessions.views import managed_session
from lms.trainings.models import Training

CHANGES_SHOWN = 50
# Seconds until the page looks again while a worker is at it.
ASK_AGAIN = 2


class AgainForm(forms.Form):
    """Why certificates are issued again."""

    reason = forms.CharField(
        label=later("Why they are issued again"),
        help_text=NO_NAMES,
        max_length=300,
        initial=later("The office has confirmed the credit."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view
def again(request: HttpRequest, training: UUID) -> HttpResponse:
    """Whose certificates would state other credit, and the question whether to issue them again."""
    found = get_object_or_404(
        Training.objects.select_related("owner"), owner__in=offices_of(request.user), key=training
    )
    changes = credit_changes(found)
    form = AgainForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            asked = batches.ask(
                kind=BatchKind.REISSUE,
                office=found.owner,
                title=found.title,
                completions=[str(change.completion.pk) for change in changes],
                reason=form.cleaned_data["reason"],
                actor=request.user,
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("desk_certificates:batch", asked.pk)
    context = {
        **frame("credit"),
        "training": found,
        "form": form,
        "count": len(changes),
        "changes": changes[:CHANGES_SHOWN],
        "more": max(len(changes) - CHANGES_SHOWN, 0),
    }
    return render(request, "desk/certificates/again.html", context)


@require_POST
@desk_view
def of_session(request: HttpRequest, session: int) -> HttpResponse:
    """Ask for the certificates of all who completed a session, in one document for printing."""
    found = managed_session(request, session)
    attended = found.registrations.filter(
        completion__isnull=False, completion__revocation__isnull=True
    ).order_by("person__last_name", "person__first_name", "pk")
    try:
        asked = batches.ask(
            kind=BatchKind.PRINT,
            office=found.training.owner,
            title=f"{found.training.title}, {long_date(new_york_date(found.starts_at))}",
            completions=[str(pk) for pk in attended.values_list("completion_id", flat=True)],
            actor=request.user,
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("desk_sessions:session", found.pk)
    return redirect("desk_certificates:batch", asked.pk)


def _own(request: HttpRequest, pk: int) -> CertificateBatch:
    return get_object_or_404(
        CertificateBatch.objects.select_related("office"),
        office__in=offices_of(request.user),
        pk=pk,
    )


@require_safe
@desk_view
def batch(request: HttpRequest, pk: int) -> HttpResponse:
    """How far it is; once done, what came of it."""
    found = _own(request, pk)
    context = {**frame("credit" if found.kind == BatchKind.REISSUE else "sessions"), "batch": found}
    response = render(request, "desk/certificates/batch.html", context)
    if found.is_working:
        response["Refresh"] = str(ASK_AGAIN)
    return response


@require_safe
@desk_view
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The document for printing, while it is there."""
    found = _own(request, pk)
    if not found.file:
        raise Http404
    with found.file.open() as file:
        response = HttpResponse(file.read(), content_type="application/pdf")
    name = slugify(_("certificates %(title)s") % {"title": found.title}, allow_unicode=True)
    response["Content-Disposition"] = content_disposition_header(True, f"{name}.pdf") or ""
    return response
