"""Who wants which reminder."""

from collections.abc import Iterable

from django.db.models import Q

from lms.notices.enums import NoticeKind
from lms.notices.models import Preference
from lms.people.models import Person


def wanted_by(person: Person) -> set[NoticeKind]:
    """The reminders the person wants; all of them until they chose."""
    mine = person.canonical.pk
    return {kind for kind in NoticeKind if mine not in declined(kind, [mine])}


def declined(kind: NoticeKind, people: Iterable[int]) -> set[int]:
    """Those of `people` (ids, none of them merged into another) who do not want `kind`.

    Where somebody has chosen nothing, what a record merged into theirs chose holds on.
    """
    ids = list(people)
    rows = Preference.objects.filter(
        Q(person__in=ids) | Q(person__in=Person.objects.filter(canonical_person__in=ids)), kind=kind
    ).values_list("person_id", "person__canonical_person", "wanted")
    chosen: dict[int, bool] = {}
    for row, canonical, wanted in sorted(rows, key=lambda row: row[1] is None):
        # The person's own row comes last and so has the last word.
        chosen[canonical or row] = wanted and (canonical is None or chosen.get(canonical, True))
    return {person for person, wanted in chosen.items() if not wanted}
