"""Noting that a person's record was opened, and telling the person.

A page that shows one person's record calls `note_look` once it knows that it may be shown. Lists of
many people note nothing; packets and their links keep openings of their own.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.core.cache import cache
from django.db import transaction
from django.db.models.query import QuerySet
from django.utils import timezone

from lms.core.ledger import maintaining
from lms.core.time import new_york_today
from lms.people.enums import Role
from lms.people.look_models import ADMINISTRATOR, RecordLook
from lms.people.models import Organization, Person
from lms.people.permissions import has_role, roles_of

KEPT = timedelta(days=3 * 365)


# In which role somebody reads, and for which organization (its id); asked only when it is written.
Acting = Callable[[], tuple[str, int | None]]


def note_look(
    *, person: Person, viewer: Person, acting: Acting, now: datetime | None = None
) -> None:
    """Note that `viewer` opened the record of `person` today; the first time that day writes a row.

    Opening one's own record is nobody's business. Costs no query where the cache remembers.
    """
    mine = {person.pk, person.canonical_person_id}
    if viewer.pk in mine or viewer.canonical_person_id in mine - {None}:
        return
    day = new_york_today(now)
    key = f"look:{person.pk}:{viewer.pk}:{day}"
    if cache.get(key):
        return
    role, organization = acting()
    look = RecordLook(
        person_id=person.pk,
        viewer_id=viewer.pk,
        role=role,
        organization_id=organization,
        day=day,
    )
    RecordLook.objects.bulk_create([look], ignore_conflicts=True)
    cache.set(key, 1, timeout=24 * 60 * 60)


def at_facility(viewer: Person, facility: Organization) -> Acting:
    """As the facility's manager, its company's, or the site's administrator."""

    def acting() -> tuple[str, int | None]:
        if has_role(viewer, Role.MANAGER, facility):
            return Role.MANAGER, facility.pk
        if (Role.COMPANY_MANAGER, facility.parent_id) in roles_of(viewer):
            return Role.COMPANY_MANAGER, facility.parent_id
        return ADMINISTRATOR, None

    return acting


def at_agency(viewer: Person, agency: Organization) -> Acting:
    """As the agency's liaison, or the site's administrator."""
    return lambda: (
        (Role.LIAISON, agency.pk)
        if has_role(viewer, Role.LIAISON, agency)
        else (ADMINISTRATOR, None)
    )


def at_the_desk(viewer: Person) -> Acting:
    """As coordinator for the one office, or for several of which none can be named."""

    def acting() -> tuple[str, int | None]:
        offices = [place for role, place in roles_of(viewer) if role == Role.COORDINATOR]
        if not offices:
            return ADMINISTRATOR, None
        return Role.COORDINATOR, offices[0] if len(offices) == 1 else None

    return acting


def looks_at(person: Person) -> "QuerySet[RecordLook]":
    """Who opened the person's record, the newest day first."""
    return RecordLook.objects.filter(person__in=Person.objects.one_with(person)).select_related(
        "organization"
    )


@transaction.atomic
def forget_looks(now: datetime | None = None) -> int:
    """Remove what is older than KEPT; how many went."""
    day = new_york_today((now or timezone.now()) - KEPT)
    with maintaining("people_recordlook"):
        count, _models = RecordLook.objects.filter(day__lt=day).delete()
    return count
