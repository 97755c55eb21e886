"""Registering people in bulk: for a date of a live training, or for an online course."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from courses import services as courses
from courses.assignment_selectors import done_by, people_of
from courses.models import Assignment
from events import services as events
from events.forms_several import ForOthersForm
from events.models import Registration, Session
from events.selectors import SessionFacts, facts, questions_asked, upcoming_of
from lms.core.exceptions import Refused
from lms.core.time import new_york_today
from lms.people.models import Employment, Organization, Person
from lms.portal.agency.access import (
    frame,
    numbers,
    own_agency,
    own_people,
    private,
    reader,
    training_with,
)
from lms.trainings.access import may_take
from lms.trainings.enums import TrainingKind
from lms.trainings.models import Training


@dataclass
class Seats:
    """What came of registering people for a date."""

    given: list[Person] = field(default_factory=list)
    waiting: list[Person] = field(default_factory=list)
    had: list[Person] = field(default_factory=list)
    refused: list[tuple[Person, str]] = field(default_factory=list)


@require_http_methods(["GET", "HEAD", "POST"])
@private
def dates(request: HttpRequest, key: str, training: UUID) -> HttpResponse:
    """Choose a date and people; then each has a seat, waits, or is named with the reason."""
    agency, found = own_agency(request, key), training_with(training)
    if found.kind not in (TrainingKind.LIVE, TrainingKind.CONFERENCE):
        raise Http404
    if not may_take(reader(request), found):
        raise Http404  # a restricted training is named to those it is for
    sessions = upcoming_of(found, timezone.now())
    employments = list(people_of(agency, new_york_today()))
    ticked = request.POST.getlist("people")
    problem = ""
    if request.method == "POST":
        wanted = request.POST.get("session", "")
        session = next((row for row in sessions if str(row.session.pk) == wanted), None)
        if session is None:
            problem = _("Choose a date. It may have begun or been cancelled since you looked.")
        elif not ticked:
            problem = _("Tick at least one person.")
        else:
            return _ask_and_register(request, agency, found, session, own_people(agency, ticked))
    context = frame(
        request,
        agency,
        training=found,
        sessions=sessions,
        people=_choices(agency, found, employments, ticked, fresh=request.method != "POST"),
        problem=problem,
        chosen=request.POST.get("session", ""),
        wait=request.method != "POST" or request.POST.get("wait") == "yes",
    )
    return render(request, "agency/dates.html", context)


def _ask_and_register(
    request: HttpRequest,
    agency: Organization,
    training: Training,
    session: SessionFacts,
    employments: list[Employment],
) -> HttpResponse:
    """First what the liaison may answer for the group, if the session asks such a thing."""
    answering = request.POST.get("step") == "answered"
    form = ForOthersForm(
        request.POST if answering else None, questions=questions_asked(session.session)
    )
    if form.questions and not form.is_valid():
        context = frame(
            request,
            agency,
            training=training,
            session=session,
            people=employments,
            form=form,
            wait=request.POST.get("wait", ""),
        )
        return render(request, "agency/dates_questions.html", context)
    seats = _register(
        request,
        session.session,
        employments,
        wait=request.POST.get("wait") == "yes",
        answered=form.answers() if form.questions else {},
    )
    return _result(request, agency, training, session, seats)


def _choices(
    agency: Organization,
    training: Training,
    employments: list[Employment],
    ticked: list[str],
    *,
    fresh: bool,
) -> list[dict[str, object]]:
    """The agency's people; at first those are ticked who are asked for it and have it to do."""
    asked = set(
        Assignment.objects.live()
        .filter(organization=agency, training=training)
        .values_list("person", flat=True)
    )
    done = done_by((row.person for row in employments), [training])
    rows = []
    for row in employments:
        person = row.person.canonical
        is_done = (person.pk, training.pk) in done
        is_asked = person.pk in asked or row.person_id in asked
        rows.append(
            {
                "employment": row,
                "person": person,
                "done": is_done and is_asked,
                "ticked": is_asked and not is_done if fresh else str(row.pk) in ticked,
            }
        )
    return rows


def _register(
    request: HttpRequest,
    session: Session,
    employments: list[Employment],
    *,
    wait: bool,
    answered: Mapping[int, str],
) -> Seats:
    """A seat for each, one after the other; seats are counted anew for each of them.

    Where there is none, and `wait` was ticked, a place on the waiting list. What was not `answered`
    for them is asked of each by mail.
    """
    seats = Seats()
    for row in employments:
        person = row.person.canonical
        had = Registration.objects.of(person).live().filter(session=session).exists()
        try:
            seat = events.register(
                session=session,
                person=person,
                actor=reader(request),
                wait_if_full=wait,
                answered=answered,
            )
        except Refused as refusal:
            seats.refused.append((person, str(refusal)))
            continue
        if seat.is_pending:
            why = _("Asked for a seat: the office decides, and writes to this person.")
            seats.refused.append((person, why))
        else:
            kept = seats.had if had else seats.waiting if seat.is_waiting else seats.given
            kept.append(person)
    return seats


def _result(
    request: HttpRequest,
    agency: Organization,
    training: Training,
    session: SessionFacts,
    seats: Seats,
) -> HttpResponse:
    """Who has a seat now, and who has none and why. Sent again, it registers nobody twice."""
    now = get_object_or_404(
        Session.objects.select_related("training__owner").with_seats_taken(), pk=session.session.pk
    )
    left = facts(now, timezone.now())
    context = frame(request, agency, training=training, session=left, seats=seats)
    return render(request, "agency/dates_done.html", context)


@require_POST
@private
def enrol(request: HttpRequest, key: str, training: UUID) -> HttpResponse:
    """Begin the course for those ticked, so that it stands on their page ready to go on."""
    agency, found = own_agency(request, key), training_with(training)
    if found.kind != TrainingKind.COURSE:
        raise Http404
    rows = Assignment.objects.live().filter(
        organization=agency, training=found, pk__in=numbers(request.POST.getlist("assignment"))
    ).select_related("person__canonical_person")  # fmt: skip
    if not rows:
        messages.error(request, _("Tick at least one person."))
    for row in rows:
        person = row.person.canonical
        try:
            courses.enrol(
                person=person,
                training=found,
                language=person.preferred_language,
                actor=reader(request),
            )
        except Refused as refusal:
            messages.error(request, f"{person}: {refusal}")
        else:
            messages.success(
                request,
                _("%(person)s is enrolled: the course is ready on their page.")
                % {"person": person},
            )
    return redirect("agency:training", key=key, training=training)
