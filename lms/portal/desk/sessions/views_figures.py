"""Live sessions by month and by training: registered, attended, did not come; seats and people."""

from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import TruncMonth
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from events.enums import Outcome
from events.models import Attendance, Registration, Session
from events.series_models import SeriesItem
from lms.core.tables import csv_response, xlsx_response
from lms.core.time import NEW_YORK
from lms.people.models import Person
from lms.portal.desk.access import desk_view, frame

MONTHS = 24


def _seats(person: Person) -> QuerySet[Registration]:
    """Seats in sessions of one's offices that are over, with the newest word on attendance."""
    newest = Attendance.objects.filter(registration=OuterRef("pk")).order_by("-id")
    sessions = Session.objects.managed_by(person).standing().filter(ends_at__lte=timezone.now())
    return (
        Registration.objects.live()
        .filter(session__in=sessions)
        .annotate(newest=Subquery(newest.values("outcome")[:1]))
        .order_by()
    )


_COUNTS: dict[str, Any] = {
    "sessions": Count("session", distinct=True),
    "registered": Count("pk"),
    "people": Count("person", distinct=True),
    "attended": Count("pk", filter=Q(newest__in=[Outcome.ATTENDED, Outcome.PARTIAL])),
    "missed": Count("pk", filter=Q(newest=Outcome.NO_SHOW)),
}


def by_month(person: Person) -> list[dict[str, Any]]:
    """One row a month, the newest first, two years at most."""
    rows = (
        _seats(person)
        .annotate(month=TruncMonth("session__starts_at", tzinfo=NEW_YORK))
        .values("month")
        .annotate(**_COUNTS)
        .order_by("-month")[:MONTHS]
    )
    return [{**row, "name": formats.date_format(row["month"], "YEAR_MONTH_FORMAT")} for row in rows]


def by_series(person: Person) -> list[dict[str, Any]]:
    """One row a series, and one for everything that is in none."""
    listed = SeriesItem.objects.filter(page__live=True)
    found = (
        _seats(person)
        .filter(session__in=listed.values("session"))
        .values("session")
        .annotate(**_COUNTS)
    )
    names: dict[str, list[int]] = {}
    for title, session in listed.filter(session__in=found.values("session")).values_list(
        "page__title", "session"
    ):
        names.setdefault(title, []).append(session)
    rows = [
        {"name": title, **_seats(person).filter(session__in=ids).aggregate(**_COUNTS)}
        for title, ids in sorted(names.items())
    ]
    in_series = listed.filter(session=OuterRef("session"))
    rest = _seats(person).filter(~Exists(in_series)).aggregate(**_COUNTS)
    return [*rows, {"name": _("In no series"), **rest}] if rest["registered"] else rows


_HEADER = ("sessions", "registered", "attended", "missed", "people")


def _header(first: str) -> list[str]:
    return [
        first,
        _("Sessions"),
        _("Registered"),
        _("Attended"),
        _("Did not come"),
        _("Unique people"),
    ]


def _bars(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The plot: four bars a row, as long as the fullest row is wide."""
    most = max((row["registered"] for row in rows), default=0) or 1
    words = (
        ("registered", "half", _("%(count)s registered")),
        ("attended", "ok", _("%(count)s attended")),
        ("missed", "soon", _("%(count)s did not come")),
        ("people", "half", _("%(count)s unique people")),
    )
    return [
        {
            "label": row["name"],
            "bars": [
                {
                    "kind": kind,
                    "value": round(100 * row[name] / most),
                    "text": text % {"count": row[name]},
                }
                for name, kind, text in words
            ],
        }
        for row in rows
    ]


@require_safe
@desk_view
def figures(request: HttpRequest) -> HttpResponse:
    """Each as a plot with its table; people are counted once, however many seats they had."""
    parts = []
    for name, title, first, rows in (
        ("month", _("By month"), _("Month"), by_month(request.user)),
        ("series", _("By series"), _("Series"), by_series(request.user)),
    ):
        parts.append(
            {
                "name": name,
                "title": title,
                "header": _header(first),
                "rows": [[row["name"], *(row[key] for key in _HEADER)] for row in rows],
                "bars": _bars(rows),
            }
        )
    context = {**frame("sessions"), "parts": parts}
    return render(request, "desk/sessions/figures.html", context)


@require_safe
@desk_view
def figures_file(request: HttpRequest, table: str, ending: str) -> HttpResponse:
    """One of the tables as CSV or as a spreadsheet."""
    tables = {"month": (by_month, _("Month")), "series": (by_series, _("Series"))}
    if table not in tables or ending not in ("csv", "xlsx"):
        raise Http404
    count, first = tables[table]
    rows = [[row["name"], *(row[key] for key in _HEADER)] for row in count(request.user)]
    write = csv_response if ending == "csv" else xlsx_response
    return write(rows, header=_header(first), filename=f"sessions-by-{table}.{ending}")
