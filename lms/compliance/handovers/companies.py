"""A company of several facilities, founded by somebody who manages one of them."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from lms.compliance.claims.opening import free_key
from lms.core import audit
from lms.core.exceptions import Refused
from lms.core.locking import lock
from lms.people.enums import OrganizationKind, Role
from lms.people.models import Organization, Person
from lms.people.permissions import has_role
from lms.people.services import grant_role


@transaction.atomic
def found_company(
    *, name: str, facility: Organization, actor: Person, now: datetime | None = None
) -> Organization:
    """The company of a facility that has none, with the facility's manager as its manager.

    Its manager has been verified for the facility; other facilities come by being claimed for the
    company or handed over to it, never by being named. Founding it again returns it. Raises Refused
    for a facility that has a company, and for somebody who does not manage the facility.
    """
    facility = lock(facility)
    parent = facility.parent
    if parent is not None:
        if has_role(actor, Role.COMPANY_MANAGER, parent):
            return parent
        raise Refused(_("This facility belongs to a company already."), code="has_company")
    if not has_role(actor, Role.MANAGER, facility):
        raise Refused(_("You do not manage this facility."), code="not_yours")
    company = make_company(name=name, actor=actor, now=now)
    facility.parent = company
    facility.save(update_fields=["parent"])
    audit.record("facility.joined_company", facility, actor=actor, now=now, company=company.pk)
    return company


def make_company(*, name: str, actor: Person, now: datetime | None = None) -> Organization:
    """A company without facilities, managed by `actor`; in the caller's transaction."""
    words = " ".join(name.split())[:200]
    if not words:
        raise Refused(_("Give the name of the company."), code="no_name")
    company = Organization.objects.create(
        key=free_key(words), kind=OrganizationKind.COMPANY, name=words
    )
    audit.record("company.founded", company, actor=actor, now=now)
    grant_role(person=actor, role=Role.COMPANY_MANAGER, organization=company, actor=actor, now=now)
    return company
