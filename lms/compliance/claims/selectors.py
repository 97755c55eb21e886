"""Questions about claims and about facilities that may be the place somebody means."""

from django.db.models import Q
from django.db.models.query import QuerySet

from lms.compliance.claim_models import ClaimStatus, ClaimWay, FacilityClaim
from lms.compliance.claims.permissions import looks_after_facilities
from lms.people.enums import Role
from lms.people.models import Organization, Person, RoleAssignment
from lms.people.places import Place, facilities_like, same_address


def claims_of(person: Person) -> "QuerySet[FacilityClaim]":
    """What a person asked for, the newest first."""
    return (
        FacilityClaim.objects.filter(person__in=Person.objects.one_with(person))
        .select_related("facility", "company")
        .order_by("-asked_at", "-pk")
    )


def claims_for_desk(person: Person) -> "QuerySet[FacilityClaim]":
    """The claims a person of an office may read and answer; those for managers are not theirs."""
    if not looks_after_facilities(person):
        return FacilityClaim.objects.none()
    return FacilityClaim.objects.exclude(way=ClaimWay.MANAGERS).select_related(
        "person", "facility", "company", "decided_by"
    )


def requests_at(facility: Organization) -> "QuerySet[FacilityClaim]":
    """Who asks the managers of a facility to become one of them, the oldest first."""
    return (
        FacilityClaim.objects.filter(
            facility=facility, way=ClaimWay.MANAGERS, status=ClaimStatus.PENDING
        )
        .select_related("person")
        .order_by("asked_at", "pk")
    )


def managers_of(facility: Organization) -> list[Person]:
    """Who manages a facility now, its company's managers with them, by name; one query."""
    places = Q(organization=facility, role=Role.MANAGER)
    if facility.parent_id:
        places |= Q(organization=facility.parent_id, role=Role.COMPANY_MANAGER)
    held = RoleAssignment.objects.current().filter(places)
    return list(
        Person.objects.filter(pk__in=held.values("person"), is_active=True).order_by(
            "sort_name", "pk"
        )
    )


def facility_meant(place: Place) -> Organization | None:
    """The facility that is here already at this address or by this name, if one is."""
    found = facilities_like(place)
    return found[0] if found else None


def open_at(address_key: str) -> "QuerySet[FacilityClaim]":
    """Open claims to one address, always in one order; two people cannot both be the first."""
    return FacilityClaim.objects.filter(
        address_key=address_key, status=ClaimStatus.PENDING
    ).order_by("pk")


def here_already(claim: FacilityClaim) -> list[Organization]:
    """Facilities that may be the claimed place, for the desk to compare."""
    return [facility for facility in facilities_like(claim.place) if facility != claim.facility]


def is_same_address(place: Place, facility: Organization) -> bool:
    """Whether the facility stands at the very address."""
    return same_address(place, Place.of(facility))
