"""Sources that nobody has looked at for a year, as the desk's first page shows them."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lms.compliance.duties.sources import due_for_a_look, keeps_sources
from lms.core.time import new_york_date
from lms.people.models import Person
from lms.portal.desk.hand import Hand


def source_hands(person: Person, now: datetime) -> list[Hand]:
    """What waits, for the coordinators of the state's office and the administrator."""
    if not keeps_sources(person):
        return []
    due = due_for_a_look(new_york_date(now))
    if not due:
        return []
    return [
        Hand(
            title=ngettext(
                "%(count)d source to look at again", "%(count)d sources to look at again", len(due)
            )
            % {"count": len(due)},
            text=_("A law may have changed: %(names)s.")
            % {"names": ", ".join(one.name for one in due[:3])},
            url=reverse("desk_sources:list"),
            label=_("Look at them"),
        )
    ]
