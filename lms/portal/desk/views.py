"""The desk's first page, and the messages that could not be delivered."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from lms.core.models import OutboxMessage
from lms.portal.desk.access import desk_view, frame
from lms.portal.desk.overview import desk_of


@require_GET
@desk_view
def overview(request: HttpRequest) -> HttpResponse:
    """What needs a hand, the coming weeks, numbers."""
    context = {"desk": desk_of(request.user, timezone.now()), **frame("overview")}
    return render(request, "desk/overview.html", context)


@require_GET
@desk_view
def undelivered(request: HttpRequest) -> HttpResponse:
    """Messages that failed for good, with the mail server's own words; for the administrator."""
    if not request.user.is_superuser:
        raise Http404
    failed = OutboxMessage.objects.filter(state=OutboxMessage.State.FAILED).order_by("-created_at")
    page = Paginator(failed, 25).get_page(request.GET.get("page"))
    context = {"page": page, "params": request.GET, **frame("overview")}
    return render(request, "desk/undelivered.html", context)
