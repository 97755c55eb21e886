"""One person's course, for the owning office: look, void a try, help after an outage."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from courses import services
from courses.enums import AttemptStatus, EnrolmentStatus
from courses.models import Attempt, Enrolment
from courses.rulings import ran_out, void_preview
from courses.selectors import Outline, prepare, where
from courses.timing import is_over, moment
from lms.core.exceptions import Refused
from lms.core.time import new_york_date, short_date
from lms.people.models import Person
from lms.portal.desk.access import desk_view, frame, posted
from lms.portal.desk.learning.forms import OutageForm, ReasonForm
from lms.portal.desk.learning.rows import attempt_row, attempts_of, history, step_row
from lms.portal.desk.people.reach import courses_of


def _enrolment(request: HttpRequest, pk: int, enrolment: int) -> tuple[Person, Enrolment]:
    """The person and their course with one of the reader's offices; 404 for any other."""
    person = get_object_or_404(Person.objects.canonical(), pk=pk)
    mine = courses_of(request.user, person).select_related("completion__revocation")
    return person, prepare([get_object_or_404(mine, pk=enrolment)])[0]


def _page(person: Person, enrolment: Enrolment) -> dict[str, Any]:
    return {
        **frame("people"),
        "person": person,
        "enrolment": enrolment,
        "title": enrolment.version.spec["title"],
    }


@require_safe
@desk_view
def course(request: HttpRequest, pk: int, enrolment: int) -> HttpResponse:
    """Where the person stands, step by step and try by try, and what was decided."""
    person, found = _enrolment(request, pk, enrolment)
    outline = where(found)
    attempts = attempts_of(found)
    own = person == request.user.canonical  # type: ignore[union-attr]  # desk_view
    context = {
        **_page(person, found),
        "outline": outline,
        "facts": facts(outline),
        "steps": [step_row(step) for step in outline.steps],
        "asked": outline.requirements,
        "attempts": [attempt_row(attempt, outline, pk) for attempt in attempts],
        "own": own,
        "history": history(found, attempts),
    }
    return render(request, "desk/learning/course.html", context)


def facts(outline: Outline) -> list[dict[str, str]]:
    """The enrolment in a few lines."""
    enrolment = outline.enrolment
    minutes = round(outline.active_seconds / 60)
    found = [
        {"term": _("Began"), "text": short_date(new_york_date(enrolment.started_at))},
        {"term": _("Version"), "text": f"{enrolment.version.number}, {enrolment.language}"},
        {
            "term": _("Time with the course"),
            "text": _("%(minutes)s active minutes") % {"minutes": minutes},
        },
    ]
    if enrolment.status == EnrolmentStatus.COMPLETED and enrolment.completed_at:
        day = short_date(new_york_date(enrolment.completed_at))
        found.insert(1, {"term": _("Completed"), "text": day})
    return found


def _attempt(found: Enrolment, attempt: int) -> Attempt:
    mine = Attempt.objects.with_result().filter(enrolment=found)
    return get_object_or_404(mine.select_related("enrolment"), pk=attempt)


def _about(found: Enrolment, attempt: Attempt) -> str:
    """The try in a line: which test, which try, when."""
    titles = {step["key"]: step["title"] for step in found.version.spec["outline"]}
    return _("%(test)s, try %(number)s, %(when)s") % {
        "test": titles.get(attempt.step_key, attempt.step_key),
        "number": attempt.number,
        "when": moment(attempt.handed_in_at or attempt.started_at),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view
def void(request: HttpRequest, pk: int, enrolment: int, attempt: int) -> HttpResponse:
    """Say what follows, ask why, and void the try."""
    person, found = _enrolment(request, pk, enrolment)
    row = _attempt(found, attempt)
    preview = void_preview(row, found)
    form = ReasonForm(posted(request), revokes=preview.revokes)
    if request.method == "POST" and form.is_valid():
        try:
            services.void_attempt(attempt=row, actor=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The try does not count any more. The person is told."))
            return redirect("desk_learning:course", pk, enrolment)
    context = {
        **_page(person, found),
        "form": form,
        "about": _about(found, row),
        "lines": preview.lines,
    }
    return render(request, "desk/learning/void.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view
def outage(request: HttpRequest, pk: int, enrolment: int, attempt: int) -> HttpResponse:
    """More minutes for a test that runs; a new try for one that the outage ended."""
    person, found = _enrolment(request, pk, enrolment)
    row = _attempt(found, attempt)
    runs = row.status == AttemptStatus.IN_PROGRESS and not is_over(row, timezone.now())
    form = OutageForm(posted(request)) if runs else ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            if runs:
                services.grant_outage_time(attempt=row, actor=request.user, **form.cleaned_data)
            else:
                services.excuse_outage(attempt=row, actor=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request,
                _("The test ends later now. The person is told.")
                if runs
                else _("The try does not count any more. The person is told."),
            )
            return redirect("desk_learning:course", pk, enrolment)
    context = {
        **_page(person, found),
        "form": form,
        "about": _about(found, row),
        "runs": runs,
        "ends": moment(row.deadline_at) if row.deadline_at else "",
        "ran_out": ran_out(row),
    }
    return render(request, "desk/learning/outage.html", context)
