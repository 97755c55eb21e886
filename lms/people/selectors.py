"""Questions about people over several tables."""

from allauth.account.models import EmailAddress

from lms.people.enums import Role
from lms.people.fields import fold
from lms.people.models import Employment, Organization, Person, RoleAssignment
from lms.people.querysets import OrganizationQuerySet


def person_for_address(email: str) -> Person | None:
    """Whose sign-in this address is: who verified it, else whose record carries it.

    An address somebody else typed and never verified counts for nothing. The row that services
    write for is returned, so an address of a merged record leads to the one that stayed.
    """
    address = email.strip().lower()
    verified = (
        EmailAddress.objects.filter(email=address, verified=True)
        .select_related("user__canonical_person")
        .first()
    )
    person: Person | None
    if verified:
        person = verified.user
    else:
        person = Person.objects.filter(email=address).select_related("canonical_person").first()
    return person.canonical if person else None


def has_address(person: Person, email: str) -> bool:
    """Whether a code sent to this address would sign in `person`."""
    found = person_for_address(email)
    return found is not None and found.pk == person.canonical.pk


def works_here_by_name(organization: Organization, first_name: str, last_name: str) -> bool:
    """Whether somebody of this name works there now, accents and case aside."""
    return Employment.objects.filter(
        organization=organization,
        ended_on__isnull=True,
        person__search_name=fold(f"{first_name} {last_name}"),
    ).exists()


def left_here_by_name(
    organization: Organization, first_name: str, last_name: str
) -> Employment | None:
    """The last employment that ended there of somebody of this name, accents and case aside."""
    return (
        Employment.objects.kept()
        .filter(
            organization=organization,
            ended_on__isnull=False,
            person__search_name=fold(f"{first_name} {last_name}"),
        )
        .order_by("-ended_on", "-pk")
        .select_related("person")
        .first()
    )


def coordinators_of(office: Organization) -> list[Person]:
    """Who coordinates for the office now and can be written to, by name."""
    held = RoleAssignment.objects.current().filter(organization=office, role=Role.COORDINATOR)
    return list(
        Person.objects.filter(pk__in=held.values("person"), is_active=True)
        .exclude(email=None)
        .exclude(email="")
        .order_by("sort_name", "pk")
    )


def offices_to_ask() -> OrganizationQuerySet:
    """The offices that own trainings and can be written to."""
    return Organization.objects.offices().exclude(contact_email="").order_by("search_name")
