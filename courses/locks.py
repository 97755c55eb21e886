"""Why a step is locked: one sentence each, which says what opens it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.enums import EnrolmentStatus, Gate, StepKind
from courses.models import Enrolment
from courses.timing import moment

if TYPE_CHECKING:
    from courses.selectors import Step


def closed(enrolment: Enrolment) -> str:
    """Why nothing can be done in the enrolment any more, if so."""
    if enrolment.status == EnrolmentStatus.COMPLETED:
        return _("You have completed this course; to do more in it, take it again.")
    if enrolment.status == EnrolmentStatus.WITHDRAWN:
        return _("You left this course; to go on, start it again.")
    return ""


def gate(frozen: Mapping[str, Any], before: Sequence["Step"]) -> str:
    """Why the step is not open yet, if so: one sentence that says what opens it."""
    awaited = _awaited(frozen["gate"], before)
    if awaited is None:
        return ""
    if awaited.must_pass_first:
        wording = _(
            "First pass “%(title)s” with %(percent)s percent right: this opens right after it."
        )
    elif frozen["gate"] == Gate.PRE_TEST_TAKEN:
        wording = _("First take the “%(title)s”: this opens as soon as you hand it in.")
    elif awaited.pass_percent:
        wording = _("First pass “%(title)s”: this opens right after it.")
    else:
        wording = _("First finish “%(title)s”: this opens right after it.")
    return wording % {"title": awaited.title, "percent": awaited.pass_percent}


def _awaited(opens_after: str, before: Sequence["Step"]) -> "Step | None":
    """The step that has to be done before one that opens so; None where nothing has."""
    asked: list[Step] = []
    if opens_after == Gate.PRE_TEST_TAKEN:
        asked = [step for step in before if step.kind == StepKind.PRE_TEST]
    elif opens_after == Gate.PREVIOUS:
        asked = [step for step in before if step.required][-1:]
    return next((step for step in asked if not step.is_done), None)


def no_try(enrolment: Enrolment, step: "Step", now: datetime) -> str:
    """Why a test cannot be begun now, if so."""
    if not step.is_test or step.attempt_in_progress:
        return ""
    return _no_try_left(enrolment, step) or _not_now(enrolment, step, now)


def _not_now(enrolment: Enrolment, step: "Step", now: datetime) -> str:
    """Why the clock keeps a test closed, if it does."""
    start_by = step.timing.start_by
    if start_by and now >= start_by:
        return _("“%(title)s” could be started until %(when)s; ask %(office)s how to go on.") % {
            "title": step.title,
            "when": moment(start_by),
            "office": enrolment.training.owner,
        }
    if step.free_again and now < step.free_again:
        return _("You can try “%(title)s” again from %(when)s.") % {
            "title": step.title,
            "when": moment(step.free_again),
        }
    return ""


def _no_try_left(enrolment: Enrolment, step: "Step") -> str:
    """Why a test cannot be taken once more, if so."""
    allowed = step.attempts_allowed
    if allowed is None or step.attempts_used < allowed:
        return ""
    return ngettext(
        "You have used the only try at “%(title)s”; ask %(office)s how to go on.",
        "You have used all %(count)s tries at “%(title)s”; ask %(office)s how to go on.",
        allowed,
    ) % {"count": allowed, "title": step.title, "office": enrolment.training.owner}
