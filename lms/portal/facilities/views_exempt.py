"""Saying that an employee is exempt from the training, from when until when and why."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from django.views.decorators.http import require_http_methods

from lms.compliance.models import Exemption
from lms.compliance.rules import get_rule
from lms.compliance.services import exempt as record_exemption
from lms.core.exceptions import Refused
from lms.people.models import Employment
from lms.portal.facilities.access import employee_of, frame, managed, private, reader
from lms.portal.facilities.forms import day_input


class ExemptForm(forms.Form):
    """The days and the reason; an exemption is ended by its last day."""

    starts_on = forms.DateField(label=later("First day"), widget=day_input())
    ends_on = forms.DateField(
        label=later("Last day"),
        widget=day_input(),
        required=False,
        help_text=later("Empty: until you say otherwise. To end it, give its last day here."),
    )
    reason = forms.CharField(
        label=later("Reason"),
        max_length=300,
        help_text=later(
            "An inspector reads it. No diagnoses, names of others or case details; in danger: call"
            " 911."
        ),
    )


def newest_of(employment: Employment, rule: str) -> Exemption | None:
    """What was said last, which is what counts."""
    return Exemption.objects.filter(employment=employment, rule=rule).order_by("-id").first()


def _initial(known: Exemption | None) -> dict[str, Any]:
    if known is None:
        return {}
    return {"starts_on": known.starts_on, "ends_on": known.ends_on, "reason": known.reason}


@require_http_methods(["GET", "HEAD", "POST"])
@private
def exempt(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """A facility's own statement; it stands in the record with who said it, and when."""
    place, rule = managed(request, key), get_rule()
    employment = employee_of(place, pk)
    known = newest_of(employment, rule.id)
    posted = request.POST if request.method == "POST" else None
    form = ExemptForm(posted, initial=_initial(known))
    if form.is_valid():
        try:
            record_exemption(
                employment=employment, rule=rule, actor=reader(request), **form.cleaned_data
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The exemption is recorded."))
            return redirect("facilities:employee", key=key, pk=pk)
    context = frame(place, form=form, employment=employment, known=known, rule=rule)
    return render(request, "facilities/exempt.html", context)
