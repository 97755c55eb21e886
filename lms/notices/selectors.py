"""Who wants which reminder."""

from collections.abc import Iterable

from lms.notices.enums import NoticeKind
from lms.notices.models import Preference
from lms.people.models import Person


def wanted_by(person: Person) -> set[NoticeKind]:
    """The reminders the person wants; all of them until they chose."""
    declined = Preference.objects.filter(person=person.canonical, wanted=False)
    return set(NoticeKind) - {NoticeKind(kind) for kind in declined.values_list("kind", flat=True)}


def declined(kind: NoticeKind, people: Iterable[int]) -> set[int]:
    """Those of `people` (ids, none of them merged into another) who do not want `kind`."""
    rows = Preference.objects.filter(kind=kind, wanted=False, person__in=list(people))
    return set(rows.values_list("person_id", flat=True))
