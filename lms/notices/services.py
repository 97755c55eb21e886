"""Choosing what one is reminded of."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from lms.core import audit
from lms.notices.enums import NoticeKind
from lms.notices.models import Preference
from lms.notices.selectors import wanted_by
from lms.people.models import Person


@transaction.atomic
def choose_reminders(
    *,
    person: Person,
    wanted: Collection[str],
    actor: Person | None,
    now: datetime | None = None,
) -> set[NoticeKind]:
    """Keep which reminders `person` wants; the same choice again changes nothing.

    Counts from the next reminder on. Returns what is wanted now.
    """
    now = now or timezone.now()
    person = person.canonical
    chosen = {kind for kind in NoticeKind if kind in wanted}
    if chosen == wanted_by(person):
        return chosen
    for kind in NoticeKind:
        Preference.objects.update_or_create(
            person=person, kind=kind, defaults={"wanted": kind in chosen, "updated_at": now}
        )
    audit.record("reminders.chosen", person, actor=actor, now=now, wanted=sorted(chosen))
    return chosen
