"""The whole state in numbers: where employees stand, on what that rests, county by county."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from lms.compliance.review.selectors import Counts, newest_counts
from lms.compliance.rules import get_rule
from lms.core.tables import csv_response
from lms.core.time import new_york_today
from lms.people.models import Organization
from lms.portal.review.access import frame, review_view
from lms.portal.review.forms import PeriodForm
from lms.portal.review.tables import TABLES, bar
from lms.portal.review.telling import Told, told


@require_safe
@review_view
def totals(request: HttpRequest, office: Organization) -> HttpResponse:
    """The newest count that is done, when it was made, and how far the next one is."""
    counts = newest_counts(get_rule())
    found = _told(request, counts)
    context: dict[str, Any] = frame(
        "totals",
        office,
        rule=get_rule(),
        counts=counts,
        today=new_york_today(),
        told=found,
        path=reverse("review:totals"),
    )
    if found:
        form = PeriodForm(request.GET, spans=found.spans, chosen=found.chosen)
        context |= {
            "form": form if len(found.spans) > 1 else None,
            "bar": bar(found),
            "tables": [table(found) for table in TABLES.values()],
            "hides": any(row.parts is None for row in found.counties),
            "query": request.GET.urlencode() if found.chosen else "",
        }
    return render(request, "review/totals.html", context)


def _told(request: HttpRequest, counts: Counts) -> Told | None:
    if counts.done is None:
        return None
    chosen = {"first": request.GET.get("hired_from", ""), "last": request.GET.get("hired_to", "")}
    return told(counts.done.totals, **chosen)


@require_safe
@review_view
def table_csv(request: HttpRequest, office: Organization, table: str) -> HttpResponse:
    """One of the tables as the page shows it, what is hidden there included."""
    counts = newest_counts(get_rule())
    found = _told(request, counts)
    if table not in TABLES or found is None or not found.shown or counts.done is None:
        raise Http404
    shown = TABLES[table](found)
    filename = f"review-{table}-{counts.done.day}.csv"
    return csv_response(shown.rows, header=shown.header, filename=filename)
