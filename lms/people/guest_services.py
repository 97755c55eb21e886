"""Changes to guests' rows; what they did is the rooms' own business. Each is one transaction."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from lms.core import audit
from lms.core.time import new_york_date
from lms.people.models import Person

# Days without activity after which a guest's work is removed, the day of the last one included.
KEPT_DAYS = 30


@transaction.atomic
def make_guest(*, language: str, now: datetime | None = None) -> Person:
    """A new guest: no name, no address, no way to sign in."""
    now = now or timezone.now()
    guest = Person.objects.create_user(
        None,
        preferred_language=language,
        guest_since=now,
        guest_seen_on=new_york_date(now),
        date_joined=now,
    )
    audit.record("guest.made", guest, actor=None, now=now)
    return guest


def note_seen(*, guest: Person, day: date) -> None:
    """The guest did something on this New York day, so is kept on from it; no audit row."""
    Person.objects.guests().filter(pk=guest.pk).update(guest_seen_on=day)
    guest.guest_seen_on = day


@transaction.atomic
def remove_guest(*, guest: Person, reason: str, now: datetime | None = None) -> None:
    """Delete the guest's row; the rooms have moved or removed what was done before.

    `reason` is "claimed", "started_over" or "not_claimed". Removing twice is once.
    """
    deleted, _rows = Person.objects.guests().filter(pk=guest.pk).delete()
    if deleted:
        audit.record("guest.removed", guest, actor=None, now=now, reason=reason)
