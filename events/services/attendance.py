"""Attendance: what it came to, with its arithmetic, and the completion that follows from it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from events.enums import Outcome, SessionStatus, SurveyRule
from events.models import Attendance, Registration, Session
from events.surveys import holds_back
from lms.completions import services as completions
from lms.completions.enums import SourceKind
from lms.completions.models import Completion
from lms.core import audit
from lms.core.exceptions import Refused
from lms.core.locking import lock
from lms.core.time import new_york_date
from lms.people.models import Person
from lms.trainings.models import TrainingVersion
from lms.trainings.selectors import version_in_force


@dataclass(frozen=True)
class Mark:
    """What was decided about one seat; `minutes` where they are known.

    `note` is its arithmetic where there is more to tell than the numbers. `late`: the whole minutes
    after the start at which a report says that they joined; somebody's own word leaves it out.
    """

    registration: Registration
    outcome: Outcome
    minutes: int | None = None
    note: str = ""
    late: int = 0


def begin_session(
    *, session: Session, actor: Person | None, now: datetime | None = None
) -> Session:
    """The session has begun: it is held, and pinned to the training's version then in force.

    Doing it again changes nothing. Raises Refused before its start, and when it was cancelled.
    """
    with transaction.atomic():
        return begin(lock(session), actor=actor, now=now or timezone.now())


def begin_due_sessions(*, now: datetime | None = None) -> int:
    """Begin every session whose start has come; returns how many. Beat calls it.

    Attendance begins a session too, and the version is looked up by the session's start, so a beat
    that comes late changes nothing.
    """
    now = now or timezone.now()
    due = list(Session.objects.filter(status=SessionStatus.SCHEDULED, starts_at__lte=now))
    for session in due:
        begin_session(session=session, actor=None, now=now)
    return len(due)


def mark_attendance(
    *,
    registration: Registration,
    outcome: Outcome,
    minutes: int | None = None,
    actor: Person | None,
    now: datetime | None = None,
) -> Attendance:
    """Say what one person's attendance came to; see `mark_many`."""
    mark = Mark(registration, outcome, minutes)
    return mark_many(session=registration.session, marks=[mark], actor=actor, now=now)[0]


@transaction.atomic
def mark_many(
    *,
    session: Session,
    marks: Iterable[Mark],
    actor: Person | None,
    now: datetime | None = None,
) -> list[Attendance]:
    """Say what attendance came to, for as many people as there are marks: all of them or none.

    Each mark is a new row, and the newest counts; a mark equal to the newest adds nothing.
    "Attended" records a completion on the session's New York day; a correction that takes it back
    revokes that completion, and one that gives it again records another. Raises Refused before the
    session began, for a cancelled one, for a seat that was given back or belongs elsewhere, and for
    an outcome its minutes contradict.
    """
    now = now or timezone.now()
    session = begin(lock(session), actor=actor, now=now)
    marks = list(marks)
    seats = _seats_as_they_are(session, marks)
    newest = _newest(seats)
    marked = []
    for mark in marks:
        key = mark.registration.pk
        newest[key] = _mark(session, mark, seats.get(key), newest.get(key), actor=actor, now=now)
        marked.append(newest[key])
    return marked


def _seats_as_they_are(session: Session, marks: list[Mark]) -> dict[int, Registration]:
    """The marked seats of this session, read again behind the session's lock.

    The caller may have loaded its sheet before somebody else marked: what it holds of a seat's
    status and completion decides nothing.
    """
    found = Registration.objects.filter(
        session=session, pk__in=[mark.registration.pk for mark in marks]
    )
    return {seat.pk: seat for seat in found.select_related("person", "check_in")}


def _newest(seats: Iterable[int]) -> dict[int, Attendance]:
    """What was decided last about each of these seats, by their ids; one query for all."""
    found = Attendance.objects.filter(registration__in=list(seats))
    return {
        attendance.registration_id: attendance
        for attendance in found.order_by("registration_id", "-id").distinct("registration_id")
    }


def begin(session: Session, *, actor: Person | None, now: datetime) -> Session:
    """As `begin_session`, for a session that is locked already."""
    if session.status == SessionStatus.HELD:
        return session
    if session.is_cancelled:
        raise Refused(_("This session was cancelled."), code="cancelled")
    if session.starts_at > now:
        raise Refused(
            _("The session has not begun. Attendance can be taken from its start on."),
            code="not_started",
        )
    session.version = _version_in_force(session)
    session.status = SessionStatus.HELD
    # `updated_at` stays: calendars show nothing of this.
    session.save(update_fields=["version", "status"])
    audit.record("session.held", session, actor=actor, now=now, version=session.version.number)
    return session


def _version_in_force(session: Session) -> TrainingVersion:
    """The version in force when the session began; its first one if it was published later."""
    first = TrainingVersion.objects.filter(training=session.training_id).order_by("number").first()
    version = version_in_force(session.training, session.starts_at) or first
    if version is None:
        raise Refused(
            _("This training was never published, so it has nothing to complete."),
            code="not_published",
        )
    return version


def _mark(
    session: Session,
    mark: Mark,
    registration: Registration | None,
    newest: Attendance | None,
    *,
    actor: Person | None,
    now: datetime,
) -> Attendance:
    if registration is None or not registration.is_live:
        raise Refused(
            _("%(person)s has no seat in this session.") % {"person": mark.registration.person},
            code="not_registered",
        )
    has_code = session.code_asked and has_checked_in(registration)
    _refuse_contradiction(session, mark, has_code=has_code)
    came_late = session.rule.too_late(mark.late)
    if newest and (newest.outcome, newest.minutes, newest.code_given, newest.came_late) == (
        mark.outcome,
        mark.minutes,
        has_code,
        came_late,
    ):
        return newest
    attendance = Attendance.objects.create(
        registration=registration,
        outcome=mark.outcome,
        minutes=mark.minutes,
        planned_minutes=session.planned_minutes,
        min_minutes=session.min_minutes,
        code_asked=session.code_asked,
        code_given=has_code,
        came_late=came_late,
        note=mark.note or arithmetic(session, mark.outcome, mark.minutes, has_code=has_code),
        decided_by=actor,
        decided_at=now,
    )
    audit.record(
        "attendance.marked",
        registration,
        actor=actor,
        now=now,
        outcome=mark.outcome,
        minutes=mark.minutes,
    )
    _follow(session, registration, attendance, actor=actor, now=now)
    return attendance


def has_checked_in(registration: Registration) -> bool:
    """Whether the person typed the code in, or was seen at the door."""
    return hasattr(registration, "check_in")


def _refuse_contradiction(session: Session, mark: Mark, *, has_code: bool) -> None:
    minutes, rule = mark.minutes, session.min_minutes
    if minutes is None:
        return
    if minutes > session.planned_minutes:
        raise Refused(
            _("%(person)s: %(minutes)s minutes are more than the session's %(planned)s.")
            % {
                "person": mark.registration.person,
                "minutes": minutes,
                "planned": session.planned_minutes,
            },
            code="too_many_minutes",
        )
    if mark.outcome == Outcome.ATTENDED and minutes < rule:
        raise Refused(
            _("%(person)s: %(minutes)s minutes do not meet the rule, which asks for %(rule)s.")
            % {"person": mark.registration.person, "minutes": minutes, "rule": rule},
            code="below_the_rule",
        )
    if mark.outcome == Outcome.ATTENDED and session.code_asked and not has_code:
        raise Refused(
            _(
                "%(person)s did not type in the check-in code, which the rule asks for. If you saw "
                "them, check them in at the door first."
            )
            % {"person": mark.registration.person},
            code="code_missing",
        )
    if mark.outcome == Outcome.ATTENDED and session.rule.too_late(mark.late):
        raise Refused(
            _("%(person)s joined %(late)s minutes after the start; the rule asks for %(grace)s.")
            % {
                "person": mark.registration.person,
                "late": mark.late,
                "grace": session.grace_minutes,
            },
            code="too_late",
        )
    if mark.outcome == Outcome.NO_SHOW and minutes > 0:
        raise Refused(
            _("%(person)s: somebody who did not come has no minutes.")
            % {"person": mark.registration.person},
            code="minutes_without_coming",
        )


def arithmetic(
    session: Session, outcome: Outcome, minutes: int | None, *, has_code: bool = False
) -> str:
    """The sentence kept with a decision and with the completion that rests on it.

    Written in the site's main language, since it is evidence; its numbers are kept beside it.
    """
    with translation.override(settings.LANGUAGE_CODE):
        numbers = {
            "minutes": minutes,
            "planned": session.planned_minutes,
            "rule": session.min_minutes,
        }
        if outcome == Outcome.NO_SHOW:
            return _("Did not come.")
        if outcome == Outcome.EXCUSED:
            return _("Excused.")
        if minutes is None:
            if outcome == Outcome.ATTENDED:
                return (
                    _("Attended, as noted by the office; the session lasted %(planned)s minutes.")
                    % numbers
                )
            return (
                _("Attended in part, as noted by the office; the rule asks for %(rule)s minutes.")
                % numbers
            )
        text = _("Attended %(minutes)s of %(planned)s minutes") % numbers
        return text + session.rule.in_words(minutes, has_code=has_code)


def _survey_words(session: Session) -> str:
    """What the rule asked besides, as evidence says it; in the site's main language."""
    if session.survey != SurveyRule.RULE:
        return ""
    with translation.override(settings.LANGUAGE_CODE):
        return _("The rule asks for the survey, which was given.")


def _follow(
    session: Session,
    registration: Registration,
    attendance: Attendance,
    *,
    actor: Person | None,
    now: datetime,
) -> None:
    """Record the completion that this decision gives, or revoke the one it takes back."""
    standing = (
        Completion.objects.standing().filter(pk=registration.completion_id).first()
        if registration.completion_id
        else None
    )
    if attendance.outcome == Outcome.ATTENDED:
        if standing is None and not holds_back(session, registration):
            _complete(session, registration, attendance, actor=actor, now=now)
    elif standing is not None:
        completions.revoke_completion(
            completion=standing,
            reason=f"Attendance was corrected. {attendance.note}",
            actor=actor,
            now=now,
        )


def complete_after_survey(session: Session, registration: Registration, *, now: datetime) -> None:
    """Record the completion that waited for the person's answer to the survey, if one did.

    Within the transaction of the answer; the session is locked.
    """
    newest = registration.attendances.last()
    if newest is not None:
        _follow(session, registration, newest, actor=None, now=now)


def _complete(
    session: Session,
    registration: Registration,
    attendance: Attendance,
    *,
    actor: Person | None,
    now: datetime,
) -> None:
    assert session.version is not None  # noqa: S101 - a held session has one (check constraint)
    # A seat completes once; after a revocation the ledger needs a new source to write another.
    again = registration.completion_id is not None
    completion = completions.record_completion(
        person=registration.person,
        version=session.version,
        source_kind=SourceKind.REGISTRATION,
        source_key=f"{registration.pk}-{attendance.pk}" if again else str(registration.pk),
        occurred_on=new_york_date(session.starts_at),
        evidence={
            "why": " ".join(filter(None, [attendance.note, _survey_words(session)])),
            "session": session.pk,
            "registration": registration.pk,
            "attendance": attendance.pk,
            "starts_at": session.starts_at.isoformat(),
            "ends_at": session.ends_at.isoformat(),
            "zone": session.zone,
            "minutes_attended": attendance.minutes,
            "minutes_planned": attendance.planned_minutes,
            "minutes_asked": attendance.min_minutes,
            **({"code_given": attendance.code_given} if attendance.code_asked else {}),
            **({} if session.grace_minutes is None else {"grace_minutes": session.grace_minutes}),
        },
        language=session.version.spec.get("language", settings.LANGUAGE_CODE),
        actor=actor,
        now=now,
    )
    registration.completion = completion
    registration.save(update_fields=["completion"])
