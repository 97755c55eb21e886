"""Letting records go when the law's time is over, and holding them. Each is one transaction."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.compliance.retention.selectors import kept_records
from lms.compliance.retention_models import HoldEnd, LegalHold, RecordRelease
from lms.core import audit
from lms.core.exceptions import Refused
from lms.core.locking import lock
from lms.core.time import long_date, new_york_today
from lms.people.device_models import WorkerPin
from lms.people.models import Employment, Organization, Person


@transaction.atomic
def release_records(
    *,
    facility: Organization,
    employments: Sequence[int],
    actor: Person,
    now: datetime | None = None,
) -> list[RecordRelease]:
    """The facility lets go of the records of people who left: all of those named, or none.

    From then on none of its pages, records and packets shows them; the sign-in on shared devices
    goes. The person's own record stays as it is. Records that went before are passed over. Raises
    Refused for one that is held ("held"), that the law still asks for ("too_early"), or that is not
    the facility's ("not_here").
    """
    now = now or timezone.now()
    today = new_york_today(now)
    # Whoever places a hold locks the place, too: neither comes between the other's look and write.
    facility = lock(facility)
    gone = set(
        Employment.objects.filter(
            organization=facility, pk__in=employments, released_at__isnull=False
        ).values_list("pk", flat=True)
    )
    wanted = {pk for pk in employments if pk not in gone}
    records = {row.employment.pk: row for row in kept_records(facility, today, list(wanted))}
    if wanted - records.keys():
        raise Refused(_("One of these people does not belong to this place."), code="not_here")
    for record in records.values():
        if record.hold:
            raise Refused(
                _("The record of %(name)s is under a legal hold. Nothing was removed.")
                % {"name": record.person},
                code="held",
            )
        if record.until >= today:
            raise Refused(
                _("%(law)s asks to keep the record of %(name)s until %(day)s.")
                % {
                    "law": record.rule.short_title,
                    "name": record.person,
                    "day": long_date(record.until),
                },
                code="too_early",
            )
    releases = RecordRelease.objects.bulk_create(
        RecordRelease(
            employment=record.employment,
            rule=record.rule.id,
            kept_until=record.until,
            released_by=actor,
            released_at=now,
        )
        for record in records.values()
    )
    Employment.objects.filter(pk__in=records).update(released_at=now)
    WorkerPin.objects.filter(employment__in=records).delete()
    for release in releases:
        audit.record("record.released", release.employment, actor=actor, now=now, rule=release.rule)
    return releases


@transaction.atomic
def place_hold(
    *,
    reason: str,
    since: date,
    actor: Person,
    facility: Organization | None = None,
    employment: Employment | None = None,
    person: Person | None = None,
    now: datetime | None = None,
) -> LegalHold:
    """Keep the records of one of the three from `since` on, until somebody ends it.

    The same hold again returns the one there is. Raises Refused without a reason.
    """
    if not reason.strip():
        raise Refused(_("Say why these records must be kept."), code="reason_missing")
    for place in _places(facility, employment, person):
        lock(place)
    person = person.canonical if person else None
    same = LegalHold.objects.filter(
        facility=facility,
        employment=employment,
        person=person,
        reason=reason.strip(),
        since=since,
        end__isnull=True,
    ).first()
    if same:
        return same
    hold = LegalHold.objects.create(
        facility=facility,
        employment=employment,
        person=person,
        reason=reason.strip(),
        since=since,
        placed_by=actor,
        placed_at=now or timezone.now(),
    )
    audit.record("hold.placed", hold, actor=actor, now=now)
    return hold


def _places(
    facility: Organization | None, employment: Employment | None, person: Person | None
) -> Iterable[Organization]:
    """Where records could go meanwhile, in one order for everybody who locks them."""
    if facility:
        return [facility]
    if employment:
        return [employment.organization]
    return (
        Organization.objects.filter(
            employments__person__in=Person.objects.one_with(person) if person else []
        )
        .distinct()
        .order_by("pk")
    )


@transaction.atomic
def end_hold(
    *, hold: LegalHold, reason: str, actor: Person, now: datetime | None = None
) -> HoldEnd:
    """The records need no longer be held; a second time changes nothing.

    Raises Refused without a reason.
    """
    if not reason.strip():
        raise Refused(_("Say why the hold ends."), code="reason_missing")
    end, created = HoldEnd.objects.get_or_create(
        hold=hold,
        defaults={
            "reason": reason.strip(),
            "ended_by": actor,
            "ended_at": now or timezone.now(),
        },
    )
    if created:
        audit.record("hold.ended", hold, actor=actor, now=now)
    return end
