"""Who may do what: plain predicates. What somebody may read is a queryset's `visible_to`."""

from lms.core.prepared import Prepared, given
from lms.people.enums import Role
from lms.people.models import Organization, Person, RoleAssignment

_held = Prepared(
    lambda: (
        RoleAssignment.objects.current()
        .filter(person=given("person"))
        .values_list("role", "organization_id")
    )
)


def roles_of(person: Person) -> set[tuple[str, int]]:
    """The (role, organization id) pairs `person` holds now; asked once per request and person."""
    cached: set[tuple[str, int]] | None = getattr(person, "_roles_now", None)
    if cached is None:
        cached = set(_held(person=person.pk))
        person._roles_now = cached  # type: ignore[attr-defined]  # noqa: SLF001 - a cache on the request's own object
    return cached


def has_role(person: Person, role: Role, organization: Organization | None = None) -> bool:
    """Whether `person` holds `role` (for `organization`, where one is given)."""
    if not person.is_authenticated or not person.is_active:
        return False
    return any(
        held == role and (organization is None or held_for == organization.pk)
        for held, held_for in roles_of(person)
    )


def is_coordinator_for(person: Person, office: Organization) -> bool:
    """A coordinator's scope is an office, never everything; the administrator has all."""
    return person.is_superuser or has_role(person, Role.COORDINATOR, office)


def is_any_coordinator(person: Person) -> bool:
    """Whether the desk is for this person at all."""
    return person.is_authenticated and (person.is_superuser or has_role(person, Role.COORDINATOR))


def edits_for(person: Person, office: Organization | int) -> bool:
    """Whether the office's content is this person's to edit and publish."""
    if person.is_superuser:
        return True
    office_id = office if isinstance(office, int) else office.pk
    return any((role, office_id) in roles_of(person) for role in Role.editing())


def is_staff_member(person: Person) -> bool:
    """Whether this person sees other people's records, and so needs a second factor."""
    return person.is_superuser or any(has_role(person, role) for role in Role.staff())


def manages_facility(person: Person, facility: Organization) -> bool:
    """The facility's own manager, or the manager of the company it belongs to."""
    if has_role(person, Role.MANAGER, facility):
        return True
    return facility.parent_id is not None and any(
        role == Role.COMPANY_MANAGER and held_for == facility.parent_id
        for role, held_for in roles_of(person)
    )


def is_any_manager(person: Person) -> bool:
    """Whether the facilities' pages are for this person at all."""
    return has_role(person, Role.MANAGER) or has_role(person, Role.COMPANY_MANAGER)
