"""Which groups of a course's people may be looked at alone.

A group is offered where it has enough people and leaves enough people, or none: what is shown of
everybody, less what is shown of the group, would otherwise tell of the few who are left. The same
goes for the few whom all groups offered leave together.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias, TypeVar

from django.db.models import BigIntegerField, Min, Q, QuerySet
from django.db.models.functions import Coalesce

from courses.models import Enrolment
from lms.core.time import new_york_date
from lms.people.enums import OrganizationKind
from lms.people.models import Employment
from lms.portal.reports.figures import MIN_GROUP, may_tell, person_of
from lms.portal.reports.periods import month_of

People: TypeAlias = set[int]
Key = TypeVar("Key")


@dataclass(frozen=True)
class Groups:
    """Who is in which group, by the key of the group; merged rows are one person."""

    everybody: People
    languages: dict[str, People]
    organizations: dict[int, People]

    def may_combine(self, language: str, organization: int) -> bool:
        """Whether those in both, in one alone and in neither are enough people each, or none."""
        one, other = self.languages[language], self.organizations[organization]
        cells = (one & other, one - other, other - one, self.everybody - one - other)
        return all(may_tell(len(cell)) for cell in cells)


@dataclass(frozen=True)
class Sorted:
    """A course's people by the month in which they first began it, language and workplace.

    `units` are agencies, and companies with all their facilities; `facilities` of each unit.
    """

    began: dict[int, date]
    languages: dict[str, People]
    units: dict[int, People]
    facilities: dict[int, dict[int, People]]

    def groups(self, within: People) -> Groups:
        """The groups to choose among the people `within`: some of the course's."""
        organizations = apart(_within(self.units, within), within)
        for unit in list(organizations):
            parts = _within(self.facilities.get(unit, {}), within)
            organizations |= apart(parts, organizations[unit])
        return Groups(within, apart(_within(self.languages, within), within), organizations)

    def parts(self, language: str, organization: int | None) -> Iterable[tuple[date, Hashable]]:
        """Of each person the month, and on which side of the groups chosen they are."""
        sides = [self.languages.get(language, set())]
        for unit, facilities in self.facilities.items():
            if organization in facilities:
                sides += [self.units[unit], facilities[organization]]
        if organization in self.units:
            sides.append(self.units[organization])
        for person, month in self.began.items():
            yield month, tuple(person in side for side in sides)


def _within(groups: Mapping[Key, People], people: People) -> dict[Key, People]:
    return {key: group & people for key, group in groups.items()}


def apart(groups: Mapping[Key, People], everybody: People) -> dict[Key, People]:
    """The groups that may be looked at alone; the smallest give way where they leave too few."""
    found = {
        key: people
        for key, people in sorted(groups.items(), key=lambda group: len(group[1]))
        if len(people) >= MIN_GROUP and may_tell(len(everybody - people))
    }
    while found and not may_tell(len(everybody.difference(*found.values()))):
        del found[next(iter(found))]
    return found


def first_began(enrolments: QuerySet[Enrolment]) -> "QuerySet[Enrolment, dict[str, Any]]":
    """Each person of the enrolments with the moment they first began: `own`, `first`."""
    return enrolments.order_by().values(own=person_of()).annotate(first=Min("started_at"))


def sort(enrolments: QuerySet[Enrolment]) -> Sorted:
    """The enrolments' people in their groups; three queries.

    Workplaces are where people work now: agencies, companies with all their facilities, and the
    facilities of those companies.
    """
    began = {row["own"]: month_of(new_york_date(row["first"])) for row in first_began(enrolments)}
    languages: defaultdict[str, People] = defaultdict(set)
    spoken = enrolments.order_by().values_list("language", person_of()).distinct()
    for language, person in spoken:
        languages[language].add(person)
    units: defaultdict[int, People] = defaultdict(set)
    facilities: defaultdict[int, dict[int, People]] = defaultdict(lambda: defaultdict(set))
    for unit, organization, person in _employed(enrolments):
        units[unit].add(person)
        if organization != unit:
            facilities[unit][organization].add(person)
    return Sorted(began, languages, units, facilities)


def _employed(enrolments: QuerySet[Enrolment]) -> QuerySet[Employment, tuple[int, int, int]]:
    """The company or agency, the organization itself and the person, of employments of now."""
    return (
        Employment.objects.filter(ended_on__isnull=True)
        .exclude(organization__kind=OrganizationKind.OFFICE)
        .annotate(who=person_of())
        .filter(who__in=enrolments.order_by().values(own=person_of()))
        .annotate(
            unit=Coalesce("organization__parent", "organization", output_field=BigIntegerField())
        )
        .values_list("unit", "organization_id", "who")
        .distinct()
    )


def working_at(organization: int) -> QuerySet[Employment, dict[str, Any]]:
    """Who works there now, in one of its facilities included; for `who__in`."""
    here = Q(organization=organization) | Q(organization__parent=organization)
    rows = Employment.objects.filter(here, ended_on__isnull=True)
    return rows.order_by().values(own=person_of())
