"""A facility gets its first manager: its page is made, or one that has no manager is taken over."""

from datetime import datetime

from django.utils.text import slugify
from django.utils.translation import gettext as _

from lms.compliance.claim_models import FacilityClaim
from lms.compliance.claims.selectors import facility_meant, is_same_address, managers_of
from lms.compliance.models import FacilityProfile
from lms.compliance.services import describe_facility
from lms.core import audit
from lms.core.exceptions import Refused
from lms.core.locking import lock
from lms.people.enums import OrganizationKind, Role
from lms.people.models import Organization, Person
from lms.people.services import grant_role

# Words that stand where a facility's key stands in an address.
RESERVED = {"company", "start", "code", "claims", "worksheet", "handover"}


def open_for(claim: FacilityClaim, *, actor: Person, now: datetime) -> Organization:
    """The claimed facility with the claimant as its manager; in the caller's transaction.

    Raises Refused where the place has got a manager since ("taken").
    """
    facility = claim.facility
    if facility is None and not claim.is_another:
        found = facility_meant(claim.place)
        facility = found if found and is_same_address(claim.place, found) else None
    if facility is None:
        facility = _make(claim, actor=actor, now=now)
    else:
        facility = lock(facility)
        if managers_of(facility):
            raise Refused(
                _(
                    "Somebody else has become the manager of this place since. Withdraw this and "
                    "ask them for a role."
                ),
                code="taken",
            )
    profile = _profile(claim, facility, actor=actor, now=now)
    grant_role(
        person=claim.person.canonical,
        role=Role.MANAGER,
        organization=facility,
        actor=actor,
        now=now,
    )
    if profile.first_manager_verified_at is None:
        profile.first_manager_verified_at = now
        profile.save(update_fields=["first_manager_verified_at"])
        audit.record("facility.first_manager", profile, actor=actor, now=now, claim=claim.pk)
    return facility


def _make(claim: FacilityClaim, *, actor: Person, now: datetime) -> Organization:
    facility = Organization.objects.create(
        key=free_key(f"{claim.name} {claim.city}"),
        kind=OrganizationKind.FACILITY,
        name=claim.name,
        parent=claim.company,
        street=claim.street,
        city=claim.city,
        county=claim.county,
        postcode=claim.postcode,
    )
    audit.record(
        "facility.opened", facility, actor=actor, now=now, company=claim.company_id, claim=claim.pk
    )
    return facility


def _profile(
    claim: FacilityClaim, facility: Organization, *, actor: Person, now: datetime
) -> FacilityProfile:
    """What the claimant said about the place, where nobody has said it yet."""
    known = FacilityProfile.objects.filter(organization=facility).first()
    if known is not None:
        return known
    return describe_facility(
        facility=facility,
        rooms_for_hire=claim.rooms_for_hire,
        owner_lives_there=claim.owner_lives_there,
        is_dwelling=claim.is_dwelling,
        actor=actor,
        now=now,
    )


def free_key(words: str) -> str:
    """A key that stands in addresses and that no organization has: "hudson-house-albany"."""
    wanted = slugify(words)[:70].strip("-") or "facility"
    taken = RESERVED | set(
        Organization.objects.filter(key__startswith=wanted).values_list("key", flat=True)
    )
    number, key = 1, wanted
    while key in taken:
        number += 1
        key = f"{wanted}-{number}"
    return key
