"""A facility's or a company's own rule that the training is taken again: set, read, taken back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from lms.compliance.duties import house
from lms.compliance.selectors import companies_for
from lms.core.exceptions import Refused
from lms.core.time import new_york_today
from lms.people.models import Organization
from lms.portal.facilities.access import frame, managed, private, reader
from lms.portal.facilities.duties.forms import HouseForm


def _owner(request: HttpRequest, key: str, *, company: bool) -> Organization:
    """Whose rule it is: the facility's the reader manages, or the company's they answer for."""
    if company:
        found: Organization = get_object_or_404(companies_for(reader(request)), key=key)
        return found
    return managed(request, key)


@require_http_methods(["GET", "HEAD", "POST"])
@private
def house_rule(request: HttpRequest, key: str, *, company: bool) -> HttpResponse:
    """The house rule in words, a form to set another, and what was before."""
    owner = _owner(request, key, company=company)
    current = house.current_policy(owner) if company else house.policy_for(owner)
    own = current if current and current.organization_id == owner.pk else None
    initial = {
        "months": own.months if own else 12,
        "starts_on": own.starts_on if own else new_york_today(),
    }
    form = HouseForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            house.set_policy(organization=owner, actor=reader(request), **form.cleaned_data)
        except Refused as refusal:
            form.add_error("starts_on" if refusal.code == "past" else None, str(refusal))
        else:
            messages.success(request, _("Saved. It is shown as your house rule, not as law."))
            return redirect(request.path)
    context = frame(
        None if company else owner,
        owner=owner,
        is_company=company,
        form=form,
        words=house.words(current) if current else "",
        own=own,
        rows=house.policies_of(owner),
    )
    return render(request, "facilities/duties/house.html", context)


@require_POST
@private
def house_rule_end(request: HttpRequest, key: str, *, company: bool) -> HttpResponse:
    """Take the house rule back; what it was stays on the page."""
    owner = _owner(request, key, company=company)
    if house.end_policy(organization=owner, actor=reader(request)):
        messages.success(request, _("Ended. You can set it again below."))
    return redirect(f"facilities:{'company_house' if company else 'house'}", key=key)
