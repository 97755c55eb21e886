"""More time for a person: arranged by an office, frozen into an attempt when it starts."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.enums import ExtraTimeReason
from courses.models import Accommodation, Enrolment
from lms.core import audit
from lms.core.exceptions import Refused
from lms.core.time import new_york_date
from lms.people.models import Organization, Person
from lms.people.permissions import is_coordinator_for


def extra_minutes(enrolment: Enrolment, time_limit: int | None, now: datetime) -> int:
    """How many minutes more the person has at `now`, rounded up; the largest share counts."""
    if not time_limit:
        return 0
    found = Accommodation.objects.on(new_york_date(now)).filter(
        person__in=Person.objects.one_with(enrolment.person), office=enrolment.training.owner_id
    )
    percent = found.aggregate(most=Max("extra_percent"))["most"] or 0
    return -(-time_limit * percent // 100)


@transaction.atomic
def grant_extra_time(
    *,
    person: Person,
    office: Organization,
    extra_percent: int,
    reason: ExtraTimeReason,
    valid_from: date,
    valid_until: date | None = None,
    actor: Person,
    now: datetime | None = None,
) -> Accommodation:
    """Give the person more time at the tests of the office's courses; the same again is once.

    Running tests keep their time. Raises Refused for who does not coordinate the office, and for
    days in the wrong order.
    """
    now = now or timezone.now()
    if not is_coordinator_for(actor, office):
        raise Refused(_("Only this office's coordinators arrange this."), code="not_yours")
    if valid_until and valid_until < valid_from:
        raise Refused(_("The last day is before the first."), code="days")
    arranged, created = Accommodation.objects.get_or_create(
        person=person.canonical,
        office=office,
        extra_percent=extra_percent,
        reason=reason,
        valid_from=valid_from,
        valid_until=valid_until,
        withdrawn_at=None,
        defaults={"recorded_by": actor, "recorded_at": now},
    )
    if created:
        audit.record("accommodation.granted", arranged, actor=actor, now=now)
    return arranged


@transaction.atomic
def withdraw_extra_time(
    *, accommodation: Accommodation, actor: Person, now: datetime | None = None
) -> Accommodation:
    """End the arrangement from now on; tests that run keep their time. Twice is once."""
    now = now or timezone.now()
    if not is_coordinator_for(actor, accommodation.office):
        raise Refused(_("Only this office's coordinators arrange this."), code="not_yours")
    open_rows = Accommodation.objects.standing().filter(pk=accommodation.pk)
    if open_rows.update(withdrawn_at=now):
        audit.record("accommodation.withdrawn", accommodation, actor=actor, now=now)
    accommodation.refresh_from_db(fields=["withdrawn_at"])
    return accommodation
