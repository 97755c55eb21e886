"""Opening and finishing steps."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.enums import StepKind
from courses.models import Enrolment, StepProgress
from courses.selectors import Outline, Step, where
from courses.services.active_time import arrive
from courses.services.enrolments import evaluate
from lms.core.exceptions import Refused
from lms.people.models import Person


def demand_open(outline: Outline, step_key: str) -> Step:
    """The step, if it is open or done; Refused with the reason where it is locked or unknown.

    To somebody whom the course is no longer for, what they have done is closed too.
    """
    step = outline.step(step_key)
    if step is None:
        raise Refused(
            _("This course has no such step; go on from the course's outline."), code="no_step"
        )
    if step.is_locked or outline.outside:
        raise Refused(outline.outside or step.reason, code="locked")
    return step


def open_step(
    *, enrolment: Enrolment, step_key: str, actor: Person | None, now: datetime | None = None
) -> Outline:
    """Note that the step was opened, the first time, and count the time until now.

    Returns how the enrolment stands.

    Raises Refused with the reason while the step is locked. A course that is over can be read
    again and notes nothing.
    """
    now = now or timezone.now()
    enrolment = arrive(enrolment=enrolment, step_key=step_key, actor=actor, now=now)
    outline = where(enrolment)
    step = demand_open(outline, step_key)
    if enrolment.is_active and not step.opened:
        _note_opened(enrolment, step_key, now)
    if enrolment.is_active and outline.is_finished:
        # An event was lost: nothing is left to do, so nothing else would evaluate.
        outline = where(evaluate(enrolment=enrolment, actor=actor, now=now))
    return outline


def _note_opened(enrolment: Enrolment, step_key: str, now: datetime) -> None:
    row = StepProgress(enrolment=enrolment, step_key=step_key, opened_at=now, seen_at=now)
    StepProgress.objects.bulk_create([row], ignore_conflicts=True)


def note_done(enrolment: Enrolment, step_key: str, now: datetime) -> None:
    """Note that the step is done, if it is not noted yet."""
    _note_opened(enrolment, step_key, now)
    still = Q(done_at__isnull=True)
    if since := enrolment.set_aside.get(step_key):
        still |= Q(done_at__lte=datetime.fromisoformat(since))
    rows = StepProgress.objects.filter(still, enrolment=enrolment, step_key=step_key)
    rows.update(done_at=now)


@transaction.atomic
def finish_lesson(
    *, enrolment: Enrolment, step_key: str, actor: Person | None, now: datetime | None = None
) -> Enrolment:
    """The learner is through with the lesson; completes the course if it was the last thing.

    Finishing twice is finishing once. Raises Refused for a locked step, or a test, which is handed
    in instead.
    """
    now = now or timezone.now()
    step = demand_open(where(enrolment), step_key)
    if step.kind != StepKind.LESSON:
        raise Refused(_("A test is finished by handing it in."), code="not_a_lesson")
    if step.is_done:
        return enrolment
    note_done(enrolment, step_key, now)
    return evaluate(enrolment=enrolment, actor=actor, now=now)
