"""Surveys: given once, answers kept apart from whoever gave them."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.enums import StepKind
from courses.models import Enrolment, SurveyComment, SurveyPage, SurveyResponse
from courses.selectors import step_content, where
from courses.services.enrolments import evaluate
from courses.services.steps import demand_open, note_done
from courses.survey_results import options
from lms.core import audit
from lms.core.exceptions import Refused
from lms.core.locking import lock
from lms.core.time import new_york_date
from lms.people.models import Person

MAX_COMMENT = 1000


@transaction.atomic
def give_survey(
    *,
    enrolment: Enrolment,
    step_key: str,
    answers: Mapping[str, list[str]],
    comment: str = "",
    actor: Person | None,
    now: datetime | None = None,
) -> Enrolment:
    """Take in the survey; completes the course if it was the last thing.

    `answers` are keys by the question's id; questions may be skipped, but not all of them. Writes
    a row without the person, and notes in the enrolment only that the survey was given. A repeat
    changes nothing. Raises Refused while the step is locked, without any answer, and for answers
    the survey does not have.
    """
    now = now or timezone.now()
    locked = lock(enrolment)
    step = demand_open(where(locked), step_key)
    if step.kind != StepKind.SURVEY:
        raise Refused(_("This step is no survey."), code="no_survey")
    if step.is_done:
        return locked
    page = step_content(locked, step_key)
    if not isinstance(page, SurveyPage):
        raise Refused(_("The survey cannot be shown at the moment."), code="no_page")
    given = _checked(page, answers)
    if not given:
        raise Refused(_("Answer at least one question. You may skip the others."), code="empty")
    month = new_york_date(now).replace(day=1)
    SurveyResponse.objects.create(
        training=locked.training,
        version=locked.version,
        survey=step.page,
        language=locked.language,
        month=month,
        answers=given,
    )
    if page.comment and comment.strip():
        SurveyComment.objects.create(
            training=locked.training,
            survey=step.page,
            month=month,
            text=comment.strip()[:MAX_COMMENT],
        )
    # On the enrolment, never on the answers: the log must not lead from one to the other.
    audit.record("survey.given", locked, actor=actor, now=now, step=step_key)
    note_done(locked, step_key, now)
    return evaluate(enrolment=locked, actor=actor, now=now)


def _checked(page: SurveyPage, answers: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """The answers in a settled order, if the survey has them; skipped questions are left out."""
    known = {question.id: question for question in page.questions}
    if set(answers) - set(known):
        raise Refused(_("This question is not part of the survey."), code="not_shown")
    given: dict[str, list[str]] = {}
    for key, chosen in answers.items():
        question = known[key]
        allowed = [option for option, _text in options(question)]
        several = question.block_type == "choice" and question.value["several"]
        kept = [option for option in allowed if option in set(chosen)]
        if len(kept) != len(set(chosen)) or (len(kept) > 1 and not several):
            raise Refused(_("This answer does not belong to the question."), code="no_choice")
        if kept:
            given[key] = kept
    return given


@transaction.atomic
def remove_comment(
    *, comment: SurveyComment, actor: Person, now: datetime | None = None
) -> SurveyComment:
    """Wipe out a comment that names somebody or tells of a case; that there was one stays."""
    now = now or timezone.now()
    changed = SurveyComment.objects.filter(pk=comment.pk, removed_at__isnull=True).update(
        text="", removed_at=now, removed_by=actor
    )
    if changed:
        audit.record("survey.comment_removed", comment, actor=actor, now=now)
    comment.refresh_from_db()
    return comment
