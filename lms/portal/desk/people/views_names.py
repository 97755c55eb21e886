"""Certificates of the office that carry another name than their person has now."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from lms.certificates.enums import RenameReason
from lms.certificates.renaming import ask_for_new_names, old_names, under_way
from lms.core.exceptions import Refused
from lms.portal.desk.access import desk_view, frame
from lms.portal.desk.people.reach import offices_of
from lms.portal.desk.people.views import found_by, url_about
from lms.portal.my.views_names import LOOK_AGAIN_SECONDS, chosen, reason


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view
def names(request: HttpRequest, pk: int) -> HttpResponse:
    """Which ones, why, and how far it is."""
    person, address = found_by(request, pk)
    offices = offices_of(request.user)
    if request.method == "POST":
        try:
            ask_for_new_names(
                person=person,
                certificates=chosen(request),
                reason=reason(request),
                actor=request.user,
                offices=offices,
            )
        except Refused as refusal:
            messages.error(request, str(refusal))
        return redirect(url_about("names", person, address))
    progress = under_way(person)
    context = {
        **frame("people"),
        "person": person,
        "progress": progress,
        "rows": [] if progress else old_names(person, offices=offices),
        "reasons": [{"value": each.value, "label": each.label} for each in RenameReason],
        "name": person.get_full_name(),
        "back_url": url_about("person", person, address),
    }
    response = render(request, "desk/people/names.html", context)
    if progress:
        response["Refresh"] = LOOK_AGAIN_SECONDS
    return response
