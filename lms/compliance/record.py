"""A facility's record as of a day: what an inspector is shown, what is missing first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from lms.compliance.enums import StandingState
from lms.compliance.facts import TrainingFact
from lms.compliance.known import Known
from lms.compliance.rules import Applicability, Rule
from lms.compliance.selectors import (
    EmployeeStanding,
    Scope,
    Summary,
    applicability,
    employments_in,
    standings_from,
    summarize,
    urgency,
)
from lms.compliance.since import Since, recorded_since
from lms.core.canonical import digest
from lms.core.time import end_of, new_york_date
from lms.people.models import Employment, Organization

_NOT_ASKED = {
    StandingState.EXEMPT,
    StandingState.NOT_COVERED,
    StandingState.LEFT_BEFORE_DUE,
    StandingState.NOT_DUE,
}


@dataclass(frozen=True)
class Correction:
    """A line that reads otherwise today, because something was recorded after the day.

    `then` is None for somebody who was not recorded yet; `since` says what was recorded, and when.
    """

    then: EmployeeStanding | None
    now: EmployeeStanding
    since: tuple[Since, ...] = ()


@dataclass(frozen=True)
class Record:
    """Everybody whose record must be kept on `as_of`, in three parts, and the hash of the facts.

    The lines are as corrected since; `corrections` holds how some of them read at the end of that
    day, and `summary_then` what the headline was. Without a correction it is None.
    """

    facility: Organization
    rule: Rule
    as_of: date
    applicability: Applicability
    summary: Summary
    summary_then: Summary | None
    open: list[EmployeeStanding]
    shown: list[EmployeeStanding]
    not_asked: list[EmployeeStanding]
    corrections: list[Correction]
    digest: str
    let_go: int = 0  # records the facility keeps no more, since their time was over

    @property
    def lines(self) -> list[EmployeeStanding]:
        """All of them, what is missing first."""
        return [*self.open, *self.shown, *self.not_asked]


def facility_record(*, facility: Organization, rule: Rule, as_of: date, now: datetime) -> Record:
    """The record as of the end of `as_of` (a New York calendar day), as it is known `now`.

    What was only recorded after that day is in the lines, and told apart in `corrections`.
    """
    rows = list(employments_in([facility], rule, as_of, Scope.RECORD))
    known = Known.load(rows, rule)
    lines = standings_from(known, facilities=[facility], rule=rule, as_of=as_of)
    lines.sort(key=urgency)
    not_asked = [line for line in lines if line.standing.state in _NOT_ASKED]
    shown = [line for line in lines if line.standing.is_met]
    parted = {line.employment.pk for line in (*not_asked, *shown)}
    is_past = as_of < new_york_date(now)
    known = known.with_history() if is_past else known
    then = _known_then(known, facility, rule, as_of) if is_past else []
    corrections = _corrections(known, lines, then, as_of) if is_past else []
    return Record(
        facility=facility,
        rule=rule,
        as_of=as_of,
        applicability=applicability(facility, rule),
        summary=_counted(lines, as_of),
        summary_then=_counted(then, as_of) if corrections else None,
        open=[line for line in lines if line.employment.pk not in parted],
        shown=shown,
        not_asked=not_asked,
        corrections=corrections,
        digest=digest(
            {
                "facility": facility.key,
                "rule": rule.id,
                "rule_checked_on": rule.authority.checked_on.isoformat(),
                "as_of": as_of.isoformat(),
                "employees": [line_facts(line, as_of) for line in lines],
            }
        ),
        let_go=_let_go(facility, rule, as_of, new_york_date(now)),
    )


def _let_go(facility: Organization, rule: Rule, as_of: date, today: date) -> int:
    """How many who belong in the record of the day the facility no longer keeps one of.

    Asks only for days so long ago that there can be any.
    """
    if as_of >= rule.kept_since(today):
        return 0
    return Employment.objects.filter(
        organization=facility,
        started_on__lte=as_of,
        ended_on__gte=rule.kept_since(as_of),
        released_at__isnull=False,
    ).count()


def _counted(lines: Sequence[EmployeeStanding], as_of: date) -> Summary:
    """The counts of who worked there on the day."""
    return summarize([line for line in lines if not line.left_before(as_of)])


def _known_then(
    known: Known, facility: Organization, rule: Rule, as_of: date
) -> list[EmployeeStanding]:
    """The lines as they read at the end of that day."""
    return standings_from(
        known, facilities=[facility], rule=rule, as_of=as_of, known_by=end_of(as_of)
    )


def _corrections(
    known: Known,
    lines: Sequence[EmployeeStanding],
    then_lines: Sequence[EmployeeStanding],
    as_of: date,
) -> list[Correction]:
    """The lines of which any fact would have read otherwise at the end of that day."""
    before = {line.employment.pk: line for line in then_lines}
    found = []
    for line in lines:
        then = before.get(line.employment.pk)
        if then is None or line_facts(then, as_of) != line_facts(line, as_of):
            since = recorded_since(known, line.employment, as_of, end_of(as_of))
            found.append(Correction(then, line, since))
    return found


def line_facts(line: EmployeeStanding, as_of: date) -> dict[str, Any]:
    """The facts of a line as plain values, for the hash and for files; dates as 2026-11-30.

    A last day of work after `as_of` is no fact of that day.
    """
    employment, found = line.employment, line.standing
    ended_on = employment.ended_on
    return {
        "employment": employment.pk,
        "number": employment.number,
        "name": line.person.get_full_name(),
        "post": line.period.post if line.period else "",
        "guest_contact": line.period.guest_contact if line.period else None,
        "no_contact_reason": line.period.no_contact_reason if line.period else "",
        "hired_on": _day(employment.started_on),
        "left_on": _day(ended_on) if ended_on and ended_on <= as_of else "",
        "due_on": _day(found.due_on),
        "last_day": _day(found.last_day),
        "standing": str(found.state),
        "met_on": _day(found.met_on),
        "missing": [
            {"kind": str(lack.kind), "code": lack.code, "completion": lack.completion_id}
            for lack in found.missing
        ],
        "trainings": [_training(training) for training in found.trainings],
    }


def _training(training: TrainingFact) -> dict[str, Any]:
    approval, signature = training.approval, training.signature
    return {
        "completion": training.completion_id,
        "trained_on": _day(training.occurred_on),
        "source": training.source,
        "program": training.program,
        "version": training.version,
        "language": training.language,
        "topics": sorted(training.topics),
        "gaps": sorted(training.gaps),
        "approval": approval.basis if approval else "",
        "approved_by": approval.approved_by if approval else "",
        "approval_link": approval.link if approval else "",
        "approval_checked_on": _day(approval.checked_on) if approval else "",
        "taken_by": approval.taken_by if approval else "",
        "approval_valid_until": _day(approval.valid_until) if approval else "",
        "place": training.place,
        "trainer": training.trainer,
        "on_premises": signature.on_premises if signature else None,
        "paid_time": signature.paid_time if signature else None,
        "signed_on": _day(signature.signed_on) if signature else "",
        "signed_by": signature.signed_by if signature else "",
    }


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
