"""One's other record: what joining it to this one does, and the question."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from courses.models import Enrolment
from events.models import Registration
from lms.completions.models import Completion
from lms.core import personal_data
from lms.core.exceptions import Refused
from lms.people.merging import own
from lms.people.models import Employment, Person
from lms.people.selectors import offices_to_ask


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def join(request: HttpRequest) -> HttpResponse:
    """Reached with the code sent to the other record's address; else it leads to the addresses."""
    person = request.user
    if not isinstance(person, Person):
        raise PermissionDenied
    found = own.proved(request, person)
    if found is None:
        return redirect("account_email")
    other, email = found
    if request.method == "POST":
        try:
            own.join_own(person=person, other=other, email=email)
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect("my:join")
        own.forget_proof(request)
        messages.success(
            request, _("Done: everything is in this account, and both addresses sign you in.")
        )
        return redirect("my:learning")
    return render(request, "portal/my/join.html", _context(person, other, email))


def _context(person: Person, other: Person, email: str) -> dict[str, Any]:
    refusal = own.why_not_own(person, other)
    return {
        "nav": {"current": "my"},
        "other": other,
        "email": email,
        "brings": _brings(other),
        "settled": personal_data.settled_by_merging(other, person),
        "obstacles": [str(refusal)] if refusal else personal_data.collisions(other, person),
        "offices": offices_to_ask(),
    }


def _brings(other: Person) -> list[str]:
    """How much of each kind comes along; kinds of which there is nothing are left out."""
    rows = Person.objects.one_with(other)
    done = Completion.objects.of(other).count()
    begun = Enrolment.objects.active().visible_to(other).count()
    seats = Registration.objects.of(other).current().count()
    places = Employment.objects.filter(person__in=rows).count()
    said = [
        (done, ngettext("%(count)d completed training", "%(count)d completed trainings", done)),
        (begun, ngettext("%(count)d course begun", "%(count)d courses begun", begun)),
        (seats, ngettext("%(count)d registration", "%(count)d registrations", seats)),
        (places, ngettext("%(count)d place of work", "%(count)d places of work", places)),
    ]
    return [words % {"count": count} for count, words in said if count]
