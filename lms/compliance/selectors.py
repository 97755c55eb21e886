"""Questions over facilities and their people. Each asks a constant number of queries."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum, auto
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lms.completions.models import Completion
from lms.compliance.enums import StandingState
from lms.compliance.known import Known
from lms.compliance.models import FacilityProfile
from lms.compliance.rules import Applicability, Rule
from lms.compliance.standing import Standing, standing
from lms.core.prepared import Prepared, any_given, given
from lms.core.time import end_of, short_date
from lms.people.correction_models import EmploymentCorrection
from lms.people.enums import Corrected, OrganizationKind, Post, Role
from lms.people.models import Employment, EmploymentPeriod, Organization, Person
from lms.people.querysets import EmploymentQuerySet, OrganizationQuerySet


class Scope(Enum):
    """Which employments are asked for, as of a day."""

    CURRENT = auto()  # works here, or is hired for a later day
    LEFT = auto()  # left, and the record must still be kept
    ALL = auto()  # both
    RECORD = auto()  # worked here on the day or before it, and the record must be kept


# What a manager must look at first comes first.
_URGENCY = {
    state: place
    for place, state in enumerate(
        [
            StandingState.OVERDUE,
            StandingState.DUE_SOON,
            StandingState.RENEW_SOON,
            StandingState.TRAINED_NOT_PROVEN,
            StandingState.LEFT_NOT_TRAINED,
            StandingState.DUE,
            StandingState.NOT_DUE,
            StandingState.MET_LATE,
            StandingState.MET_ON_TIME,
            StandingState.EXEMPT,
            StandingState.NOT_COVERED,
            StandingState.LEFT_BEFORE_DUE,
        ]
    )
}


@dataclass(frozen=True)
class EmployeeStanding:
    """One line of a facility's table: who, in which post, and where they stand."""

    employment: Employment
    period: EmploymentPeriod | None
    standing: Standing

    @property
    def person(self) -> Person:
        return self.employment.person

    @property
    def post(self) -> str:
        """The post in words; `get_post_display` would name every post there is, each time."""
        return str(Post(self.period.post).label) if self.period else ""

    def left_before(self, day: date) -> bool:
        """Whether the last day of work lies before `day`."""
        return self.employment.ended_on is not None and self.employment.ended_on < day


@dataclass(frozen=True)
class Summary:
    """How many stand where, and the sentence that says so."""

    states: Counter[StandingState]
    soon_by: date | None
    later_from: date | None
    renew_by: date | None = None

    def _count(self, states: frozenset[StandingState]) -> int:
        return sum(self.states[state] for state in states)

    @property
    def covered(self) -> int:
        """Employees the rule is for, without those who have not begun yet."""
        return self._count(StandingState.covered())

    @property
    def trained(self) -> int:
        """Took a training with every topic, proven or not."""
        return self._count(StandingState.trained())

    @property
    def met(self) -> int:
        """Everything the rule asks for is shown."""
        return self._count(StandingState.met())

    @property
    def not_proven(self) -> int:
        return self.states[StandingState.TRAINED_NOT_PROVEN]

    @property
    def due_soon(self) -> int:
        return self.states[StandingState.DUE_SOON]

    @property
    def renew_soon(self) -> int:
        return self.states[StandingState.RENEW_SOON]

    @property
    def due_later(self) -> int:
        return self.states[StandingState.DUE]

    @property
    def overdue(self) -> int:
        return self.states[StandingState.OVERDUE]

    @property
    def needing_action(self) -> int:
        return self._count(StandingState.needing_action())

    @property
    def sentence(self) -> str:
        """What the manager came for: "41 of 44 trained. 2 due by Dec. 9, 2026. 1 overdue."."""
        if not self.covered:
            return _("Nobody who works here needs this training today.")
        parts = [
            _("%(trained)s of %(covered)s trained.")
            % {"trained": self.trained, "covered": self.covered}
        ]
        if self.not_proven:
            parts.append(
                ngettext(
                    "%(count)s of them is not yet proven.",
                    "%(count)s of them are not yet proven.",
                    self.not_proven,
                )
                % {"count": self.not_proven}
            )
        if self.renew_soon and self.renew_by:
            parts.append(
                _("%(count)s to renew by %(day)s.")
                % {"count": self.renew_soon, "day": short_date(self.renew_by)}
            )
        if self.due_soon and self.soon_by:
            parts.append(
                _("%(count)s due by %(day)s.")
                % {"count": self.due_soon, "day": short_date(self.soon_by)}
            )
        if self.due_later and self.later_from:
            parts.append(
                _("%(count)s due later, the first by %(day)s.")
                % {"count": self.due_later, "day": short_date(self.later_from)}
            )
        if self.overdue:
            parts.append(_("%(count)s overdue.") % {"count": self.overdue})
        return " ".join(parts)


@dataclass(frozen=True)
class FacilitySummary:
    """One line of a company's table."""

    facility: Organization
    summary: Summary


def facilities_for(person: Person) -> OrganizationQuerySet:
    """The facilities whose records `person` may read: their own, and those of their company."""
    facilities = Organization.objects.facilities().select_related("facility_profile", "parent")
    if person.is_superuser:
        return facilities
    return facilities.with_role(person, Role.MANAGER, Role.COMPANY_MANAGER)


def facilities_for_employment(employment: Employment) -> OrganizationQuerySet:
    """The facility of an employment, as `standings_from` wants it, for the employee themselves."""
    facilities = Organization.objects.facilities().select_related("facility_profile")
    return facilities.filter(pk=employment.organization_id)


# Of one facility, as `facilities_for` has it for everybody but the administrator.
_facility = Prepared(
    lambda: (
        Organization.objects.facilities()
        .filter(key=given("key"))
        .select_related("facility_profile", "parent")
        .with_role(given("person"), Role.MANAGER, Role.COMPANY_MANAGER)
    )
)


def facility_for(person: Person, key: str) -> Organization | None:
    """The facility with this key, if `person` may read its records."""
    if person.is_superuser:
        found = facilities_for(person).filter(key=key).first()
    else:
        found = _facility.first(person=person.pk, key=key)
    return found or _by_old_key(person, key)


def _by_old_key(person: Person, key: str) -> Organization | None:
    """The facility that one with this key turned out to be; asked only where nothing was found."""
    alias = Organization.objects.filter(key=key, canonical_organization__isnull=False).first()
    return facilities_for(person).filter(aliases=alias).first() if alias else None


def companies_for(person: Person) -> OrganizationQuerySet:
    """The companies for all of whose facilities `person` answers."""
    companies = Organization.objects.filter(kind=OrganizationKind.COMPANY)
    if person.is_superuser:
        return companies
    return companies.with_role(person, Role.COMPANY_MANAGER)


def applicability(facility: Organization, rule: Rule) -> Applicability:
    """Whether `rule` is for `facility`; what nobody has said yet counts as unknown."""
    profile: FacilityProfile | None = getattr(facility, "facility_profile", None)
    return (profile or FacilityProfile()).applies(rule, facility)


def employments_in(
    facilities: Sequence[Organization], rule: Rule, as_of: date, scope: Scope
) -> EmploymentQuerySet:
    """The employments of these facilities in `scope`, with their people."""
    found = Employment.objects.kept().filter(organization__in=facilities).select_related("person")
    still_here = Q(ended_on__isnull=True) | Q(ended_on__gte=as_of)
    kept = Q(ended_on__lt=as_of, ended_on__gte=rule.kept_since(as_of))
    if scope is Scope.CURRENT:
        return found.filter(still_here)
    if scope is Scope.LEFT:
        return found.filter(kept)
    if scope is Scope.ALL:
        return found.filter(still_here | kept)
    begun = Q(started_on__lte=as_of) | Q(pk__in=_begun_as_known(facilities, as_of))
    return found.filter(begun, still_here | kept)


def _begun_as_known(facilities: Sequence[Organization], as_of: date) -> QuerySet[Any]:
    """Whose hire date, on that day, was one on or before it, and was corrected to one after it."""
    return EmploymentCorrection.objects.filter(
        kind=Corrected.HIRED,
        employment__organization__in=facilities,
        employment__started_on__gt=as_of,
        corrected_at__gte=end_of(as_of),
        was__started_on__lte=as_of.isoformat(),
    ).values("employment")


_employed = Prepared(
    lambda: Employment.objects.filter(
        Q(ended_on__isnull=True) | Q(ended_on__gte=given("day")), organization=any_given("places")
    ).select_related("person")
)


def standings(
    *,
    facilities: Sequence[Organization],
    rule: Rule,
    as_of: date,
    scope: Scope = Scope.CURRENT,
    employments: EmploymentQuerySet | None = None,
) -> list[EmployeeStanding]:
    """Where each employee stands on `as_of`, the most urgent first; six queries however many.

    `facilities` come from `facilities_for` (their profiles with them). `employments` narrows to
    some of their employments. `as_of` is a New York calendar day.
    """
    known = known_about(
        facilities=facilities, rule=rule, as_of=as_of, scope=scope, employments=employments
    )
    lines = standings_from(known, facilities=facilities, rule=rule, as_of=as_of)
    return sorted(lines, key=urgency)


def known_about(
    *,
    facilities: Sequence[Organization],
    rule: Rule,
    as_of: date,
    scope: Scope = Scope.CURRENT,
    employments: EmploymentQuerySet | None = None,
) -> Known:
    """The rows that `standings` judges, for whoever judges them by several rules."""
    if employments is not None:
        rows = list(employments)
    elif scope is Scope.CURRENT:
        rows = _employed(places=[facility.pk for facility in facilities], day=as_of)
    else:
        rows = list(employments_in(facilities, rule, as_of, scope))
    return Known.load(rows, rule)


def standings_from(
    known: Known,
    *,
    facilities: Sequence[Organization],
    rule: Rule,
    as_of: date,
    known_by: datetime | None = None,
) -> list[EmployeeStanding]:
    """What follows from what is known, or from what was known by a moment; no queries."""
    applies = {facility.pk: applicability(facility, rule) for facility in facilities}
    return [
        EmployeeStanding(
            employment=known.as_known(employment, known_by),
            period=known.period_on(employment, as_of, known_by),
            standing=standing(
                rule, known.facts(employment, applies[employment.organization_id], known_by), as_of
            ),
        )
        for employment in known.employments
        if known_by is None or employment.recorded_at <= known_by
    ]


def urgency(line: EmployeeStanding) -> tuple[int, date, str]:
    """Sorts lines: what a manager must look at first comes first."""
    due_on = line.standing.due_on or date.max
    return _URGENCY[line.standing.state], due_on, line.person.sort_name


def summarize(lines: Sequence[EmployeeStanding]) -> Summary:
    """The counts of these lines."""

    def days(state: StandingState) -> list[date]:
        found = [line.standing for line in lines]
        return [one.due_on for one in found if one.state == state and one.due_on]

    return Summary(
        states=Counter(line.standing.state for line in lines),
        soon_by=max(days(StandingState.DUE_SOON), default=None),
        later_from=min(days(StandingState.DUE), default=None),
        renew_by=max(days(StandingState.RENEW_SOON), default=None),
    )


def trainings_to_sign(lines: Sequence[EmployeeStanding]) -> list[tuple[EmployeeStanding, str]]:
    """What waits for the facility's signature: who, and the completion's id."""
    return [(line, completion_id) for line in lines for completion_id in line.standing.to_sign]


def signable(
    facility: Organization, rule: Rule, pairs: Sequence[tuple[int, UUID]]
) -> list[tuple[Employment, Completion]]:
    """The trainings, of those named, that `facility` may sign for: of its people, on the topics,
    not from before they began to work there.

    Pairs it may not sign for are left out, so compare lengths. Two queries.
    """
    employments = (
        Employment.objects.kept()
        .filter(organization=facility, pk__in={pk for pk, _completion in pairs})
        .select_related("person__canonical_person")
    )
    by_pk = {employment.pk: employment for employment in employments}
    completions = Completion.objects.filter(
        pk__in={completion for _pk, completion in pairs},
        topics__has_any_keys=sorted(rule.topic_codes),
    ).select_related("person__canonical_person", "training", "revocation")
    by_id = {completion.pk: completion for completion in completions}
    return [
        (by_pk[pk], by_id[completion])
        for pk, completion in dict.fromkeys(pairs)
        if pk in by_pk
        and completion in by_id
        and by_id[completion].person.canonical == by_pk[pk].person.canonical
        and by_id[completion].occurred_on >= by_pk[pk].started_on
    ]


def facility_summaries(
    facilities: Sequence[Organization], rule: Rule, as_of: date
) -> list[FacilitySummary]:
    """The counts of each of these facilities, in their order; six queries however many."""
    by_facility: dict[int, list[EmployeeStanding]] = defaultdict(list)
    for line in standings(facilities=facilities, rule=rule, as_of=as_of):
        by_facility[line.employment.organization_id].append(line)
    return [
        FacilitySummary(facility, summarize(by_facility[facility.pk])) for facility in facilities
    ]


def total_of(rows: Sequence[FacilitySummary]) -> Summary:
    """All of these facilities' employees as one count."""
    summaries = [row.summary for row in rows]
    return Summary(
        states=sum((summary.states for summary in summaries), Counter()),
        soon_by=max((one.soon_by for one in summaries if one.soon_by), default=None),
        later_from=min((one.later_from for one in summaries if one.later_from), default=None),
    )


def company_summary(company: Organization, rule: Rule, as_of: date) -> list[FacilitySummary]:
    """Each facility of a company with its counts, the worst first; seven queries however many."""
    facilities = list(
        Organization.objects.facilities().filter(parent=company).select_related("facility_profile")
    )
    return sorted(
        facility_summaries(facilities, rule, as_of),
        key=lambda line: (
            -line.summary.overdue,
            -line.summary.due_soon,
            -line.summary.not_proven,
            line.facility.search_name,
        ),
    )
