"""Who in a report is whom, where somebody's eye decides: linked, sharing a screen, nobody."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from events.enums import MatchedBy
from events.models import Registration, Session
from events.report_models import KnownAddress, ReportLink, ReportPerson
from events.services.walk_ins import add_walk_in
from lms.core import audit
from lms.core.exceptions import Refused
from lms.people.models import Person
from lms.people.selectors import person_for_address


@transaction.atomic
def link_person(
    *,
    person: ReportPerson,
    registration: Registration,
    how: MatchedBy = MatchedBy.HAND,
    actor: Person | None,
    now: datetime | None = None,
) -> ReportLink:
    """Say that somebody in a report is the one registered, or (SHARED) that both sat at one screen.

    By hand somebody is one person: another link by hand is taken back. Their address is remembered
    for the sessions to come. Linking again changes nothing. Raises Refused for a seat of another
    session or one that was given back.
    """
    now = now or timezone.now()
    if registration.session_id != person.session_id or not registration.is_live:
        raise Refused(
            _("%(person)s has no seat in this session.") % {"person": registration.person},
            code="not_registered",
        )
    known = ReportLink.objects.filter(person=person, registration=registration).first()
    if known and known.how == how:
        return known
    if how == MatchedBy.HAND:
        for other in person.links.filter(how=MatchedBy.HAND).select_related("registration"):
            _take_back(other, actor=actor, now=now)
    link, _created = ReportLink.objects.update_or_create(
        person=person,
        registration=registration,
        defaults={"how": how, "linked_by": actor, "linked_at": now},
    )
    ReportPerson.objects.filter(pk=person.pk).update(set_aside_at=None, set_aside_by=None)
    if how == MatchedBy.HAND:
        _remember(registration.person.canonical, person.email, actor=actor, now=now)
    audit.record(
        "attendance_report.linked",
        person,
        actor=actor,
        now=now,
        registration=registration.pk,
        how=how,
    )
    return link


@transaction.atomic
def unlink_person(
    *,
    person: ReportPerson,
    registration: Registration,
    actor: Person | None,
    now: datetime | None = None,
) -> None:
    """Take a link back, and forget the address learned with it; without a link nothing changes.

    Attendance already noted stays until reports are applied again.
    """
    link = (
        ReportLink.objects.filter(person=person, registration=registration)
        .select_related("registration")
        .first()
    )
    if link:
        _take_back(link, actor=actor, now=now or timezone.now())


@transaction.atomic
def set_aside_person(
    *, person: ReportPerson, actor: Person | None, now: datetime | None = None
) -> ReportPerson:
    """Say that somebody in a report is no participant: the host, a guest, a device in the room.

    Links by hand are taken back. A second time changes nothing.
    """
    now = now or timezone.now()
    for link in person.links.select_related("registration"):
        _take_back(link, actor=actor, now=now)
    changed = ReportPerson.objects.filter(pk=person.pk, set_aside_at__isnull=True).update(
        set_aside_at=now, set_aside_by=actor
    )
    if changed:
        audit.record("attendance_report.person_set_aside", person, actor=actor, now=now)
    person.refresh_from_db()
    return person


@transaction.atomic
def take_person_back(
    *, person: ReportPerson, actor: Person | None, now: datetime | None = None
) -> ReportPerson:
    """Somebody set aside may be a participant after all; a second time changes nothing."""
    changed = ReportPerson.objects.filter(pk=person.pk, set_aside_at__isnull=False).update(
        set_aside_at=None, set_aside_by=None
    )
    if changed:
        audit.record("attendance_report.person_taken_back", person, actor=actor, now=now)
    person.refresh_from_db()
    return person


@transaction.atomic
def link_walk_in(
    *,
    person: ReportPerson,
    first_name: str,
    last_name: str,
    email: str = "",
    is_person: int | None = None,
    actor: Person | None,
    now: datetime | None = None,
) -> Registration:
    """Give somebody in a report a seat and link them to it; refuses what `add_walk_in` does."""
    session = Session.objects.get(pk=person.session_id)
    registration = add_walk_in(
        session=session,
        first_name=first_name,
        last_name=last_name,
        email=email,
        is_person=is_person,
        actor=actor,
        now=now,
    )
    link_person(person=person, registration=registration, actor=actor, now=now)
    return registration


def _take_back(link: ReportLink, *, actor: Person | None, now: datetime) -> None:
    KnownAddress.objects.filter(
        email=link.person.email,
        person=link.registration.person.canonical,
        ended_at__isnull=True,
    ).update(ended_at=now)
    audit.record(
        "attendance_report.unlinked",
        link.person,
        actor=actor,
        now=now,
        registration=link.registration_id,
        how=link.how,
    )
    link.delete()


def _remember(person: Person, email: str, *, actor: Person | None, now: datetime) -> None:
    """Learn an address, unless it is somebody's own: a borrowed device says nothing lasting."""
    if not email or person_for_address(email) is not None:
        return
    current = KnownAddress.objects.filter(email=email, ended_at__isnull=True)
    if current.filter(person=person).exists():
        return
    current.update(ended_at=now)
    KnownAddress.objects.create(person=person, email=email, learned_by=actor, learned_at=now)
