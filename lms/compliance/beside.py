"""The rules that stand beside GBL 205 at a place: which they are, why, and how its people stand.

One training counts for all of them. So the same rows answer for each, and only what a rule itself
adds is read again: who is exempt from it.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from lms.compliance.known import Known
from lms.compliance.models import Exemption
from lms.compliance.rules import GBL_205, Applicability, Rule, load_rules
from lms.compliance.selectors import (
    EmployeeStanding,
    Summary,
    applicability,
    standings_from,
    summarize,
    urgency,
)
from lms.people.models import Organization


@dataclass(frozen=True)
class RuleHere:
    """A rule that is for a place, or may be (`applies` None), and why."""

    rule: Rule
    applicability: Applicability


@dataclass(frozen=True)
class RuleStandings(RuleHere):
    """The same, with where the employees stand, the most urgent first, and how many of those here.

    A rule of which nobody can say yet whether it is for the place has no lines.
    """

    lines: list[EmployeeStanding]
    summary: Summary


def rules_beside(facility: Organization) -> list[RuleHere]:
    """The laws that ask at `facility` for the training of GBL 205 again, or may; no queries."""
    found = [
        RuleHere(rule, applicability(facility, rule))
        for rule in load_rules().values()
        if rule.in_accordance_with == GBL_205
    ]
    return [one for one in found if one.applicability.applies is not False]


def standings_beside(
    known: Known, facility: Organization, here: Sequence[RuleHere], as_of: date
) -> list[RuleStandings]:
    """Where the employees of `known` stand with each of these rules; a query for each."""
    found = []
    for one in here:
        lines = []
        if one.applicability.applies:
            asked = _under(known, one.rule)
            lines = standings_from(asked, facilities=[facility], rule=one.rule, as_of=as_of)
        counted = summarize([line for line in lines if not line.left_before(as_of)])
        found.append(
            RuleStandings(one.rule, one.applicability, sorted(lines, key=urgency), counted)
        )
    return found


def _under(known: Known, rule: Rule) -> Known:
    """The same rows with the exemptions from `rule`."""
    exemptions: dict[int, list[Exemption]] = defaultdict(list)
    asked = [employment.pk for employment in known.employments]
    for row in Exemption.objects.filter(employment__in=asked, rule=rule.id).order_by("id"):
        exemptions[row.employment_id].append(row)
    return replace(known, exemptions=exemptions)
