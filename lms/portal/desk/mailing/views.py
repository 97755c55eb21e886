"""The office's mailing lists: all, one with its people, a new one, one closed, as a table."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from events import services
from events.mailing_models import MailingList, Subscription
from lms.core.bounces import bounced
from lms.core.tables import csv_response, xlsx_response
from lms.portal.desk.access import desk_view, frame, posted
from lms.portal.desk.mailing.forms import ListForm
from lms.portal.desk.people.reach import offices_of

PER_PAGE = 50


def managed_list(request: HttpRequest, pk: int) -> MailingList:
    """A list of an office the reader coordinates; any other does not exist."""
    found = MailingList.objects.managed_by(request.user)  # type: ignore[arg-type]  # desk_view
    return get_object_or_404(found.select_related("office").with_people(), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view
def lists(request: HttpRequest) -> HttpResponse:
    """The lists with how many are on them; and one more."""
    form = ListForm(posted(request), offices=offices_of(request.user))
    if form.is_valid():
        made = services.make_list(**form.cleaned_data, actor=request.user)
        messages.success(request, _("People can subscribe to it now."))
        return redirect("desk_mailing:list", pk=made.pk)
    rows = MailingList.objects.managed_by(request.user).select_related("office").with_people()
    context = {**frame("mailing"), "rows": rows.order_by("closed_at", "name", "pk"), "form": form}
    return render(request, "desk/mailing/lists.html", context)


@require_safe
@desk_view
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """Who is on it, what was sent, and what one can do."""
    found = managed_list(request, pk)
    page = Paginator(found.subscriptions.live(), PER_PAGE).get_page(request.GET.get("page"))
    listed = list(page.object_list)
    dead = bounced(row.email for row in listed)
    context = {
        **frame("mailing"),
        "list": found,
        "page": page,
        "rows": [{"row": row, "bounce": dead.get(row.email)} for row in listed],
        "stopped": found.subscriptions.exclude(status="subscribed").count(),
        "sent": found.announcements.all()[:10],
        "public_url": f"{reverse('events:by_mail')}?list={found.pk}",
    }
    return render(request, "desk/mailing/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then close the list for good."""
    found = managed_list(request, pk)
    if request.method == "POST":
        services.close_list(mailing_list=found, actor=request.user)  # type: ignore[arg-type]
        messages.success(request, _("The list is closed."))
        return redirect("desk_mailing:lists")
    return render(request, "desk/mailing/close.html", {**frame("mailing"), "list": found})


@require_safe
@desk_view
def file(request: HttpRequest, pk: int, ending: str) -> HttpResponse:
    """Who is on it, as CSV or as a spreadsheet."""
    found = managed_list(request, pk)
    if ending not in ("csv", "xlsx"):
        raise Http404
    rows = [_cells(row) for row in found.subscriptions.live()]
    header = [_("E-mail address"), _("Name"), _("Language"), _("Since"), _("How")]
    write = csv_response if ending == "csv" else xlsx_response
    return write(rows, header=header, filename=f"subscribers-{found.pk}.{ending}")


def _cells(row: Subscription) -> list[Any]:
    day = row.subscribed_at.date()
    return [row.email, row.name, row.language, day, row.get_source_display()]
