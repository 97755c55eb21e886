"""What gets printed: the sign-in sheet for today, and the record for an inspection."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from lms.compliance import services
from lms.compliance.packets.entries import LEFT, in_parts, record_entries
from lms.compliance.packets.table import HEADER, table_rows
from lms.compliance.record import facility_record
from lms.compliance.rules import get_rule
from lms.compliance.selectors import standings
from lms.core.tables import csv_response
from lms.core.time import new_york_today
from lms.portal.facilities.access import frame, managed, private, reader
from lms.portal.facilities.course_link import course_for, is_to_train
from lms.portal.facilities.forms import AsOfForm


@require_safe
@private
def today(request: HttpRequest, key: str) -> HttpResponse:
    """Whom to train, the most urgent first: a sheet to print and sign on the spot."""
    place, rule, day = managed(request, key), get_rule(), new_york_today()
    lines = standings(facilities=[place], rule=rule, as_of=day)
    chosen = [line for line in lines if is_to_train(line.standing)]
    course = course_for(rule) if chosen else None
    context = frame(place, rule=rule, day=day, lines=chosen, course=course)
    return render(request, "facilities/today.html", context)


@require_safe
@private
def record(request: HttpRequest, key: str) -> HttpResponse:
    """The facility's record as of a day, on one page to print; what is missing comes first."""
    place = managed(request, key)
    now = timezone.now()
    form = AsOfForm({"as_of": request.GET.get("as_of") or new_york_today(now).isoformat()})
    as_of = form.cleaned_data["as_of"] if form.is_valid() else new_york_today(now)
    found = facility_record(facility=place, rule=get_rule(), as_of=as_of, now=now)
    entries = record_entries(found)
    context = frame(
        place,
        rule=found.rule,
        record=found,
        form=form,
        drawn_at=now,
        parts=in_parts(entries),
        left=sum(1 for entry in entries if entry["part"] == LEFT),
        corrected=[entry for entry in entries if entry["corrected"]],
    )
    return render(request, "facilities/record.html", context)


@require_safe
@private
def record_csv(request: HttpRequest, key: str) -> HttpResponse:
    """The same record as a table; that it was taken out is noted."""
    place = managed(request, key)
    now = timezone.now()
    form = AsOfForm(request.GET)
    as_of = form.cleaned_data["as_of"] if form.is_valid() else new_york_today(now)
    found = facility_record(facility=place, rule=get_rule(), as_of=as_of, now=now)
    services.note_export(record=found, actor=reader(request), now=now)
    rows = table_rows(record_entries(found), as_of=as_of.isoformat(), digest=found.digest)
    return csv_response(rows, header=HEADER, filename=f"{place.key}-{found.rule.id}-{as_of}.csv")
