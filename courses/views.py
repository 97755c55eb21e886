"""The player. Each view finds the reader's own enrolment, or answers 404 to everybody else."""

import uuid

from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courses import player, reads, selectors, services, views_guests, wording
from courses.models import Enrolment, OutsideProof
from courses.views_steps import reader, step_view
from lms.core.exceptions import Refused
from lms.core.time import new_york_date
from lms.people.guests import learner_of, learner_required
from lms.trainings.access import may_take, why_not
from lms.trainings.models import Training

# What a course's page adds to the address it posts to.
FROM_PAGE = "page"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Begin a course, or go on with it; asks first, since beginning is recorded.

    A course's page asks in its place where it takes the reader for signed in, and posts here. If
    they are not, they are asked here: to sign in, or to begin as a guest where the course allows.
    """
    training = reads.training_by_key.first(key=key)
    if not request.user.is_authenticated:
        if not (training and training.without_account):
            # Also for a key that nothing has: this answer tells nobody which courses there are.
            return redirect_to_login(request.path)
        if request.method == "POST" and FROM_PAGE in request.GET:
            return redirect(request.path)
        return views_guests.door(request, training)
    if training is None:
        raise Http404
    return _start(request, training)


@learner_required
def _start(request: HttpRequest, training: Training) -> HttpResponse:
    mine = Enrolment.objects.visible_to(reader(request)).filter(training=training)
    posted = request.method == "POST"
    # Who begins an open course is not asked twice whether they have begun it.
    present = None if posted and not training.is_restricted else mine.active().first()
    if not may_take(reader(request), training):
        if not present:
            raise Http404
        return redirect("courses:outline", present.pk)
    if posted:
        enrolment = services.enrol(
            person=reader(request),
            training=training,
            language=request.LANGUAGE_CODE,
            again=request.POST.get("again") == "yes",
            actor=reader(request),
        )
        if not enrolment.is_active:
            # Completed before, and not asked for again: that is asked first.
            return redirect("courses:start", key=training.key)
        step = selectors.where(enrolment).next_step
        return redirect(player.step_url(enrolment, step) if step else player.outline_url(enrolment))
    if present:
        return redirect("courses:outline", present.pk)
    page = selectors.open_page(training, request.LANGUAGE_CODE)
    if page is None or page.version_in_force is None:
        raise Http404
    done = mine.completed().first()
    context = {
        "page": page,
        "what": wording.what_will_happen(page.version_in_force.spec),
        "how_long": wording.how_long(page.minutes),
        "done": done,
        "done_on": new_york_date(done.completed_at) if done and done.completed_at else None,
        "nav": {"current": "my"},
    }
    return render(request, "courses/start.html", context)


def _own(request: HttpRequest, pk: int) -> Enrolment:
    """The reader's enrolment with all that `where` reads."""
    found = reads.my_enrolment(reader(request), pk)
    if found is None:
        raise Http404
    return found


@views_guests.for_learners
@never_cache
@require_safe
def outline(request: HttpRequest, pk: int) -> HttpResponse:
    """The course as a whole: what comes next, or that it is completed.

    To somebody whom it is no longer for: that, what they did, whom to ask; nothing it contains.
    """
    enrolment = _own(request, pk)
    stands = selectors.where(enrolment)
    if stands.outside:
        return render(request, "courses/ended.html", player.ended(stands))
    context = player.frame(stands)
    if stands.next_step:
        context["next_url"] = player.step_url(enrolment, stands.next_step)
    return render(request, "courses/outline.html", context)


@views_guests.for_learners
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """A lesson or a test; posting finishes the one, begins or hands in the other."""
    enrolment = _own(request, pk)
    if not may_take(reader(request), enrolment.training):
        raise Http404
    try:
        stands = services.open_step(enrolment=enrolment, step_key=key, actor=reader(request))
    except Refused as refusal:
        return _refused(request, enrolment, key, refusal)
    current = stands.step(key)
    assert current is not None  # noqa: S101 - open_step refuses unknown steps
    view = step_view(current.kind)
    if request.method == "POST":
        return view.post(request, stands, current)
    return view.show(request, stands, current)


def _refused(
    request: HttpRequest, enrolment: Enrolment, key: str, refusal: Refused
) -> HttpResponse:
    """Why the step is not open, and the way to what opens it."""
    stands = selectors.where(enrolment)
    following = stands.next_step
    context = {
        **player.frame(stands),
        "wanted": stands.step(key),
        "reason": str(refusal),
        "next": following,
        "next_url": player.step_url(enrolment, following) if following else "",
    }
    return render(request, "courses/locked.html", context, status=409 if context["wanted"] else 404)


@never_cache
@require_POST
def answers(request: HttpRequest, pk: int, key: str) -> JsonResponse:
    """Save one answer as it is given; the script of the test's page reads what is said here."""
    learner = learner_of(request)
    if learner is None:
        message = _("You are signed out. What was saved is kept: open this page again to go on.")
        return JsonResponse({"error": message}, status=401)
    number = player.number(request.POST.get("attempt"))
    attempt = reads.my_attempt(learner, number, enrolment=pk, step=key)
    if attempt is None:
        raise Http404
    outside = why_not(learner, attempt.enrolment.training)
    if outside:
        return JsonResponse({"error": str(outside), "code": outside.code}, status=404)
    try:
        saved = services.save_answer(
            attempt=attempt,
            position=player.number(request.POST.get("position")),
            response=request.POST.getlist("choice"),
            stamp=player.stamp_in(request.POST),
            actor=learner,
        )
    except Refused as refusal:
        over = refusal.code in services.OVER
        return JsonResponse({"error": str(refusal), "code": refusal.code, "over": over}, status=409)
    if saved.newer:
        return JsonResponse({"saved": _("A newer answer is kept."), "turn": saved.turn})
    time = formats.time_format(timezone.localtime(saved.at), "TIME_FORMAT")
    return JsonResponse({"saved": _("Saved %(time)s") % {"time": time}, "turn": saved.turn})


@login_required
@never_cache
@require_safe
@learner_required
def proof_file(request: HttpRequest, pk: int) -> FileResponse:
    """A proof as it was sent, for whoever sent it."""
    proof = get_object_or_404(OutsideProof.objects.visible_to(reader(request)), pk=pk)
    return FileResponse(proof.file.open("rb"), as_attachment=True, filename=proof.name)
