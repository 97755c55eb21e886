"""Which office speaks for the state: its coordinators keep its programs, its reviewers look.

No office does by itself: an operator says so (docs/operators-guide.md).
"""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.core import audit
from lms.core.exceptions import Refused
from lms.core.locking import lock
from lms.people.enums import OrganizationKind, Role
from lms.people.models import Organization, Person
from lms.people.permissions import has_role
from lms.people.querysets import OrganizationQuerySet


@transaction.atomic
def let_speak_for_state(
    *, office: Organization, actor: Person | None, now: datetime | None = None
) -> Organization:
    """From now on the office speaks for the state; one that does already stays as it is.

    Raises Refused for what is no office.
    """
    if office.kind != OrganizationKind.OFFICE:
        raise Refused(_("Only an office can speak for the state."), code="not_an_office")
    office = lock(office)
    if not office.speaks_for_state:
        office.speaks_for_state_since = now or timezone.now()
        office.save(update_fields=["speaks_for_state_since"])
        audit.record("office.speaks_for_state", office, actor=actor, now=now)
    return office


@transaction.atomic
def stop_speaking_for_state(
    *, office: Organization, actor: Person | None, now: datetime | None = None
) -> Organization:
    """The office speaks for the state no longer; what was done in that time stays."""
    office = lock(office)
    if office.speaks_for_state:
        since = office.speaks_for_state_since
        office.speaks_for_state_since = None
        office.save(update_fields=["speaks_for_state_since"])
        audit.record(
            "office.speaks_no_longer",
            office,
            actor=actor,
            now=now,
            since=since.isoformat() if since else "",
        )
    return office


def coordinated_state_offices(person: Person) -> OrganizationQuerySet:
    """The offices that speak for the state and that `person` coordinates; the administrator all."""
    offices = Organization.objects.offices().speaking_for_state()
    return offices if person.is_superuser else offices.with_role(person, Role.COORDINATOR)


def reviewing_office(person: Person) -> Organization | None:
    """The office for which `person` looks on behalf of the state; not even the administrator else.

    One query for those who hold the role, none for others who were asked before.
    """
    if not has_role(person, Role.REVIEWER):
        return None
    offices = Organization.objects.offices().speaking_for_state()
    return offices.with_role(person, Role.REVIEWER).order_by("pk").first()
