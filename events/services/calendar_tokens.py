"""The secret address of somebody's calendar feed."""

import secrets
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from events.calendar_models import CalendarToken
from lms.core import audit
from lms.people.models import Person


@transaction.atomic
def calendar_token(
    *, person: Person, actor: Person | None, now: datetime | None = None
) -> CalendarToken:
    """The token in force for `person`, made when it is first asked for."""
    person = person.canonical
    token = CalendarToken.objects.filter(person=person, revoked_at__isnull=True).first()
    if token:
        return token
    try:
        with transaction.atomic():
            token = CalendarToken.objects.create(
                person=person, token=secrets.token_urlsafe(32), created_at=now or timezone.now()
            )
    except IntegrityError:  # another tab was faster
        return CalendarToken.objects.get(person=person, revoked_at__isnull=True)
    audit.record("calendar.address_made", token, actor=actor, now=now)
    return token


@transaction.atomic
def renew_calendar_token(
    *, person: Person, actor: Person | None, now: datetime | None = None
) -> CalendarToken:
    """A new address; calendars that follow the old one stop being fed."""
    now = now or timezone.now()
    person = person.canonical
    # One of a record merged into this one shows the same calendar.
    mine = CalendarToken.objects.filter(person__in=Person.objects.one_with(person))
    mine.filter(revoked_at__isnull=True).update(revoked_at=now)
    return calendar_token(person=person, actor=actor, now=now)
