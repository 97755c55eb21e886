"""The desk's first page, and the messages that could not be delivered."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from lms.core.models import OutboxMessage
from lms.people.models import Person
from lms.people.permissions import is_any_coordinator
from lms.portal.desk.navigation import desk_context
from lms.portal.desk.overview import desk_of


def require_coordinator(request: HttpRequest) -> Person:
    """The coordinator who asks; for anybody else the desk does not exist."""
    person = request.user
    if not isinstance(person, Person) or not is_any_coordinator(person):
        raise Http404
    return person


@require_GET
@login_required
def overview(request: HttpRequest) -> HttpResponse:
    """What needs a hand, the coming weeks, numbers."""
    person = require_coordinator(request)
    context = {"desk": desk_of(person, timezone.now()), **desk_context(request, "overview")}
    return render(request, "portal/desk/overview.html", context)


@require_GET
@login_required
def undelivered(request: HttpRequest) -> HttpResponse:
    """Messages that failed for good, with the mail server's own words; for the administrator."""
    if not require_coordinator(request).is_superuser:
        raise Http404
    failed = OutboxMessage.objects.filter(state=OutboxMessage.State.FAILED).order_by("-created_at")
    page = Paginator(failed, 25).get_page(request.GET.get("page"))
    context = {"page": page, "params": request.GET, **desk_context(request, "overview")}
    return render(request, "portal/desk/undelivered.html", context)
