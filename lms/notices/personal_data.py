"""What this room keeps about a person (see lms.core.personal_data)."""

from typing import Any

from lms.core.personal_data import Holding, register
from lms.notices.models import Preference
from lms.people.models import Person


def announce() -> None:
    """Tell the registry; called when the room is ready."""
    register(Holding("notices.preferences", export=_preferences, erase=_erase))


def _preferences(person: Person) -> list[dict[str, Any]]:
    rows = Preference.objects.filter(person__in=Person.objects.one_with(person)).order_by("pk")
    return [{"reminder": row.kind, "wanted": row.wanted} for row in rows]


def _erase(person: Person) -> int:
    return Preference.objects.filter(person=person).delete()[0]
