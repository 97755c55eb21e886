"""Assigning with a look before, withdrawing, and taking that back."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from courses import services
from courses.assignment_selectors import done_by, people_of
from courses.due import day_in_full
from courses.models import Assignment
from courses.services import Bulk
from lms.core.exceptions import Refused
from lms.core.time import new_york_today
from lms.people.models import Organization
from lms.portal.agency.access import (
    frame,
    numbers,
    own_agency,
    private,
    reader,
    training_with,
)
from lms.portal.agency.forms import SOME, AssignForm
from lms.trainings.enums import TrainingKind
from lms.trainings.models import Training


@require_http_methods(["GET", "HEAD", "POST"])
@private
def assign(request: HttpRequest, key: str) -> HttpResponse:
    """Choose, look at what it comes to, assign; the last step alone changes anything."""
    agency = own_agency(request, key)
    employments = list(people_of(agency, new_york_today()))
    if not employments:
        messages.info(request, _("First add the people who work for the agency."))
        return redirect("agency:add", key=key)
    ticked = request.GET.getlist("people")
    initial = {
        "training": request.GET.get("training", ""),
        "people": ticked,
        "who": SOME if ticked else "everybody",
    }
    form = AssignForm(
        request.POST or None, initial=initial, employments=employments, reader=reader(request)
    )
    if request.method == "POST" and form.is_valid() and request.POST.get("step") != "change":
        if request.POST.get("step") == "assign":
            return _assign(request, agency, form)
        return render(request, "agency/assign_preview.html", _preview(request, agency, form))
    return render(request, "agency/assign.html", frame(request, agency, form=form))


def _preview(request: HttpRequest, agency: Organization, form: AssignForm) -> dict[str, object]:
    """What assigning would come to: "14 people, 3 have done it already"."""
    training: Training = form.cleaned_data["training"]
    people = [row.person.canonical for row in form.chosen()]
    done = done_by(people, [training])
    # The number alone: who has done it is said of what was assigned, and assigning is on record.
    had = sum((person.pk, training.pk) in done for person in people)
    asked = set(
        Assignment.objects.live()
        .filter(organization=agency, training=training, person__in=people)
        .values_list("person", flat=True)
    )
    return frame(
        request,
        agency,
        form=form,
        training=training,
        due_on=day_in_full(form.cleaned_data["due_on"]),
        people=people,
        had=had,
        asked=len(asked),
        without_address=[person for person in people if not person.email],
        is_course=training.kind == TrainingKind.COURSE,
        everybody=request.POST.getlist("people"),
    )


def _assign(request: HttpRequest, agency: Organization, form: AssignForm) -> HttpResponse:
    """Do what the preview said."""
    training: Training = form.cleaned_data["training"]
    people = [row.person.canonical for row in form.chosen()]
    result = services.assign_many(
        people=people,
        training=training,
        organization=agency,
        due_on=form.cleaned_data["due_on"],
        again=request.POST.get("again") == "yes",
        actor=reader(request),
    )
    _say(request, result, training)
    if request.POST.get("enrol") == "yes" and training.kind == TrainingKind.COURSE:
        _enrol(request, result, training)
    return redirect("agency:training", key=agency.key, training=training.key)


def _say(request: HttpRequest, result: Bulk, training: Training) -> None:
    """How many, and whoever could not be asked, with the reason."""
    count = len(result.done)
    if count:
        words = ngettext(
            "Assigned to %(count)s person. Whoever has it still to do is told by mail.",
            "Assigned to %(count)s people. Whoever has it still to do is told by mail.",
            count,
        )
        messages.success(request, words % {"count": count})
    for person, reason in result.refused:
        messages.error(request, f"{person}: {reason}")


def _enrol(request: HttpRequest, result: Bulk, training: Training) -> None:
    """Begin the course for those it was assigned to who have it still to do."""
    done = done_by(result.done, [training])
    refused: set[str] = set()
    for person in result.done:
        if (person.pk, training.pk) in done:
            continue
        try:
            services.enrol(
                person=person,
                training=training,
                language=person.preferred_language,
                actor=reader(request),
            )
        except Refused as refusal:
            refused.add(str(refusal))
    for reason in sorted(refused):
        messages.error(request, reason)


@require_POST
@private
def withdraw(request: HttpRequest, key: str, training: UUID) -> HttpResponse:
    """Ask those ticked for it no more; the page offers to take that back."""
    agency, found = own_agency(request, key), training_with(training)
    rows = list(
        Assignment.objects.live().filter(
            organization=agency,
            training=found,
            pk__in=numbers(request.POST.getlist("assignment")),
        )
    )
    for row in rows:
        services.withdraw_assignment(assignment=row, actor=reader(request))
    if rows:
        words = ngettext(
            "Withdrawn for %(count)s person. You can take it back below.",
            "Withdrawn for %(count)s people. You can take it back below.",
            len(rows),
        )
        messages.success(request, words % {"count": len(rows)})
    else:
        messages.error(request, _("Tick at least one person."))
    return redirect("agency:training", key=key, training=training)


@require_POST
@private
def again(request: HttpRequest, key: str, training: UUID) -> HttpResponse:
    """Undo a withdrawal."""
    agency, found = own_agency(request, key), training_with(training)
    rows = Assignment.objects.filter(
        organization=agency,
        training=found,
        pk__in=numbers(request.POST.getlist("assignment")),
    ).select_related("person__canonical_person", "organization", "training")
    for row in rows:
        try:
            services.ask_again(assignment=row, actor=reader(request))
        except Refused as refusal:
            messages.error(request, f"{row.person.canonical}: {refusal}")
        else:
            messages.success(
                request,
                _("%(person)s is asked for it again.") % {"person": row.person.canonical},
            )
    return redirect("agency:training", key=key, training=training)
