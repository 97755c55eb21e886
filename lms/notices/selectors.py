"""Who wants which reminder."""

from collections.abc import Iterable

from django.db.models import Q

from lms.notices.enums import NoticeKind
from lms.notices.models import Preference
from lms.people.enums import OrganizationKind, Role
from lms.people.models import Employment, Person, RoleAssignment


def wanted_by(person: Person) -> set[NoticeKind]:
    """The reminders the person wants; all of them until they chose."""
    chosen = _chosen([person.canonical.pk])
    return {kind for kind in NoticeKind if chosen.get((person.canonical.pk, kind), True)}


def offered_to(person: Person) -> list[NoticeKind]:
    """The kinds that can reach the person; of duties only where they have to do with one."""
    rows = Person.objects.one_with(person)
    employed = Employment.objects.filter(
        person__in=rows, organization__kind=OrganizationKind.FACILITY
    )
    answers = RoleAssignment.objects.current().filter(
        person__in=rows, role__in=[Role.MANAGER, Role.COMPANY_MANAGER]
    )
    asked = {NoticeKind.DUTY_DUE: employed, NoticeKind.DUTY_DIGEST: answers}
    return [kind for kind in NoticeKind if kind not in asked or asked[kind].exists()]


def declined(kind: NoticeKind, people: Iterable[int]) -> set[int]:
    """Those of `people` (ids, none of them merged into another) who do not want `kind`."""
    chosen = _chosen(list(people), kind=kind)
    return {person for (person, _kind), wanted in chosen.items() if not wanted}


def _chosen(people: list[int], **only: str) -> dict[tuple[int, str], bool]:
    """What each of `people` chose by kind; one query.

    Where somebody has chosen nothing, what a record merged into theirs chose holds on.
    """
    theirs = Person.objects.filter(canonical_person__in=people).values("pk")
    rows = Preference.objects.filter(Q(person__in=people) | Q(person__in=theirs), **only)
    found: dict[tuple[int, str], bool] = {}
    values = rows.values_list("person_id", "person__canonical_person", "kind", "wanted")
    # The person's own row comes last and so has the last word; of merged ones a no counts.
    for row, canonical, kind, wanted in sorted(values, key=lambda row: row[1] is None):
        key = (canonical or row, kind)
        found[key] = wanted and (canonical is None or found.get(key, True))
    return found
