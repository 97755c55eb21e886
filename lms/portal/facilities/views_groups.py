"""Group trainings on the premises: logged, the sheet to sign, and who has confirmed."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from lms.compliance.group_models import GroupListing, GroupTraining
from lms.compliance.groups import selectors, services
from lms.compliance.rules import get_rule
from lms.core.exceptions import Refused
from lms.core.time import new_york_today
from lms.people.models import Employment, Organization
from lms.portal.facilities.access import frame, managed, private, reader
from lms.portal.facilities.forms import GroupForm

SHOWN = 50


@require_safe
@private
def groups(request: HttpRequest, key: str) -> HttpResponse:
    """The facility's group trainings, the newest first."""
    place = managed(request, key)
    rows = selectors.groups_of(place)[:SHOWN]
    return render(request, "facilities/groups.html", frame(place, rows=rows))


@require_http_methods(["GET", "HEAD", "POST"])
@private
def log(request: HttpRequest, key: str) -> HttpResponse:
    """Log a training, with who was there of those who worked here on that day."""
    place = managed(request, key)
    day = day_asked_for(request)
    form = GroupForm(
        request.POST or None, rule=get_rule(), facility=place, initial={"held_on": day}
    )
    here = selectors.present_at(place, day)
    chosen = ticked(request, "who")
    people = [row for row in here if row.pk in chosen]
    found = form.is_valid() and _log(request, place, form, people)
    if found:
        messages.success(request, _("Logged. Now each person confirms that they were there."))
        return redirect("facilities:group", key=key, pk=found)
    context = frame(place, form=form, here=here, ticked=chosen)
    return render(request, "facilities/group_new.html", context)


def ticked(request: HttpRequest, name: str) -> set[int]:
    """The rows ticked under this name."""
    return {int(pk) for pk in request.POST.getlist(name) if pk.isdigit()}


def day_asked_for(request: HttpRequest) -> date:
    """The day asked about, in the form or the address; today for one that is none."""
    text = request.POST.get("held_on") or request.GET.get("on") or ""
    try:
        return parse_date(text) or new_york_today()
    except ValueError:
        return new_york_today()


def _log(
    request: HttpRequest, place: Organization, form: GroupForm, people: list[Employment]
) -> int | None:
    given: dict[str, Any] = dict(form.cleaned_data)
    version = given.pop("program").version
    try:
        found = services.log_group(
            facility=place, version=version, employments=people, actor=reader(request), **given
        )
    except Refused as refusal:
        form.add_error("held_on" if refusal.code == "not_here" else None, str(refusal))
        return None
    return found.pk


@require_http_methods(["GET", "HEAD", "POST"])
@private
def group(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """Who was listed and who has confirmed; the sheet to print; signatures noted from it."""
    place = managed(request, key)
    found = get_object_or_404(selectors.groups_of(place), pk=pk)
    rows = list(selectors.listings_of(found))
    if request.method == "POST" and _note_signatures(request, found, rows):
        return redirect("facilities:group", key=key, pk=pk)
    waiting = [row for row in rows if not hasattr(row, "confirmation")]
    context = frame(
        place,
        group=found,
        rows=rows,
        waiting=waiting,
        ticked=ticked(request, "signed"),
    )
    return render(request, "facilities/group.html", context)


def _note_signatures(request: HttpRequest, found: GroupTraining, rows: list[GroupListing]) -> bool:
    """Record who signed the sheet; False, with words, where something is still to be said."""
    signed = ticked(request, "signed")
    chosen = [row for row in rows if row.pk in signed]
    if not chosen or request.POST.get("seen") != "on":
        messages.error(
            request, _("Tick who signed, and that you have the signed sheet and keep it.")
        )
        return False
    done = services.confirm_by_sheet(group=found, listings=chosen, actor=reader(request))
    words = ngettext("Recorded for %(n)s person.", "Recorded for %(n)s people.", len(done))
    messages.success(request, words % {"n": len(done)})
    return True
