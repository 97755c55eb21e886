"""Asking people how a session was, once, and taking their answer without their name."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from events import letters
from events.enums import SurveyRule
from events.models import Registration, Session
from events.services.attendance import complete_after_survey
from events.services.seats import as_locked
from events.survey_models import (
    RATINGS,
    SessionSurveyAnswer,
    SessionSurveyComment,
    SessionSurveyGiven,
)
from lms.core import audit
from lms.core.exceptions import Refused
from lms.core.locking import lock
from lms.core.time import new_york_date
from lms.people.models import Person

# Who is asked later than this has forgotten.
_ASKED_WITHIN = timedelta(days=3)


@transaction.atomic
def answer_survey(
    *,
    registration: Registration,
    ratings: Sequence[int],
    comment: str = "",
    now: datetime | None = None,
) -> SessionSurveyGiven:
    """Keep how somebody found the session; a completion that waited for it is recorded.

    Answered once; again, nothing changes. Raises Refused for a session without a survey, before it
    has begun, without a seat, and for ratings that are not five from 1 to 5.
    """
    now = now or timezone.now()
    seat = as_locked(registration)
    known = SessionSurveyGiven.objects.filter(registration=seat).first()
    if known:
        return known
    session = seat.session
    if session.survey == SurveyRule.NONE or not seat.is_live:
        raise Refused(_("There is nothing to answer here."), code="no_survey")
    if session.starts_at > now or session.is_cancelled:
        raise Refused(_("The session has not begun."), code="not_started")
    if len(ratings) != RATINGS or not set(ratings) <= {1, 2, 3, 4, 5}:
        raise Refused(_("Please answer all five."), code="ratings_missing")
    SessionSurveyAnswer.objects.create(session=session, ratings=list(ratings))
    comment = " ".join(comment.split())[:500]
    if comment:
        SessionSurveyComment.objects.create(session=session, text=comment)
    given = SessionSurveyGiven.objects.create(registration=seat, given_on=new_york_date(now))
    # Not by whom: who answered stands in one place only, and not beside what.
    audit.record("session.survey_answered", session, actor=None, now=now)
    complete_after_survey(session, seat, now=now)
    return given


@transaction.atomic
def remove_comment(
    *, comment: SessionSurveyComment, actor: Person, now: datetime | None = None
) -> None:
    """Delete a comment's words for good: it names somebody, or tells of a case."""
    audit.record("session.survey_comment_removed", comment.session, actor=actor, now=now)
    comment.delete()


def ask_for_surveys(*, now: datetime | None = None) -> int:
    """Write to the people of sessions that ended lately, once a session; returns how many sessions.

    Each session is a transaction of its own; a worker that dies half-way tells nobody twice.
    """
    now = now or timezone.now()
    due = (
        Session.objects.standing()
        .filter(ends_at__lte=now, ends_at__gt=now - _ASKED_WITHIN, survey_mailed_at__isnull=True)
        .exclude(survey=SurveyRule.NONE)
        .select_related("training__owner")
    )
    return sum(_ask(session, now) for session in due)


@transaction.atomic
def _ask(session: Session, now: datetime) -> bool:
    locked = lock(session)
    if locked.survey_mailed_at:
        return False
    locked.training = session.training
    seats = locked.registrations.live().filter(survey_given__isnull=True)
    for seat in seats.select_related("person__canonical_person"):
        seat.session = locked
        letters.tell_survey(seat, now=now)
    locked.survey_mailed_at = now
    locked.save(update_fields=["survey_mailed_at"])
    return True
