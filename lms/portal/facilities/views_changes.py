"""Changes of an employee's facts: putting them right, coming back, moving to another facility."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lms.compliance.selectors import facilities_for
from lms.core.exceptions import Refused
from lms.core.time import long_date, new_york_today
from lms.people.corrections import correct_employment, correct_post, keeps_own_name
from lms.people.models import Organization
from lms.people.moves import hire_again, transfer
from lms.people.querysets import OrganizationQuerySet
from lms.portal.facilities.access import employee_of, frame, managed, private, reader
from lms.portal.facilities.employee_forms import (
    AgainForm,
    CorrectForm,
    CorrectPostForm,
    MoveForm,
)


@require_http_methods(["GET", "HEAD", "POST"])
@private
def correct(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """Who somebody is here and since when, put right; what was known before stays in the record."""
    place = managed(request, key)
    employment = employee_of(place, pk)
    form = CorrectForm(request.POST or None, initial=CorrectForm.said_of(employment))
    name_is_theirs = keeps_own_name(employment.person.canonical, employment)
    if name_is_theirs:
        form.leave_the_name()
    if request.method == "POST" and form.is_valid():
        try:
            rows = correct_employment(
                employment=employment, actor=reader(request), **form.cleaned_data
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            _say_what_came_of_it(request, changed=bool(rows))
            return redirect("facilities:employee", key=key, pk=pk)
    context = frame(
        place,
        form=form,
        employment=employment,
        posts=list(employment.periods.all()),
        name_is_theirs=name_is_theirs,
    )
    return render(request, "facilities/correct.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@private
def correct_a_post(request: HttpRequest, key: str, pk: int, period: int) -> HttpResponse:
    """A post that was recorded wrongly, put right."""
    place = managed(request, key)
    employment = employee_of(place, pk)
    held = get_object_or_404(employment.periods.select_related("employment"), pk=period)
    form = CorrectPostForm(request.POST or None, initial=CorrectPostForm.said_of(held))
    if request.method == "POST" and form.is_valid():
        try:
            row = correct_post(period=held, actor=reader(request), **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            _say_what_came_of_it(request, changed=row is not None)
            return redirect("facilities:employee", key=key, pk=pk)
    context = frame(place, form=form, employment=employment, period=held)
    return render(request, "facilities/correct_post.html", context)


def _say_what_came_of_it(request: HttpRequest, *, changed: bool) -> None:
    if changed:
        words = _("Corrected. What was recorded before is listed under “What was corrected”.")
        messages.success(request, words)
    else:
        messages.info(request, _("Nothing was changed."))


@require_http_methods(["GET", "HEAD", "POST"])
@private
def again(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """Somebody who left is hired anew; the earlier employment stays as it was."""
    place = managed(request, key)
    employment = employee_of(place, pk)
    if employment.ended_on is None:
        raise Http404
    last = employment.periods.last()
    initial = {
        "started_on": new_york_today(),
        "number": employment.number,
        "sent_by": employment.sent_by,
        "post": last.post if last else "",
    }
    form = AgainForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            begun = hire_again(employment=employment, actor=reader(request), **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("%(name)s is hired again.") % {"name": begun.person})
            return redirect("facilities:employee", key=key, pk=begun.pk)
    return render(request, "facilities/again.html", frame(place, form=form, employment=employment))


def move_targets(request: HttpRequest, place: Organization) -> OrganizationQuerySet:
    """The other facilities of the company that the reader answers for too."""
    if place.parent_id is None:
        return Organization.objects.none()
    found = facilities_for(reader(request)).filter(parent=place.parent_id).exclude(pk=place.pk)
    return found.order_by("search_name", "pk")


@require_http_methods(["GET", "HEAD", "POST"])
@private
def move(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """End here and begin there in one act; for whoever answers for both places."""
    place = managed(request, key)
    employment = employee_of(place, pk)
    targets = move_targets(request, place)
    if employment.ended_on is not None or not targets.exists():
        raise Http404
    last = employment.periods.last()
    initial = {"first_day": new_york_today(), "post": last.post if last else ""}
    form = MoveForm(request.POST or None, targets=targets, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            begun = transfer(employment=employment, actor=reader(request), **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            words = _("%(name)s works at %(place)s from %(day)s.") % {
                "name": begun.person,
                "place": begun.organization,
                "day": long_date(begun.started_on),
            }
            messages.success(request, words)
            return redirect("facilities:employee", key=begun.organization.key, pk=begun.pk)
    return render(request, "facilities/move.html", frame(place, form=form, employment=employment))
