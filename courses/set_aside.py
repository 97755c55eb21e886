"""What no longer counts in an enrolment, because it went on in a version with another rule."""

from copy import copy
from datetime import datetime

from courses.models import Attempt, Enrolment, StepProgress


def counting(
    enrolment: Enrolment, key: str, progress: StepProgress | None, attempts: list[Attempt]
) -> tuple[StepProgress | None, list[Attempt]]:
    """What was done in the step, without what was set aside when its rule changed."""
    if key not in enrolment.set_aside:
        return progress, attempts
    since = datetime.fromisoformat(enrolment.set_aside[key])
    if progress and progress.done_at and progress.done_at <= since:
        progress = copy(progress)
        progress.done_at = None
    return progress, [attempt for attempt in attempts if attempt.started_at > since]
