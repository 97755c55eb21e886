"""A learning plan for the person who follows it: before joining, on the way, completed."""

import uuid
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from courses.enums import EnrolmentStatus
from courses.models import PlanEnrolment
from courses.plan_selectors import (
    Part,
    PlanStanding,
    live_plan,
    newest_plan_of,
    plan_standing,
    standing_of,
)
from courses.services import plans
from lms.core.time import new_york_today
from lms.people.models import Person
from lms.trainings.access import may_take
from lms.trainings.enums import TrainingKind
from lms.trainings.models import Training
from lms.trainings.selectors import version_in_force


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Where the reader stands in a plan; joining and leaving by POST. 404 for what is no plan."""
    person = cast("Person", request.user)
    training = get_object_or_404(
        Training.objects.select_related("owner"), key=key, kind=TrainingKind.PLAN
    )
    enrolment = newest_plan_of(person, training)
    if enrolment is None and not may_take(person, training):
        raise Http404
    if request.method == "POST":
        return _post(request, person, training, enrolment)
    if enrolment:
        return _show(request, training, enrolment, standing_of(enrolment, new_york_today()))
    version, page = version_in_force(training), live_plan(training)
    if version is None or page is None:
        raise Http404
    return _show(request, training, None, plan_standing(person, version, new_york_today()))


def _post(
    request: HttpRequest, person: Person, training: Training, enrolment: PlanEnrolment | None
) -> HttpResponse:
    if request.POST.get("action") == "leave" and enrolment:
        plans.leave_plan(enrolment=enrolment, actor=person)
        messages.success(
            request, _("You left the plan. What you did stays yours; you can join again here.")
        )
    elif request.POST.get("action") == "join":
        plans.join_plan(
            person=person, training=training, language=request.LANGUAGE_CODE, actor=person
        )
    return redirect("courses:plan", key=training.key)


def _show(
    request: HttpRequest,
    training: Training,
    enrolment: PlanEnrolment | None,
    standing: PlanStanding,
) -> HttpResponse:
    page = live_plan(training)
    completed = enrolment is not None and enrolment.status == EnrolmentStatus.COMPLETED
    revoked = completed and hasattr(enrolment.completion, "revocation") if enrolment else False
    context: dict[str, Any] = {
        "title": page.title if page else standing.title,
        "page_url": (page.get_url() or "") if page else "",
        "training": training,
        "enrolment": enrolment,
        "standing": standing,
        "steps": [{"steps": _steps(standing)}],
        "next": standing.next_part,
        "next_url": _url(standing.next_part) if standing.next_part else "",
        "completed": completed and not revoked,
        "revoked": revoked,
        "nav": {"current": "my"},
    }
    return render(request, "courses/plan.html", context)


def _steps(standing: PlanStanding) -> list[dict[str, Any]]:
    """The parts for components/step_list.html."""
    following = standing.next_part
    return [
        {
            "number": number,
            "title": part.title,
            "url": _url(part),
            "state": "done" if part.is_done else "current" if part == following else "open",
            "note": part.note,
        }
        for number, part in enumerate(standing.parts, start=1)
    ]


def _url(part: Part) -> str:
    """Where one does the part: a course begins or goes on, the others have their page."""
    if part.kind == TrainingKind.COURSE and part.url:
        return reverse("courses:start", args=[part.key])
    return part.url
