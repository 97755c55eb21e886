"""Addresses that take no mail: the list, one more by hand or by report, and one taken back."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from lms.core import bounces
from lms.core.exceptions import Refused
from lms.core.models import Bounce
from lms.people.models import Person
from lms.portal.desk.access import desk_view, frame
from lms.portal.desk.mail.forms import MarkForm, ReportForm
from lms.portal.desk.mail.rows import addresses_in_reach, bounces_of

PER_PAGE = 25


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view
def bounced(request: HttpRequest) -> HttpResponse:
    """The addresses, each with its reason; below it the two ways to note one more."""
    reports = request.POST.get("do") == "report"
    posted = request.method == "POST"
    mark = MarkForm(request.POST if posted and not reports else None)
    report = ReportForm(*((request.POST, request.FILES) if posted and reports else ()))
    form = report if reports else mark
    if posted and form.is_valid():
        try:
            said = _from_report(request, report) if reports else _by_hand(request, mark)
        except Refused as refusal:
            form.add_error("report" if reports else "address", str(refusal))
        else:
            messages.success(request, said)
            return redirect("desk_mail:bounces")
    page = Paginator(bounces_of(request.user), PER_PAGE).get_page(request.GET.get("page"))
    people = {
        person.email: person
        for person in Person.objects.canonical().filter(email__in=[row.address for row in page])
    }
    context = {
        **frame("overview"),
        "page": page,
        "rows": [{"bounce": row, "person": people.get(row.address)} for row in page],
        "mark": mark,
        "report": report,
    }
    return render(request, "desk/mail/bounces.html", context)


def _by_hand(request: HttpRequest, form: MarkForm) -> str:
    given = form.cleaned_data
    address = bounces.normal(given["address"])
    if not addresses_in_reach(request.user, [address]):
        raise Refused(
            _("Nobody with this address has to do with your office."), code="not_in_reach"
        )
    bounces.note_bounce(
        address=address,
        source=Bounce.Source.OFFICE,
        reason=given["reason"],
        actor=request.user,
    )
    return _("Noted. Nothing is sent to %(address)s until it is confirmed anew.") % {
        "address": address
    }


def _from_report(request: HttpRequest, form: ReportForm) -> str:
    """Note the addresses of the report that are ours to note; say which ones are not."""
    failures = {row.address: row for row in bounces.read_report(form.content())}
    ours = addresses_in_reach(request.user, failures)
    if not ours:
        raise Refused(
            _("Nobody your office knows has the address in this report."), code="not_in_reach"
        )
    for address in sorted(ours):
        bounces.note_bounce(
            address=address,
            source=Bounce.Source.REPORT,
            reason=failures[address].reason,
            actor=request.user,
        )
    return _("Noted from the report: %(addresses)s.") % {
        "addresses": get_text_list(sorted(ours), _("and"))
    }


@require_POST
@desk_view
def works_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Take it back: mail is sent to the address again, from now on."""
    row: Any = get_object_or_404(bounces_of(request.user), pk=pk)
    if not bounces.clear_bounce(address=row.address, actor=request.user):
        raise Http404
    messages.success(
        request, _("Mail goes to %(address)s again, from now on.") % {"address": row.address}
    )
    return redirect("desk_mail:bounces")
