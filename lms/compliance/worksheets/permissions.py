"""Who writes worksheets. A trainer's answer needs no permission but the link."""

from lms.people.enums import OrganizationKind, Role
from lms.people.models import Organization, Person
from lms.people.permissions import has_role, manages_facility


def writes_for(person: Person, organization: Organization) -> bool:
    """A facility's by its manager or its company's, a company's by the company's manager alone."""
    if person.is_superuser:
        return True
    if organization.kind == OrganizationKind.COMPANY:
        return has_role(person, Role.COMPANY_MANAGER, organization)
    return manages_facility(person, organization)
