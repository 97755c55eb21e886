"""Extra time at tests: what is arranged with the reader's offices, one more, an end."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from courses import services
from courses.enums import ExtraTimeReason
from courses.models import Accommodation
from lms.core.exceptions import Refused
from lms.core.time import new_york_date, new_york_today, short_date
from lms.people.models import Person
from lms.portal.desk.access import desk_view, frame, posted
from lms.portal.desk.learning.forms import ExtraTimeForm
from lms.portal.desk.people.reach import may_see, offices_of


def _person(request: HttpRequest, pk: int) -> tuple[Person, str]:
    """The person, if the reader may see them, and the address they were found by; else a 404."""
    found = get_object_or_404(Person.objects.canonical(), pk=pk)
    address = request.GET.get("email", "").strip()
    if not may_see(request.user, found, address):
        raise Http404
    return found, address


def _here(pk: int, address: str) -> str:
    path = reverse("desk_learning:extra_time", args=[pk])
    return f"{path}?{urlencode({'email': address})}" if address else path


def _arranged(request: HttpRequest, person: Person) -> Any:
    rows = Accommodation.objects.visible_to(request.user).filter(
        person__in=Person.objects.one_with(person)
    )
    return rows.select_related("office", "recorded_by")


def _row(arranged: Accommodation) -> dict[str, Any]:
    """An arrangement: how much, how long, and whether it holds."""
    today = new_york_today()
    until = arranged.valid_until
    if arranged.withdrawn_at:
        day = short_date(new_york_date(arranged.withdrawn_at))
        status, standing = "neutral", _("Ended %(day)s") % {"day": day}
    elif until and until < today:
        status, standing = "neutral", _("Over")
    elif arranged.valid_from > today:
        status, standing = "soon", _("Not yet")
    else:
        status, standing = "ok", _("Holds")
    first = short_date(arranged.valid_from)
    return {
        "arranged": arranged,
        "percent": _("%(percent)s percent more") % {"percent": arranged.extra_percent},
        "reason": ExtraTimeReason(arranged.reason).label,
        "days": _("%(first)s to %(last)s") % {"first": first, "last": short_date(until)}
        if until
        else _("from %(first)s on") % {"first": first},
        "status": status,
        "standing": standing,
        "may_end": arranged.withdrawn_at is None and not (until and until < today),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view
def extra_time(request: HttpRequest, pk: int) -> HttpResponse:
    """What is arranged, and a form for more."""
    person, address = _person(request, pk)
    form = ExtraTimeForm(posted(request), offices=list(offices_of(request.user)))
    if request.method == "POST" and form.is_valid():
        given = {**form.cleaned_data, "reason": ExtraTimeReason(form.cleaned_data["reason"])}
        try:
            services.grant_extra_time(person=person, actor=request.user, **given)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Arranged. It counts from the next try at a test on."))
            return redirect(_here(pk, address))
    context = {
        **frame("people"),
        "person": person,
        "address": address,
        "rows": [_row(arranged) for arranged in _arranged(request, person)],
        "form": form,
    }
    return render(request, "desk/learning/extra_time.html", context)


@require_POST
@desk_view
def end(request: HttpRequest, pk: int, arranged: int) -> HttpResponse:
    """The arrangement ends now; tests that run keep their time."""
    person, address = _person(request, pk)
    row = get_object_or_404(_arranged(request, person), pk=arranged)
    services.withdraw_extra_time(accommodation=row, actor=request.user)
    messages.success(request, _("Ended. A test that runs keeps its time."))
    return redirect(_here(pk, address))
