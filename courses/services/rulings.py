"""Ruling on somebody's test: it does not count, or an outage gives time back."""

import uuid
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.enums import AttemptStatus, RulingKind
from courses.models import Attempt, AttemptRuling, Enrolment, Outage, StepProgress
from courses.models.rulings import MAX_OUTAGE_MINUTES
from courses.results import result_of
from courses.ruling_letters import tell_ruling
from courses.rulings import ran_out, rests_on
from courses.selectors import where
from courses.services.attempts import hand_in
from courses.services.enrolments import evaluate, reopen
from courses.timing import GRACE, is_over
from lms.core import audit
from lms.core.exceptions import Refused
from lms.core.locking import lock
from lms.people.models import Organization, Person
from lms.people.permissions import is_coordinator_for

# Said wherever the completion was shown; the office's own words stay with it and the person.
REVOKED_BECAUSE = "A test it rests on no longer counts."


@transaction.atomic
def void_attempt(
    *,
    attempt: Attempt,
    reason: str,
    actor: Person,
    revoke: bool = False,
    now: datetime | None = None,
) -> AttemptRuling:
    """The try does not count: for no result, no limit of tries, no waiting time. Twice is once.

    A completion that rests on it is revoked and the course opened again, where `revoke` says that
    the actor knows; else Refused "confirm". A running try is closed. The person is told by mail.
    Raises Refused "not_yours", "own" and "no_reason" too.
    """
    now = now or timezone.now()
    enrolment, locked = _locked(attempt, actor)
    known = locked.rulings.voiding().first()
    if known:
        return known
    if not reason.strip():
        raise Refused(_("Say why, so that the person knows."), code="no_reason")
    revokes = rests_on(locked, enrolment)
    if revokes and not revoke:
        raise Refused(
            _("A completion rests on this try. Look at what follows, and confirm it."),
            code="confirm",
        )
    return _void(
        enrolment,
        locked,
        RulingKind.VOID,
        reason=reason.strip(),
        actor=actor,
        now=now,
        revokes=revokes,
    )


@transaction.atomic
def grant_outage_time(
    *,
    attempt: Attempt,
    minutes: int,
    reason: str,
    key: uuid.UUID,
    outage: Outage | None = None,
    actor: Person,
    now: datetime | None = None,
) -> AttemptRuling:
    """A running try ends `minutes` later, because something on our side kept the person from it.

    The same `key` again changes nothing. The person is told by mail, and sees it on the test's
    page. Raises Refused for a try that has ended ("over": then `excuse_outage` may fit), that has
    no deadline, or for minutes beyond reason.
    """
    now = now or timezone.now()
    enrolment, locked = _locked(attempt, actor)
    known = locked.rulings.filter(key=key).first()
    if known:
        return known
    if not 1 <= minutes <= MAX_OUTAGE_MINUTES:
        raise Refused(
            _("Give between 1 and %(most)s minutes.") % {"most": MAX_OUTAGE_MINUTES}, code="minutes"
        )
    if not reason.strip():
        raise Refused(_("Say why, so that the person knows."), code="no_reason")
    if locked.status != AttemptStatus.IN_PROGRESS or is_over(locked, now, grace=GRACE):
        raise Refused(
            _("This try has ended meanwhile. Look at what can be done about it now."), code="over"
        )
    if locked.deadline_at is None:
        raise Refused(_("This test has no time limit."), code="no_limit")
    locked.deadline_at += timedelta(minutes=minutes)
    locked.save(update_fields=["deadline_at"])
    ruling = AttemptRuling.objects.create(
        attempt=locked,
        kind=RulingKind.OUTAGE,
        reason=reason.strip(),
        minutes=minutes,
        outage=outage,
        key=key,
        ruled_at=now,
        ruled_by=actor,
    )
    audit.record("attempt.outage", locked, actor=actor, now=now, minutes=minutes)
    evaluate(enrolment=enrolment, actor=actor, now=now)
    tell_ruling(ruling, enrolment)
    return ruling


@transaction.atomic
def excuse_outage(
    *,
    attempt: Attempt,
    reason: str,
    outage: Outage | None = None,
    actor: Person,
    now: datetime | None = None,
) -> AttemptRuling:
    """A try that ran out because of an outage does not count; it can be taken again. Twice is once.

    Raises Refused for a try that still runs, that was handed in before its time was over, or that
    is passed: nobody loses by an outage.
    """
    now = now or timezone.now()
    if attempt.status == AttemptStatus.IN_PROGRESS and is_over(attempt, now, grace=GRACE):
        hand_in(attempt=attempt, actor=None, now=now)
    enrolment, locked = _locked(attempt, actor)
    known = locked.rulings.voiding().first()
    if known:
        return known
    if not reason.strip():
        raise Refused(_("Say why, so that the person knows."), code="no_reason")
    if locked.status == AttemptStatus.IN_PROGRESS:
        raise Refused(_("This try still runs: give it more minutes instead."), code="running")
    if not ran_out(locked):
        raise Refused(
            _("This try was handed in before its time was over, so no outage ended it."),
            code="not_ran_out",
        )
    result = result_of(locked)
    if result and result.is_pass is not False:
        raise Refused(_("This try is passed, so it stays."), code="passed")
    return _void(
        enrolment,
        locked,
        RulingKind.OUTAGE,
        reason=reason.strip(),
        outage=outage,
        actor=actor,
        now=now,
    )


def _locked(attempt: Attempt, actor: Person) -> tuple[Enrolment, Attempt]:
    """The enrolment and the attempt, locked in this order as handing in does."""
    enrolment = lock(attempt.enrolment)
    demand_ruling(actor, enrolment.training.owner, enrolment.person)
    return enrolment, lock(attempt)


def demand_ruling(actor: Person, office: Organization, person: Person | None = None) -> None:
    """Refuse whoever does not coordinate the office, and whoever would rule on their own test."""
    if not is_coordinator_for(actor, office):
        raise Refused(
            _("Only %(office)s decides on its courses' tests.") % {"office": office},
            code="not_yours",
        )
    if person and person.canonical == actor.canonical:
        raise Refused(_("Somebody else has to decide on your own test."), code="own")


def _void(
    enrolment: Enrolment,
    attempt: Attempt,
    kind: RulingKind,
    *,
    reason: str,
    outage: Outage | None = None,
    actor: Person | None,
    now: datetime,
    revokes: bool = False,
) -> AttemptRuling:
    ruling = AttemptRuling.objects.create(
        attempt=attempt, kind=kind, reason=reason, outage=outage, ruled_at=now, ruled_by=actor
    )
    close_running(attempt)
    audit.record("attempt.voided", attempt, actor=actor, now=now, kind=kind.value)
    if revokes:
        reopen(enrolment=enrolment, reason=REVOKED_BECAUSE, actor=actor, now=now)
    step = where(enrolment, now=now).step(attempt.step_key)
    if step and not step.is_done:
        rows = StepProgress.objects.filter(enrolment=enrolment, step_key=attempt.step_key)
        rows.update(done_at=None)
    enrolment = evaluate(enrolment=enrolment, actor=actor, now=now)
    tell_ruling(ruling, enrolment, revoked=revokes)
    return ruling


def close_running(attempt: Attempt) -> None:
    """A try that still runs is over; its answers stay."""
    if attempt.status == AttemptStatus.IN_PROGRESS:
        attempt.status = AttemptStatus.VOID
        attempt.save(update_fields=["status"])
