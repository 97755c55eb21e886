"""What the office learns from its courses: for coordinators of the owning office, nobody else."""

from collections.abc import Iterable
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from courses.models import Enrolment
from lms.core.tables import csv_response, xlsx_response
from lms.people.models import Person
from lms.portal.desk.access import desk_view, frame
from lms.portal.desk.overview import offices_of
from lms.portal.reports.figures import CourseReport, Item, course_report, person_of
from lms.portal.reports.forms import ReportFilters
from lms.portal.reports.tables import KEPT_FROM_EMPLOYERS, MOST_MISSED, TABLES, began, completed
from lms.trainings.enums import TrainingKind
from lms.trainings.models import Training
from lms.trainings.selectors import version_in_force

PER_PAGE = 25


def courses_of(request: HttpRequest) -> QuerySet[Training]:
    """The courses of the offices that the reader coordinates."""
    reader: Person = request.user  # type: ignore[assignment]  # desk_view lets nobody else in
    return Training.objects.filter(kind=TrainingKind.COURSE, owner__in=offices_of(reader))


@require_safe
@desk_view
def courses(request: HttpRequest) -> HttpResponse:
    """One's own office's courses, with how many people began each."""
    found = courses_of(request).annotate(
        people=Count(
            person_of("enrolments__"),
            distinct=True,
            filter=Q(enrolments__person__guest_since__isnull=True),
        )
    )
    page = Paginator(found.order_by("title"), PER_PAGE).get_page(request.GET.get("page"))
    rows = [(training, began(training.people)) for training in page]
    context = {"page": page, "rows": rows, "params": request.GET, **frame("reports")}
    return render(request, "reports/courses.html", context)


def report_of(request: HttpRequest, pk: int) -> tuple[Training, ReportFilters, CourseReport]:
    """A course of the reader's offices, the filters asked for, and its figures; else 404."""
    training = get_object_or_404(courses_of(request), pk=pk)
    version = version_in_force(training)
    if version is None:
        raise Http404
    began = Enrolment.objects.filter(training=training).of_people()
    form = ReportFilters(request.GET, enrolments=began)
    return training, form, course_report(form.narrow(), version)


def asked_of(items: Iterable[Item], report: CourseReport) -> list[tuple[Item, int | str]]:
    """Each question with how many were asked it, as the report tells numbers of people."""
    return [(item, report.told.text(item.people)) for item in items]


@require_safe
@desk_view
def course(request: HttpRequest, pk: int) -> HttpResponse:
    """A course's figures: each as a plot with its table."""
    training, form, report = report_of(request, pk)
    context: dict[str, Any] = {
        "training": training,
        "form": form,
        "report": report,
        "began": completed(report) if report.shown else "",
        "tables": [table(report) for table in TABLES.values()] if report.shown else [],
        "missed": asked_of(report.items[:MOST_MISSED], report),
        "query": request.GET.urlencode(),
        "path": reverse("desk_reports:course", args=[pk]),
        "promise": KEPT_FROM_EMPLOYERS,
        **frame("reports"),
    }
    return render(request, "reports/course.html", context)


@require_safe
@desk_view
def table_file(request: HttpRequest, pk: int, table: str, ending: str) -> HttpResponse:
    """One of the tables as CSV or as a spreadsheet, for the people the page's filters choose."""
    if table not in TABLES or ending not in ("csv", "xlsx"):
        raise Http404
    training, _form, report = report_of(request, pk)
    shown = TABLES[table](report)
    filename = f"course-{training.pk}-{table}.{ending}"
    if ending == "csv":
        return csv_response(shown.rows, header=shown.header, filename=filename)
    return xlsx_response(shown.rows, header=shown.header, filename=filename, title=shown.title)
