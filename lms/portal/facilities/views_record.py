"""What gets printed: the sign-in sheet for today, and the record for an inspection."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lms.compliance import services
from lms.compliance.record import Record, facility_record
from lms.compliance.rules import get_rule
from lms.compliance.selectors import EmployeeStanding, standings
from lms.core.tables import csv_response
from lms.core.time import new_york_today
from lms.portal.facilities.access import frame, managed, private, reader
from lms.portal.facilities.course_link import TO_TRAIN, course_for
from lms.portal.facilities.forms import AsOfForm
from lms.portal.facilities.record_table import HEADER, record_rows


@require_safe
@private
def today(request: HttpRequest, key: str) -> HttpResponse:
    """Whom to train, the most urgent first: a sheet to print and sign on the spot."""
    place, rule, day = managed(request, key), get_rule(), new_york_today()
    lines = standings(facilities=[place], rule=rule, as_of=day)
    chosen = [line for line in lines if line.standing.state in TO_TRAIN]
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
    context = frame(place, rule=found.rule, record=found, form=form, drawn_at=now, **_parts(found))
    return render(request, "facilities/record.html", context)


def _parts(found: Record) -> dict[str, Any]:
    """The record's tables in their order, each with its heading; who left is told apart.

    The headline counts who works here, so the first three do too.
    """

    def here(lines: list[EmployeeStanding]) -> list[EmployeeStanding]:
        return [line for line in lines if not line.left_before(found.as_of)]

    left = [line for line in found.lines if line.left_before(found.as_of)]
    parts = [
        {"heading": _("What is missing"), "lines": here(found.open),
         "none": _("Nothing is missing.")},
        {"heading": _("Trained, with every point shown"), "lines": here(found.shown),
         "none": _("Nobody yet.")},
        {"heading": _("Not asked of"), "lines": here(found.not_asked), "none": _("Nobody.")},
    ]  # fmt: skip
    if left:
        parts.append({"heading": _("Left, and the record is kept"), "lines": left, "none": ""})
    return {"parts": parts, "left": len(left)}


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
    return csv_response(
        record_rows(found), header=HEADER, filename=f"{place.key}-{found.rule.id}-{as_of}.csv"
    )
