"""The license a city gives a hotel: kept with its last day, so that it is renewed in time."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lms.compliance.duty_models import FacilityLicense
from lms.core import audit
from lms.core.exceptions import Refused
from lms.core.locking import lock
from lms.core.prepared import Prepared, given
from lms.core.time import short_date, years_on
from lms.people.enums import OrganizationKind
from lms.people.models import Organization, Person

# When a facility's page begins to speak of it.
SOON_DAYS = 90
# A license is for two years (Administrative Code 20-565.1); a day further off is a slip of the pen.
YEARS = 2
_newest = Prepared(
    lambda: FacilityLicense.objects.filter(
        Q(facility=given("facility")) | Q(facility__canonical_organization=given("facility"))
    )[:1]
)


def license_of(facility: Organization) -> FacilityLicense | None:
    """The facility's license as it was recorded last; one query."""
    return _newest.first(facility=facility.pk)


def ending_words(held: FacilityLicense | None, today: date) -> str:
    """What a facility's page says of a license that ends within 90 days, or ended; else nothing."""
    if held is None or (held.ends_on - today).days > SOON_DAYS:
        return ""
    left = (held.ends_on - today).days
    words = {"day": short_date(held.ends_on), "left": left}
    if left < 0:
        return _("By your record the city’s hotel license ended on %(day)s.") % words
    if not left:
        return _("By your record the city’s hotel license ends today.")
    return (
        ngettext(
            "The city’s hotel license ends on %(day)s, in %(left)s day.",
            "The city’s hotel license ends on %(day)s, in %(left)s days.",
            left,
        )
        % words
    )


@transaction.atomic
def record_license(
    *,
    facility: Organization,
    number: str,
    ends_on: date,
    actor: Person | None,
    now: datetime | None = None,
) -> FacilityLicense:
    """Keep the license's number and last day (New York days); the same again changes nothing.

    Raises Refused for an organization that is no facility, without a number, or for a last day
    further off than a license lasts.
    """
    now = now or timezone.now()
    number = " ".join(number.split())
    if facility.kind != OrganizationKind.FACILITY:
        raise Refused(_("Only a lodging facility has a hotel license."), code="not_a_facility")
    if not number:
        raise Refused(_("Give the number that is on the license."), code="number_missing")
    if ends_on > years_on(now.date(), YEARS) + timedelta(days=SOON_DAYS):
        raise Refused(
            _("A license lasts two years. Check the year of its last day."), code="too_late"
        )
    lock(facility)
    newest = license_of(facility)
    if newest and (newest.number, newest.ends_on) == (number, ends_on):
        return newest
    held = FacilityLicense.objects.create(
        facility=facility, number=number, ends_on=ends_on, recorded_by=actor, recorded_at=now
    )
    audit.record(
        "facility.license_recorded", held, actor=actor, now=now, ends_on=ends_on.isoformat()
    )
    return held
