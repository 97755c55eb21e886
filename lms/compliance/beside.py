"""The rules that stand beside GBL 205 at a place: which they are, why, and how its people stand.

One training counts for all of them, so the same rows answer for each.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from lms.compliance.known import Known
from lms.compliance.rules import GBL_205, Applicability, Rule, get_rule, load_rules
from lms.compliance.selectors import (
    EmployeeStanding,
    Summary,
    applicability,
    standings_from,
    summarize,
    urgency,
)
from lms.core.time import short_date
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

    @property
    def house_sentence(self) -> str:
        """The counts of a house rule, which asks only those who were trained before."""
        found = self.summary
        if not found.covered:
            return _("Nobody is to take the training again yet.")
        parts = [
            _("%(met)s of %(asked)s took it recently enough.")
            % {"met": found.met, "asked": found.covered}
        ]
        if found.renew_soon and found.renew_by:
            parts.append(
                _("%(count)s to renew by %(day)s.")
                % {"count": found.renew_soon, "day": short_date(found.renew_by)}
            )
        if found.overdue:
            parts.append(_("%(count)s past that day.") % {"count": found.overdue})
        return " ".join(parts)


def rules_beside(facility: Organization) -> list[RuleHere]:
    """The laws that ask at `facility` for the training of GBL 205 again, or may; no queries."""
    found = [
        RuleHere(rule, applicability(facility, rule))
        for rule in load_rules().values()
        if rule.in_accordance_with == GBL_205
    ]
    return [one for one in found if one.applicability.applies is not False]


def laws_for_described(
    *,
    rooms: int | None,
    owner_lives_there: bool | None,
    is_dwelling: bool | None,
    state: str,
    county: str,
) -> list[RuleHere]:
    """GBL 205 first, then the laws beside it that are or may be for a place so described."""
    first = get_rule()
    others = [rule for rule in load_rules().values() if rule.in_accordance_with == GBL_205]
    found = [
        RuleHere(
            rule,
            rule.applies_to(
                rooms=rooms,
                owner_lives_there=owner_lives_there,
                is_dwelling=is_dwelling,
                state=state,
                county=county,
            ),
        )
        for rule in [first, *others]
    ]
    return [one for one in found if one.rule is first or one.applicability.applies is not False]


def standings_beside(
    known: Known, facility: Organization, here: Sequence[RuleHere], as_of: date
) -> list[RuleStandings]:
    """Where the employees of `known` stand with each of these rules; no queries.

    Who is exempt from the rule of `known` is exempt from a house rule, too.
    """
    found = []
    for one in here:
        lines = []
        if one.applicability.applies:
            asked = known.under(one.rule) if one.rule.is_law else known
            lines = standings_from(asked, facilities=[facility], rule=one.rule, as_of=as_of)
        counted = summarize([line for line in lines if not line.left_before(as_of)])
        found.append(
            RuleStandings(one.rule, one.applicability, sorted(lines, key=urgency), counted)
        )
    return found
