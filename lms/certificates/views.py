"""Checking a certificate, without an account; opening the document, for the person it is about."""

import uuid

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_cache_control
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lms.certificates import selectors, services
from lms.certificates.models import Certificate
from lms.completions.models import Completion
from lms.core.ratelimit import Limit, too_many
from lms.people.models import Person

# Only wrong codes count: who has certificates in hand may check as many as they like.
WRONG_CODES = Limit("verify", tries=30, seconds=10 * 60)
# Seconds until the page of a document that is being drawn looks again.
ASK_AGAIN = 3


@require_safe
def verify(request: HttpRequest) -> HttpResponse:
    """One field; what is typed leads to the certificate's own page."""
    typed = request.GET.get("code", "").strip()
    if typed:
        return _answer(request, typed)
    return private(render(request, "certificates/verify.html"))


@require_safe
def verified(request: HttpRequest, code: str) -> HttpResponse:
    """What the QR code leads to: the facts as issued, and whether they stand."""
    return _answer(request, code)


def _answer(request: HttpRequest, typed: str) -> HttpResponse:
    """The facts, or one page for every code that leads to none, whatever is wrong with it."""
    if WRONG_CODES.reached(request):
        return too_many(request, WRONG_CODES)
    standing = selectors.standing_of(typed)
    if standing is None:
        WRONG_CODES.count(request)
        context = {"typed": typed[:60], "unknown": True}
        return private(render(request, "certificates/verify.html", context, status=404))
    if request.path != standing.path:
        return private(redirect(standing.path))
    return private(render(request, "certificates/verified.html", {"standing": standing}))


def private(response: HttpResponse) -> HttpResponse:
    """The answer, kept private: names stay out of shared caches and search engines."""
    patch_cache_control(response, private=True, no_store=True)
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


@require_safe
@never_cache
@login_required
def document(request: HttpRequest, code: str) -> HttpResponse:
    """The certificate as PDF, for its own person; drawn now if no worker has come to it yet."""
    certificate = get_object_or_404(Certificate.objects.visible_to(_reader(request)).by_code(code))
    return _document(request, certificate)


@require_safe
@never_cache
@login_required
def document_of_completion(request: HttpRequest, completion_id: uuid.UUID) -> HttpResponse:
    """The certificate of one's own completion, issued now if no worker has come to it yet."""
    completion = get_object_or_404(Completion.objects.of(_reader(request)), pk=completion_id)
    certificate = services.issue_certificate(completion=completion, actor=None)
    return redirect("certificates:document", code=certificate.code_in_groups)


def _reader(request: HttpRequest) -> Person:
    """Who is signed in; a view that asks for it requires signing in."""
    if not isinstance(request.user, Person):
        raise PermissionDenied
    return request.user


def _document(request: HttpRequest, certificate: Certificate) -> HttpResponse:
    standing = selectors.standing(certificate)
    if not standing.stands:
        context = {"standing": standing, "why": "revoked"}
        return render(request, "certificates/no_document.html", context, status=410)
    revision = services.draw(revision_id=standing.revision.pk)
    if not revision.is_drawn:
        return _not_drawn(request, standing, failed=revision.drawing_failed_at is not None)
    name = f"certificate {standing.facts.title[:60]} {standing.facts.name[:60]}"
    with revision.file.open() as file:
        response = HttpResponse(file.read(), content_type="application/pdf")
    filename = f"{slugify(name, allow_unicode=True)}.pdf"
    response["Content-Disposition"] = content_disposition_header(False, filename) or "inline"
    return response


def _not_drawn(request: HttpRequest, standing: selectors.Standing, *, failed: bool) -> HttpResponse:
    """While it is being drawn the page asks again by itself; letters we lack need somebody."""
    context = {"standing": standing, "why": "not_drawable" if failed else "being_drawn"}
    status = 503 if failed else 202
    response = render(request, "certificates/no_document.html", context, status=status)
    if not failed:
        response["Refresh"] = str(ASK_AGAIN)
    return response
