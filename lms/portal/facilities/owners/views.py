"""A company's facilities, the worst first; its own programs; founding one."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lms.compliance.handovers.companies import found_company
from lms.compliance.handovers.selectors import given_away_by
from lms.compliance.rules import get_rule
from lms.compliance.selectors import Summary, companies_for, company_summary, total_of
from lms.compliance.worksheets.selectors import worksheets_for
from lms.core.exceptions import Refused
from lms.core.time import new_york_today
from lms.people.enums import Role
from lms.people.permissions import has_role
from lms.portal.facilities.access import frame, managed, private, reader
from lms.portal.facilities.owners.forms import CompanyForm
from lms.portal.facilities.standing_bar import standing_bar
from lms.portal.facilities.worksheets.views import shown

PER_PAGE = 50


@require_safe
@private
def company(request: HttpRequest, key: str) -> HttpResponse:
    """Every facility of a company, the one that needs most first."""
    found = get_object_or_404(companies_for(reader(request)), key=key)
    rows = company_summary(found, get_rule(), new_york_today())
    needing = [row for row in rows if row.summary.needing_action]
    tab = "action" if request.GET.get("show") == "action" else ""
    total = total_of(rows)
    context = frame(
        company=found,
        total=total,
        bar=_bar(total),
        facilities=len(rows),
        page=Paginator(needing if tab else rows, PER_PAGE).get_page(request.GET.get("page")),
        tab=tab,
        tabs=[
            {"label": _("All"), "url": "?", "current": not tab, "count": len(rows)},
            {
                "label": _("Needs a hand"),
                "url": "?show=action",
                "current": bool(tab),
                "count": len(needing),
            },
        ],
        start_url=f"{reverse('facilities:start')}?company={found.key}",
        given_away=given_away_by(reader(request)).filter(from_company=found)[:5],
    )
    return render(request, "facilities/owners/company.html", context)


def _bar(total: Summary) -> dict[str, Any]:
    """The bar of all facilities; its parts lead to those that need a hand."""
    bar = standing_bar(total)
    for segment in bar["segments"]:
        segment["url"] = segment["url"] and "?show=action"
    return bar


@require_safe
@private
def programs(request: HttpRequest, key: str) -> HttpResponse:
    """The company's own programs: one worksheet does for all its facilities.

    They are written and read below one of its facilities, as every worksheet is.
    """
    found = get_object_or_404(companies_for(reader(request)), key=key)
    first = found.children.order_by("search_name", "pk").first()
    context = frame(
        company=found,
        first=first,
        rows=[shown(worksheet) for worksheet in worksheets_for([found.pk])],
        rule=get_rule(),
    )
    return render(request, "facilities/owners/programs.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@private
def found(request: HttpRequest, key: str) -> HttpResponse:
    """Found the company of a facility that has none."""
    place = managed(request, key)
    if place.parent_id or not has_role(reader(request), Role.MANAGER, place):
        raise Http404
    form = CompanyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = found_company(
                name=form.cleaned_data["name"], facility=place, actor=reader(request)
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Your company is here. Add its other facilities now."))
            return redirect("facilities:company", key=made.key)
    return render(request, "facilities/owners/found.html", frame(place, form=form))
