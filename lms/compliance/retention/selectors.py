"""What a facility may let go of, and what is held."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Max, Q
from django.db.models.query import QuerySet

from lms.compliance.retention_models import LegalHold
from lms.compliance.rules import Rule, get_rule, load_rules
from lms.compliance.selectors import applicability
from lms.people.models import Employment, Organization, Person


@dataclass(frozen=True)
class Kept:
    """The record of somebody who left: until when which rule asks to keep it, and what holds it."""

    employment: Employment
    rule: Rule
    until: date
    hold: LegalHold | None = None

    @property
    def person(self) -> Person:
        return self.employment.person

    @property
    def free_on(self) -> date:
        """The first day on which the rule no longer asks for it."""
        return self.until + timedelta(days=1)


def keeping_rules(facility: Organization) -> list[Rule]:
    """The laws that are, or may be, for the facility; never none, so that nothing goes too soon."""
    found = [
        rule
        for rule in load_rules().values()
        if rule.is_law and applicability(facility, rule).applies is not False
    ]
    return found or [get_rule()]


def kept_records(
    facility: Organization, today: date, only: Sequence[int] | None = None
) -> list[Kept]:
    """The records of who left that the facility still has, those first that may go first.

    Where several laws ask, the one that asks longest is named. Two queries, one with holds.
    """
    rows = Employment.objects.filter(
        organization=facility, ended_on__lt=today, released_at__isnull=True
    )
    if only is not None:
        rows = rows.filter(pk__in=only)
    rows = rows.select_related("person__canonical_person").annotate(
        trained_on=Max("person__completions__occurred_on")
    )
    rules = keeping_rules(facility)
    found = list(rows.order_by("ended_on", "person__sort_name", "pk"))
    holds = _holds_on(facility, found, today)
    kept = [_kept(row, rules, holds.get(row.pk)) for row in found]
    return sorted(kept, key=lambda record: (record.until, record.person.sort_name))


def _kept(employment: Employment, rules: list[Rule], hold: LegalHold | None) -> Kept:
    ended_on, trained_on = employment.ended_on, getattr(employment, "trained_on", None)
    assert ended_on is not None  # noqa: S101 - asked for by the query
    until, rule = max(
        ((rule.kept_until(ended_on, trained_on), rule) for rule in rules),
        # Of two that ask as long, the one that the other only follows.
        key=lambda pair: (pair[0], not pair[1].in_accordance_with, pair[1].id),
    )
    return Kept(employment, rule, until, hold)


def active_holds(today: date) -> "QuerySet[LegalHold]":
    """Holds in force on a day."""
    return LegalHold.objects.filter(end__isnull=True, since__lte=today)


def held_places(today: date) -> "QuerySet[Organization]":
    """Facilities of which something is held: the place, or somebody who works or worked there."""
    holds = active_holds(today)
    people = Person.objects.filter(
        Q(pk__in=holds.values("person")) | Q(canonical_person__in=holds.values("person"))
    )
    named = Organization.objects.filter(
        Q(pk__in=holds.values("facility"))
        | Q(pk__in=holds.values("employment__organization"))
        | Q(pk__in=Employment.objects.filter(person__in=people).values("organization"))
    )
    return Organization.objects.filter(
        Q(pk__in=named)
        | Q(pk__in=named.values("canonical_organization"))
        | Q(canonical_organization__in=named)
    )


def _holds_on(
    facility: Organization, employments: Sequence[Employment], today: date
) -> dict[int, LegalHold]:
    """By employment the hold on it, on its person or on the whole place; one query."""
    people = {row.person.canonical.pk for row in employments}
    found = active_holds(today).filter(
        Q(facility__in=Organization.objects.one_place(facility))
        | Q(employment__in=[row.pk for row in employments])
        | Q(person__in=people)
        | Q(person__canonical_person__in=people)
    )
    held: dict[int, LegalHold] = {}
    for hold in found.select_related("person"):
        for row in employments:
            if (
                hold.facility_id
                or hold.employment_id == row.pk
                or (hold.person and hold.person.canonical == row.person.canonical)
            ):
                held[row.pk] = hold
    return held


def holds_of(facility: Organization) -> "QuerySet[LegalHold]":
    """The holds that the facility's managers placed, ended ones too, the newest first."""
    return LegalHold.objects.filter(
        Q(facility__in=Organization.objects.one_place(facility))
        | Q(employment__organization=facility, employment__released_at=None)
    ).select_related("employment__person", "placed_by", "end__ended_by")


def holds_on_person(person: Person) -> "QuerySet[LegalHold]":
    """The holds that offices placed on a person, the newest first."""
    return LegalHold.objects.filter(person__in=Person.objects.one_with(person)).select_related(
        "placed_by", "end__ended_by"
    )
