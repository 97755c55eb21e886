"""One's certificates that carry another name, issued again with the name one has now."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lms.certificates.enums import RenameReason
from lms.certificates.renaming import ask_for_new_names, old_names, under_way
from lms.core.exceptions import Refused
from lms.people.models import Person
from lms.people.selectors import offices_to_ask

LOOK_AGAIN_SECONDS = "3"
# What a person can say of it; the rest is the office's.
REASONS = [RenameReason.CHANGED, RenameReason.MISSPELLED]


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def names(request: HttpRequest) -> HttpResponse:
    """Which ones, why, and how far it is."""
    person = request.user
    if not isinstance(person, Person):
        raise PermissionDenied
    if request.method == "POST":
        try:
            ask_for_new_names(
                person=person,
                certificates=chosen(request),
                reason=reason(request),
                actor=person,
            )
        except Refused as refusal:
            messages.error(request, str(refusal))
        return redirect("my:names")
    progress = under_way(person)
    rows = [] if progress else old_names(person)
    context = {
        "nav": {"current": "my"},
        "progress": progress,
        "rows": [row for row in rows if not row.by_office],
        "others": [row for row in rows if row.by_office],
        "reasons": [{"value": each.value, "label": each.label} for each in REASONS],
        "offices": offices_to_ask(),
        "name": person.get_full_name(),
    }
    response = render(request, "portal/my/names.html", context)
    if progress:
        response["Refresh"] = LOOK_AGAIN_SECONDS
    return response


def chosen(request: HttpRequest) -> set[int]:
    """The certificates that were ticked."""
    return {int(one) for one in request.POST.getlist("certificate") if one.isdecimal()}


def reason(request: HttpRequest) -> RenameReason:
    """Why; raises Refused where nothing was chosen."""
    try:
        return RenameReason(request.POST.get("reason", ""))
    except ValueError:
        raise Refused(_("Choose why the name is another one."), code="reason_missing") from None
