"""Beginning, completing and leaving a course."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from courses import reads, scoring
from courses.enums import EnrolmentStatus, StepKind, StepState
from courses.kinds import contributions, kind_of
from courses.models import Enrolment
from courses.results import result_of, tries_of
from courses.selectors import Outline, open_page, where
from lms.completions.enums import SourceKind
from lms.completions.models import Completion
from lms.completions.services import record_completion, revoke_completion
from lms.core import audit
from lms.core.exceptions import Refused
from lms.core.locking import lock
from lms.core.time import long_date, new_york_date
from lms.people.models import Person
from lms.trainings.models import Training
from lms.trainings.services.access import enter


@transaction.atomic
def enrol(
    *,
    person: Person,
    training: Training,
    language: str = settings.LANGUAGE_CODE,
    again: bool = False,
    actor: Person | None,
    now: datetime | None = None,
) -> Enrolment:
    """Begin the course, pinned to the version in force in `language` (else the main language).

    Idempotent: whoever is in the middle of it goes on; whoever has completed it gets that
    enrolment back, unless they want to take it `again`, which is a new enrolment. Raises Refused
    when the course is not open, "not_in_audience" for somebody it is not for, and "needs_account"
    for a guest where it does.
    """
    now = now or timezone.now()
    person = person.canonical
    if person.is_guest and not training.without_account:
        raise Refused(_("Sign in to take this course."), code="needs_account")
    mine = reads.enrolments_in(person=person, training=training.pk)
    running = [enrolment for enrolment in mine if enrolment.is_active]
    done = [] if again else [one for one in mine if one.status == EnrolmentStatus.COMPLETED]
    if running or done:
        return (running or done)[0]
    if training.is_restricted:
        enter(person=person, training=training, actor=actor, now=now)
    page = open_page(training, language)
    if page is None or page.version_in_force is None:
        raise Refused(
            _("This course is not open at the moment. Ask %(office)s when it will be.")
            % {"office": training.owner},
            code="not_open",
        )
    try:
        with transaction.atomic():
            enrolment = Enrolment.objects.create(
                person=person,
                training=training,
                version=page.version_in_force,
                language=page.locale.language_code,
                started_at=now,
            )
    except IntegrityError:
        # Two clicks at once: the other one has begun it.
        return Enrolment.objects.active().get(person=person, training=training)
    number = page.version_in_force.number
    audit.record("enrolment.started", enrolment, actor=actor, now=now, version=number)
    return enrolment


@transaction.atomic
def withdraw(
    *, enrolment: Enrolment, actor: Person | None, now: datetime | None = None
) -> Enrolment:
    """Leave a course that is not completed; what was done stays on record, twice is once.

    Raises Refused for a completed course.
    """
    changed = Enrolment.objects.active().filter(pk=enrolment.pk)
    if changed.update(status=EnrolmentStatus.WITHDRAWN):
        audit.record("enrolment.withdrawn", enrolment, actor=actor, now=now)
    enrolment.refresh_from_db(fields=["status"])
    if enrolment.status == EnrolmentStatus.COMPLETED:
        raise Refused(
            _("You have completed this course, so you cannot leave it."), code="completed"
        )
    return enrolment


@transaction.atomic
def evaluate(
    *, enrolment: Enrolment, actor: Person | None, now: datetime | None = None
) -> Enrolment:
    """Complete the enrolment if all that its version asks for is done; the one place that decides.

    Called after each finished step and safe to call at any time. Writes the completion into the
    ledger in the same transaction, dated by the New York calendar day of `now`; what was begun
    without an account by the day on which its last thing was done. A guest completes nothing: there
    is no name to certify until somebody claims it (services.guests).
    """
    locked = lock_with_standing(enrolment)
    return complete_if_finished(locked=locked, actor=actor, now=now or timezone.now())


def lock_with_standing(enrolment: Enrolment) -> Enrolment:
    """Lock the enrolment; with what `selectors.where` reads of it but steps and tries.

    Two queries: a locking one that joins loses its row where somebody else has just changed a key.
    """
    lock(enrolment)
    locked = reads.enrolment_by_pk.first(pk=enrolment.pk)
    assert locked is not None  # noqa: S101 - it is locked
    return locked


def complete_if_finished(*, locked: Enrolment, actor: Person | None, now: datetime) -> Enrolment:
    """`evaluate`, for services that hold the enrolment's lock (`lock_with_standing`)."""
    if not locked.is_active or locked.person.is_guest:
        return locked
    outline = where(locked)
    if not outline.is_finished:
        return locked
    done_at = _last_done(locked, now) if locked.claimed_at else now
    completion = record_completion(
        person=locked.person,
        version=locked.version,
        source_kind=SourceKind.ENROLMENT,
        source_key=_source_key(locked),
        occurred_on=new_york_date(done_at),
        evidence=_evidence(locked, outline, done_at),
        language=locked.language,
        actor=actor,
        now=now,
    )
    locked.status = EnrolmentStatus.COMPLETED
    locked.completed_at = done_at
    locked.completion = completion
    locked.save(update_fields=["status", "completed_at", "completion"])
    audit.record("enrolment.completed", locked, actor=actor, now=now, completion=str(completion.pk))
    return locked


def _source_key(enrolment: Enrolment) -> str:
    """The enrolment; after a completion of it was revoked, with how many there were."""
    revoked = Completion.objects.filter(
        Q(source_key=str(enrolment.pk)) | Q(source_key__startswith=f"{enrolment.pk}-"),
        source_kind=SourceKind.ENROLMENT,
        revocation__isnull=False,
    ).count()
    return f"{enrolment.pk}-{revoked}" if revoked else str(enrolment.pk)


def reopen(*, enrolment: Enrolment, reason: str, actor: Person | None, now: datetime) -> Enrolment:
    """Take back that the enrolment completed the course: a try it rests on no longer counts.

    The completion is revoked for `reason`, which is shown wherever it was; what else was done stays
    done, and the course goes on. Whoever has begun it anew meanwhile goes on there instead. Only
    for services that hold the enrolment's lock.
    """
    assert enrolment.completion is not None  # noqa: S101 - asked before
    revoke_completion(completion=enrolment.completion, reason=reason, actor=actor, now=now)
    others = Enrolment.objects.active().filter(
        person__in=Person.objects.one_with(enrolment.person), training=enrolment.training_id
    )
    enrolment.status = EnrolmentStatus.WITHDRAWN if others.exists() else EnrolmentStatus.ACTIVE
    enrolment.completed_at = enrolment.completion = None
    enrolment.save(update_fields=["status", "completed_at", "completion"])
    audit.record("enrolment.reopened", enrolment, actor=actor, now=now, status=enrolment.status)
    return enrolment


def _last_done(enrolment: Enrolment, now: datetime) -> datetime:
    """When the last thing was done that the course asks for."""
    done = [row.done_at for row in enrolment.progress.all() if row.done_at]
    done += [row.handed_in_at for row in enrolment.attempts.all() if row.handed_in_at]
    if hasattr(enrolment, "own_word"):
        done.append(enrolment.own_word.given_at)
    if "min_active_minutes" in enrolment.version.spec.get("rules", {}):
        # Which of the minutes was the last one needed is not kept.
        done += [row.seen_at for row in enrolment.progress.all() if row.seen_at]
    return min(max(done, default=now), now)


def _evidence(enrolment: Enrolment, outline: Outline, now: datetime) -> dict[str, Any]:
    """What the completion rests on, with one sentence for the learner and for an inspector."""
    rows = {row.step_key: row for row in enrolment.progress.all() if row.done_at}
    attempts = [
        {
            "step": attempt.step_key,
            "number": attempt.number,
            "points": scoring.as_json(result.points),
            "of": result.of,
            "passed": result.is_pass,
            "handed_in_at": attempt.handed_in_at.isoformat(),
        }
        for attempt in tries_of(enrolment)
        if (result := result_of(attempt)) and attempt.handed_in_at
    ]
    final = [
        step
        for step in outline.steps
        if step.kind == StepKind.POST_TEST and step.last_attempt and step.state == StepState.DONE
    ]
    return {
        "why": _why(outline, now),
        "version": enrolment.version.number,
        "enrolment": enrolment.pk,
        "started_at": enrolment.started_at.isoformat(),
        "steps": [
            {
                "key": step.key,
                "opened_at": row.opened_at.isoformat(),
                "done_at": row.done_at.isoformat(),
                "active_seconds": row.active_seconds,
                **kind_of(step.kind).evidence(enrolment, step),
            }
            for step in outline.steps
            if (row := rows.get(step.key)) and row.done_at
        ],
        "rules": outline.rules,
        "moved": [
            {"from": move.from_version.number, "to": move.to_version.number}
            for move in enrolment.moves.select_related("from_version", "to_version")
        ],
        # Counted while a page was in front of somebody (services.active_time).
        "active_seconds": outline.active_seconds,
        "own_word": _own_word(enrolment, outline),
        # Begun in a browser without an account; then somebody proved an address and gave a name.
        **(
            {"claimed_at": enrolment.claimed_at.isoformat()}
            if enrolment.claimed_at is not None
            else {}
        ),
        # With all pauses: it shows haste, it does not measure reading.
        "seconds_from_start": int((now - enrolment.started_at).total_seconds()),
        "attempts": attempts,
        "score": {
            "points": scoring.as_json(final[-1].last_attempt.points),
            "of": final[-1].last_attempt.max_points,
        }
        if final and final[-1].last_attempt
        else None,
    }


def _own_word(enrolment: Enrolment, outline: Outline) -> dict[str, str] | None:
    """What the learner confirmed at the end, where the version asks for it."""
    if not outline.rules.get("attestation"):
        return None
    given = enrolment.own_word
    return {"statement": given.statement, "given_at": given.given_at.isoformat()}


def _why(outline: Outline, now: datetime) -> str:
    """One sentence: Finished 6 lessons and passed the test with 9 of 10 on Nov. 21, 2026."""
    with translation.override(settings.LANGUAGE_CODE):
        return _("%(what)s on %(day)s.") % {
            "what": contributions(outline.steps),
            "day": long_date(new_york_date(now)),
        }
