"""Legal holds that offices place on a person: nothing recorded of the person is removed."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lms.compliance.retention.selectors import holds_on_person
from lms.compliance.retention.services import end_hold, place_hold
from lms.compliance.retention_models import LegalHold
from lms.core.exceptions import Refused
from lms.core.time import new_york_today
from lms.people.models import Person
from lms.portal.desk.access import desk_view, frame, posted
from lms.portal.desk.people.forms import EndHoldForm, HoldForm
from lms.portal.desk.people.views import found_by, url_about


def _end_url(hold: LegalHold, person: Person, address: str) -> str:
    path = reverse("desk_people:hold_end", args=[person.pk, hold.pk])
    return f"{path}?{urlencode({'email': address})}" if address else path


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view
def holds(request: HttpRequest, pk: int) -> HttpResponse:
    """The holds on a person, ended ones too, and a new one."""
    found, address = found_by(request, pk)
    form = HoldForm(posted(request), initial={"since": new_york_today()})
    if request.method == "POST" and form.is_valid():
        try:
            place_hold(person=found, actor=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The hold is recorded. You can end it on this page."))
            return redirect(url_about("holds", found, address))
    context = {
        **frame("people"),
        "person": found,
        "form": form,
        "back_url": url_about("person", found, address),
        "holds": [
            {"hold": hold, "end_url": _end_url(hold, found, address)}
            for hold in holds_on_person(found)
        ],
    }
    return render(request, "desk/people/holds.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view
def end(request: HttpRequest, pk: int, hold: int) -> HttpResponse:
    """End a hold; it stays in the history with who ended it, and why."""
    found, address = found_by(request, pk)
    row = get_object_or_404(holds_on_person(found), pk=hold)
    form = EndHoldForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            end_hold(hold=row, actor=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The hold has ended."))
            return redirect(url_about("holds", found, address))
    context = {
        **frame("people"),
        "person": found,
        "form": form,
        "hold": row,
        "back_url": url_about("holds", found, address),
    }
    return render(request, "desk/people/hold_end.html", context)
