"""A learning plan for the person who follows it: before joining, on the way, completed."""

import uuid
from dataclasses import dataclass
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from courses import services
from courses.enums import EnrolmentStatus
from courses.forms import ProofForm
from courses.models import PlanEnrolment, PlanPage
from courses.plan_outside import Elsewhere, elsewhere_in
from courses.plan_selectors import (
    Part,
    PlanStanding,
    live_plan,
    newest_plan_of,
    plan_standing,
    standing_of,
)
from courses.services import plans
from lms.core.exceptions import Refused
from lms.core.time import new_york_today
from lms.people.models import Person
from lms.trainings.access import may_take, why_not
from lms.trainings.enums import TrainingKind
from lms.trainings.models import Training
from lms.trainings.selectors import version_in_force


@dataclass(frozen=True)
class Mine:
    """A plan as its reader has it: the training, their enrolment if any, where they stand."""

    training: Training
    enrolment: PlanEnrolment | None
    standing: PlanStanding
    page: PlanPage | None

    @property
    def title(self) -> str:
        return self.page.title if self.page else self.standing.title

    @property
    def goes_on(self) -> bool:
        return self.enrolment is not None and self.enrolment.is_active

    @property
    def is_completed(self) -> bool:
        """Whether it was completed; a part that is taken back since may have undone that."""
        return self.enrolment is not None and self.enrolment.status == EnrolmentStatus.COMPLETED

    def title_of(self, part: Part) -> str:
        """What the plan's page calls the part in the reader's language, else what records do."""
        said = elsewhere_in(self.page).get(part.key)
        return (said.title if said else "") or part.title


def _mine(person: Person, key: uuid.UUID) -> Mine:
    """The plan for those who follow it or may join it; 404 for others and for what is no plan."""
    training = get_object_or_404(
        Training.objects.select_related("owner"), key=key, kind=TrainingKind.PLAN
    )
    enrolment, page = newest_plan_of(person, training), live_plan(training)
    if enrolment is None and not may_take(person, training):
        raise Http404
    if enrolment:
        return Mine(training, enrolment, standing_of(enrolment, new_york_today()), page)
    version = version_in_force(training)
    if version is None or page is None:
        raise Http404
    return Mine(training, None, plan_standing(person, version, new_york_today()), page)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Where the reader stands in a plan; joining and leaving by POST."""
    person = cast("Person", request.user)
    mine = _mine(person, key)
    if request.method == "POST":
        return _post(request, person, mine.training, mine.enrolment)
    if shut := why_not(person, mine.training):
        return _show_ended(request, mine, str(shut))
    return _show(request, mine)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def part(request: HttpRequest, key: uuid.UUID, part: uuid.UUID) -> HttpResponse:
    """A part that takes place elsewhere: where it is, what proves it, where one's proof stands."""
    person = cast("Person", request.user)
    mine = _mine(person, key)
    if not may_take(person, mine.training):
        raise Http404
    training = get_object_or_404(Training.objects.select_related("owner"), key=part)
    found = mine.standing.part(training)
    if found is None or not found.is_outside:
        raise Http404
    form = None
    if mine.goes_on and not found.is_done:
        posted = request.method == "POST"
        form = ProofForm(request.POST if posted else None, request.FILES if posted else None)
    if request.method == "POST":
        if form is None:
            messages.info(request, _("No proof is needed for this part now."))
            return redirect(request.path)
        if form.is_valid() and _send(request, mine, training, form):
            return redirect(request.path)
    said = elsewhere_in(mine.page).get(found.key)
    context = {
        "mine": mine,
        "part": found,
        "title": mine.title_of(found),
        "office": training.owner,
        "said": said,
        "form": form,
        "nav": {"current": "my"},
    }
    return render(request, "courses/plan_part.html", context)


def _send(request: HttpRequest, mine: Mine, training: Training, form: ProofForm) -> bool:
    """Take the proof in; what the service refuses stands at the field it is about."""
    person = cast("Person", request.user)
    assert mine.enrolment is not None  # noqa: S101 - there is a form only where it goes on
    try:
        services.send_part_proof(
            enrolment=mine.enrolment,
            training=training,
            upload=form.cleaned_data["proof"],
            finished_on=form.cleaned_data["finished_on"],
            actor=person,
        )
    except Refused as refusal:
        form.add_error("finished_on" if refusal.code == "too_old" else "proof", str(refusal))
        return False
    messages.success(request, _("Your proof is sent. You hear from the office by mail."))
    return True


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


def _show(request: HttpRequest, mine: Mine) -> HttpResponse:
    enrolment, standing = mine.enrolment, mine.standing
    completed = mine.is_completed
    revoked = completed and hasattr(enrolment.completion, "revocation") if enrolment else False
    context: dict[str, Any] = {
        "title": mine.title,
        "page_url": (mine.page.get_url() or "") if mine.page else "",
        "training": mine.training,
        "enrolment": enrolment,
        "standing": standing,
        "steps": [{"steps": _steps(mine)}],
        "next": standing.next_part,
        "next_title": mine.title_of(standing.next_part) if standing.next_part else "",
        "next_url": _url(mine, standing.next_part) if standing.next_part else "",
        "completed": completed and not revoked,
        "revoked": revoked,
        "nav": {"current": "my"},
    }
    return render(request, "courses/plan.html", context)


def _show_ended(request: HttpRequest, mine: Mine, reason: str) -> HttpResponse:
    """What somebody still reads of a plan that is no longer for them: nothing it contains."""
    context = {
        "title": mine.title,
        "reason": reason,
        "training": mine.training,
        "enrolment": mine.enrolment,
        "completed": mine.is_completed,
        "nav": {"current": "my"},
    }
    return render(request, "courses/plan_ended.html", context)


def _steps(mine: Mine) -> list[dict[str, Any]]:
    """The parts for components/step_list.html."""
    following, said = mine.standing.next_part, elsewhere_in(mine.page)
    return [
        {
            "number": number,
            "title": mine.title_of(part),
            "url": _url(mine, part),
            "state": "done" if part.is_done else "current" if part == following else "open",
            "note": _note(part, said.get(part.key)),
        }
        for number, part in enumerate(mine.standing.parts, start=1)
    ]


def _note(part: Part, said: Elsewhere | None) -> str:
    """How the part stands; of one elsewhere that nobody has begun, who gives it."""
    untouched = not (part.is_done or part.proof or part.taken_back or part.too_old)
    notice = said.notice.rstrip(".") if said and untouched else ""
    return f"{part.note}. {notice}" if notice else part.note


def _url(mine: Mine, part: Part) -> str:
    """Where one does the part: a course begins or goes on, the others have their page."""
    if part.kind == TrainingKind.COURSE and part.url and not part.closed:
        return reverse("courses:start", args=[part.key])
    if part.is_outside:
        return reverse("courses:plan_part", args=[mine.training.key, part.key])
    return part.url
