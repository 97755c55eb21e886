"""Comparing a file with what was issued, without an account and without keeping it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from lms.certificates.uploaded import MAX_BYTES, Comparison, MemoryOnly, compare, too_large
from lms.certificates.views import WRONG_CODES, private
from lms.core.exceptions import Refused
from lms.core.ratelimit import Limit, too_many

# Reading a file costs something; an office with a pile of papers still gets through.
UPLOADS = Limit("verify-file", tries=60, seconds=10 * 60)
# What a form adds to its file.
_AROUND = 64 * 1024


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def compare_file(request: HttpRequest) -> HttpResponse:
    """The answer to an uploaded file. Nothing changes by it, so nothing needs a token or a cookie.

    The size is looked at before the body is read, and the body is read into memory alone.
    """
    if request.method != "POST":
        return private(redirect("certificates:verify"))
    for limit in (UPLOADS, WRONG_CODES):
        if limit.reached(request):
            return too_many(request, limit)
    UPLOADS.count(request)
    try:
        found = _compared(request)
    except Refused as refusal:
        return _form(request, problem=str(refusal), status=400)
    if found is None:
        WRONG_CODES.count(request)
        return _form(request, unnamed=True, status=404)
    context = {"standing": found.standing, "comparison": found}
    return private(render(request, "certificates/verified.html", context))


def _compared(request: HttpRequest) -> Comparison | None:
    if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_BYTES + _AROUND:
        raise too_large()
    handler = MemoryOnly(request)
    request.upload_handlers = [handler]
    try:
        upload = request.FILES.get("file")
    except MultiPartParserError as error:
        raise Refused(_("The file did not arrive whole. Send it again."), code="broken") from error
    if handler.taken > MAX_BYTES:
        raise too_large()
    if upload is None:
        raise Refused(_("Choose the file first: the certificate as a PDF."), code="missing")
    with upload:
        return compare(upload, typed=request.POST.get("code", "").strip()[:60])


def _form(request: HttpRequest, *, status: int, **said: Any) -> HttpResponse:
    return private(render(request, "certificates/verify.html", said, status=status))
