"""Checking a packet, without an account; and the keys it is checked with."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lms.compliance.packets import signing
from lms.compliance.packets.checking import Report
from lms.compliance.packets.checking import check as check_upload
from lms.core.exceptions import Refused
from lms.core.ratelimit import Limit, too_many

# Unpacking costs something; an inspector with a pile of packets still gets through.
CHECKS = Limit("packet-check", tries=30, seconds=10 * 60)


@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """Upload a packet or its manifest; the answer says what agrees. Nothing of it is kept."""
    if request.method == "POST":
        if CHECKS.reached(request):
            return too_many(request, CHECKS)
        CHECKS.count(request)
    report, problem = _checked(request) if request.method == "POST" else (None, "")
    context = {"report": report, "problem": problem}
    status = 400 if problem else 200
    response = render(request, "inspection/check.html", context, status=status)
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _checked(request: HttpRequest) -> tuple[Report | None, str]:
    upload = request.FILES.get("packet")
    if upload is None or not upload.size:
        return None, _("Choose the packet (a ZIP file) or its manifest.json.")
    try:
        return check_upload(upload, size=upload.size), ""
    except Refused as refusal:
        return None, str(refusal)


@require_safe
def keys(request: HttpRequest) -> HttpResponse:
    """The public keys packets were signed with, and how to check one without this site."""
    return render(request, "inspection/keys.html", {"keys": signing.all_keys()})


@require_safe
def key(request: HttpRequest, key_id: str) -> HttpResponse:
    """One public key, as other programs read it."""
    found = next((row for row in signing.all_keys() if row.key_id == key_id), None)
    if found is None:
        raise Http404
    response = HttpResponse(signing.pem(found), content_type="application/x-pem-file")
    response["Content-Disposition"] = f'attachment; filename="{found.key_id}.pem"'
    return response
