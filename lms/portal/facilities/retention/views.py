"""What may be removed, with the day and the rule; the question before it; legal holds."""

from itertools import groupby

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from lms.compliance.retention import services
from lms.compliance.retention.selectors import Kept, holds_of, kept_records
from lms.compliance.retention_models import LegalHold
from lms.core.exceptions import Refused
from lms.core.time import new_york_today
from lms.people.models import Employment, Organization
from lms.portal.facilities.access import employee_of, frame, managed, private, reader
from lms.portal.facilities.retention.forms import EndHoldForm, HoldForm

AT_ONCE = 100


@require_safe
@private
def retention(request: HttpRequest, key: str) -> HttpResponse:
    """The records of who left: which may be removed since when, which are held or still kept."""
    place, today = managed(request, key), new_york_today()
    records = kept_records(place, today)
    free = [record for record in records if record.until < today and not record.hold]
    later = [record for record in records if record.until >= today and not record.hold]
    page = Paginator(free, AT_ONCE).get_page(request.GET.get("page"))
    context = frame(
        place,
        free=len(free),
        page=page,
        years=[(year, list(rows)) for year, rows in groupby(page, key=_year)],
        held=[record for record in records if record.hold],
        later=len(later),
        next_on=later[0].free_on if later else None,
        holds=list(holds_of(place)),
    )
    return render(request, "facilities/retention/retention.html", context)


def _year(record: Kept) -> int:
    assert record.employment.ended_on is not None  # noqa: S101 - only who left has a record here
    return record.employment.ended_on.year


@require_http_methods(["GET", "HEAD", "POST"])
@private
def confirm(request: HttpRequest, key: str) -> HttpResponse:
    """What removing does and does not, for those who were ticked; then it is done."""
    place, today = managed(request, key), new_york_today()
    said = request.POST if request.method == "POST" else request.GET
    wanted = [int(pk) for pk in said.getlist("record") if pk.isdecimal() and len(pk) < 19]
    if not wanted:
        messages.error(request, _("Tick at least one person."))
        return redirect("facilities:retention", key=key)
    if request.method == "POST":
        return _remove(request, place, wanted)
    chosen = [
        record
        for record in kept_records(place, today, wanted)
        if record.until < today and not record.hold
    ]
    if len(chosen) != len(set(wanted)):
        raise Http404
    context = frame(place, chosen=chosen, rules={record.rule for record in chosen})
    return render(request, "facilities/retention/confirm.html", context)


def _remove(request: HttpRequest, place: Organization, wanted: list[int]) -> HttpResponse:
    try:
        services.release_records(facility=place, employments=wanted, actor=reader(request))
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        words = ngettext(
            "Removed: %(count)s record is no longer on your pages.",
            "Removed: %(count)s records are no longer on your pages.",
            len(set(wanted)),
        )
        messages.success(request, words % {"count": len(set(wanted))})
    return redirect("facilities:retention", key=place.key)


@require_http_methods(["GET", "HEAD", "POST"])
@private
def hold_new(request: HttpRequest, key: str) -> HttpResponse:
    """Keep one employee's record, or all of the place, until somebody ends it."""
    place = managed(request, key)
    employment = _asked_for(request, place)
    form = HoldForm(request.POST or None, initial={"since": new_york_today()})
    if request.method == "POST" and form.is_valid():
        try:
            services.place_hold(
                facility=None if employment else place,
                employment=employment,
                actor=reader(request),
                **form.cleaned_data,
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The hold is recorded. You can end it on this page."))
            return redirect("facilities:retention", key=key)
    context = frame(place, form=form, employment=employment)
    return render(request, "facilities/retention/hold.html", context)


def _asked_for(request: HttpRequest, place: Organization) -> Employment | None:
    pk = request.GET.get("employee", "")
    if not pk:
        return None
    if not pk.isdecimal() or len(pk) > 18:
        raise Http404
    return employee_of(place, int(pk))


@require_http_methods(["GET", "HEAD", "POST"])
@private
def hold_end(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """End a hold that this facility placed; it stays in the history."""
    place = managed(request, key)
    hold: LegalHold = get_object_or_404(holds_of(place), pk=pk)
    form = EndHoldForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.end_hold(hold=hold, actor=reader(request), **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The hold has ended."))
            return redirect("facilities:retention", key=key)
    context = frame(place, form=form, hold=hold)
    return render(request, "facilities/retention/hold_end.html", context)
