"""Which groups of a course's people may be looked at alone.

A group is offered where it has enough people and leaves enough people, or none: what is shown of
everybody, less what is shown of the group, would otherwise tell of the few who are left. The same
goes for the few whom all groups offered leave together.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

from django.db.models import BigIntegerField, Q, QuerySet
from django.db.models.functions import Coalesce

from courses.models import Enrolment
from lms.people.enums import OrganizationKind
from lms.people.models import Employment
from lms.portal.reports.figures import MIN_GROUP, may_tell, person_of

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


def people_of(enrolments: QuerySet[Enrolment]) -> People:
    """Whose enrolments these are; one query."""
    return set(enrolments.order_by().values_list(person_of(), flat=True).distinct())


def groups_of(enrolments: QuerySet[Enrolment]) -> Groups:
    """The groups to choose among the enrolments' people; two queries.

    Organizations are where people work now: agencies, companies with all their facilities, and
    the facilities of those companies that are to choose themselves.
    """
    languages: defaultdict[str, People] = defaultdict(set)
    spoken = enrolments.order_by().values_list("language", person_of()).distinct()
    for language, person in spoken:
        languages[language].add(person)
    everybody: People = set().union(*languages.values())
    units: defaultdict[int, People] = defaultdict(set)
    facilities: defaultdict[int, defaultdict[int, People]] = defaultdict(lambda: defaultdict(set))
    for unit, organization, person in _employed(enrolments):
        units[unit].add(person)
        if organization != unit:
            facilities[unit][organization].add(person)
    organizations = apart(units, everybody)
    for unit in list(organizations):
        organizations |= apart(facilities[unit], units[unit])
    return Groups(everybody, apart(languages, everybody), organizations)


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
