"""Pictures of questions: to those who were asked them, to nobody else."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from courses.models import Attempt, QuestionVersion
from courses.views_guests import for_learners
from courses.views_steps import reader
from lms.trainings.access import why_not


@for_learners
@cache_control(private=True, max_age=3600)
@require_safe
def image(request: HttpRequest, pk: int, key: str, attempt: int, position: int) -> HttpResponse:
    """The picture of a question in one's own try at a test."""
    mine = Attempt.objects.visible_to(reader(request)).select_related("enrolment__training")
    found = get_object_or_404(mine, pk=attempt, enrolment=pk, step_key=key)
    if why_not(reader(request), found.enrolment.training):
        raise Http404
    if not 1 <= position <= len(found.items):
        raise Http404
    return send(QuestionVersion.objects.get(pk=found.items[position - 1]["version"]))


def send(wording: QuestionVersion) -> HttpResponse:
    """The wording's picture; 404 without one."""
    if not wording.image:
        raise Http404
    kind = "image/jpeg" if str(wording.image.name).endswith(".jpg") else "image/png"
    try:
        with wording.image.open("rb") as kept:
            return HttpResponse(kept.read(), content_type=kind)
    except FileNotFoundError as error:
        raise Http404 from error
