"""The city's license, and who may stand in for the front desk at night."""

from dataclasses import replace

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lms.compliance.duties.licenses import record_license
from lms.compliance.duties.overnight import overnight
from lms.compliance.rules import LL_104, get_rule
from lms.compliance.selectors import applicability, standings
from lms.core.exceptions import Refused
from lms.core.time import new_york_today
from lms.portal.facilities.access import frame, managed, private, reader
from lms.portal.facilities.duties.forms import LicenseForm


@require_http_methods(["GET", "HEAD", "POST"])
@private
def license_of_place(request: HttpRequest, key: str) -> HttpResponse:
    """The license's number and last day, as it is now and as it was."""
    place = managed(request, key)
    held = list(place.licenses.select_related("recorded_by"))
    now = {"number": held[0].number, "ends_on": held[0].ends_on} if held else None
    form = LicenseForm(request.POST or None, initial=now)
    if request.method == "POST" and form.is_valid():
        try:
            record_license(facility=place, actor=reader(request), **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("facilities:about", key=key)
    context = frame(place, form=form, held=held, rule=get_rule(LL_104))
    return render(request, "facilities/duties/license.html", context)


@require_safe
@private
def overnight_shift(request: HttpRequest, key: str) -> HttpResponse:
    """Guards and night auditors: who has the training on record, and who not; a sheet to print.

    Somebody who meets nobody by day does so at the desk, so whom the post meets is not asked.
    """
    place, today = managed(request, key), new_york_today()
    city, asked = get_rule(LL_104), replace(get_rule(), guest_contact=False)
    lines = standings(facilities=[place], rule=asked, as_of=today)
    context = frame(
        place,
        rule=city,
        today=today,
        applicability=applicability(place, city),
        found=overnight([line for line in lines if line.employment.started_on <= today]),
    )
    return render(request, "facilities/duties/overnight.html", context)
