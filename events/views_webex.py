"""The address Webex's deliveries come to."""

import json

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from events import services

LARGEST = 100_000


@csrf_exempt
@require_POST
def hook(request: HttpRequest) -> HttpResponse:
    """Take a delivery signed with our secret; anything else gets a 403 that says nothing.

    The signature stands in for the form's token: no browser can make it. Answered at once, since
    Webex switches off addresses that are slow to answer.
    """
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST:
        return HttpResponse(status=413)
    if not services.is_signed_by_webex(request.body, request.headers.get("X-Spark-Signature", "")):
        return HttpResponse(status=403)
    try:
        delivery = json.loads(request.body)
    except ValueError:
        return HttpResponse(status=400)
    if isinstance(delivery, dict):
        services.take_webex_delivery(delivery)
    return HttpResponse(status=204)
