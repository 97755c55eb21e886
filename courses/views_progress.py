"""What the player's pages send besides steps: signs of life, and the learner's own word."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from courses import player, services
from courses.models import Enrolment
from courses.views_guests import for_learners
from courses.views_steps import reader
from lms.people.guests import learner_of
from lms.trainings.access import may_take


@never_cache
@require_POST
def keep_time(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """A sign of life from a step's page; the script stops when this no longer says 200.

    How long somebody was here is never read from it; where a film stands is.
    """
    learner = learner_of(request)
    if learner is None:
        return JsonResponse({}, status=401)
    enrolment = get_object_or_404(
        Enrolment.objects.visible_to(learner).select_related(
            "version", "training", "person__learning_clock"
        ),
        pk=pk,
    )
    if not may_take(learner, enrolment.training):
        raise Http404
    back = request.POST.get("back") == "yes"
    if file := player.number(request.POST.get("file")):
        second = player.number(request.POST.get("second"))
        services.keep_place(enrolment=enrolment, step_key=key, file=file, second=second)
    enrolment = services.keep_time(enrolment=enrolment, step_key=key, back=back, actor=learner)
    return JsonResponse(
        {"note": player.time_note(enrolment)}, status=200 if enrolment.is_active else 409
    )


@for_learners
@never_cache
@require_POST
def give_own_word(request: HttpRequest, pk: int) -> HttpResponse:
    """The learner confirms having done the course in person; the tick is asked for."""
    person = reader(request)
    mine = Enrolment.objects.visible_to(person).select_related("training")
    enrolment = get_object_or_404(mine, pk=pk)
    if not may_take(person, enrolment.training):
        raise Http404
    if request.POST.get("confirmed") != "yes":
        messages.error(request, _("Tick the sentence first, if it is true."))
    else:
        services.give_own_word(enrolment=enrolment, actor=person)
    return redirect("courses:outline", enrolment.pk)
