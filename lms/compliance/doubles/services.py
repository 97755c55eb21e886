"""Two facilities become one, and two again. Facts that are never rewritten stay where they are."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from lms.compliance.claim_models import ClaimStatus, FacilityClaim
from lms.compliance.claims.permissions import looks_after_facilities
from lms.compliance.claims.selectors import managers_of
from lms.compliance.double_models import FacilityMerge, FacilitySplit, TwoPlaces
from lms.compliance.doubles.selectors import collisions, merges_of
from lms.compliance.handovers.selectors import own_managers
from lms.compliance.models import FacilityProfile
from lms.compliance.services import describe_facility
from lms.core import audit
from lms.core.exceptions import Refused
from lms.core.locking import lock
from lms.core.mail import send_mail_later
from lms.people.device_models import SharedDevice
from lms.people.enums import OrganizationKind, Role
from lms.people.models import Employment, Organization, Person, RoleAssignment
from lms.people.services import end_role, grant_role


@transaction.atomic
def merge_facilities(
    *,
    into: Organization,
    duplicate: Organization,
    reason: str,
    actor: Person,
    now: datetime | None = None,
) -> FacilityMerge:
    """Join `duplicate` to `into`: its employments, managers and devices go over.

    Group trainings, proofs, worksheets and packets stay with the row they were written for and are
    read from both. The managers of both are told. Joining again returns what was done. Raises
    Refused without a reason, for what is no facility or joined already, and, naming each, for what
    collides ("collides").
    """
    now = now or timezone.now()
    into, duplicate = _locked(into, duplicate)
    if duplicate.canonical_organization_id == into.pk:
        return merges_of(duplicate).get(duplicate=duplicate, into=into)
    _demand_joinable(into, duplicate, actor)
    words = " ".join(reason.split())[:300]
    if not words:
        raise Refused(_("Say what shows that they are one place."), code="reason_missing")
    if found := collisions(into, duplicate):
        raise Refused(" ".join(found), code="collides")
    told = {person.pk: person for place in (into, duplicate) for person in managers_of(place)}
    moved = _move(into, duplicate, actor=actor, now=now)
    merge = FacilityMerge.objects.create(
        duplicate=duplicate, into=into, reason=words, moved=moved, actor=actor, merged_at=now
    )
    audit.record(
        "facility.merged", merge, actor=actor, now=now, into=into.pk, duplicate=duplicate.pk
    )
    for person in told.values():
        _tell(merge, person)
    return merge


def _locked(one: Organization, other: Organization) -> tuple[Organization, Organization]:
    """Both, locked in one order whichever way round they come."""
    rows = {row.pk: lock(row) for row in sorted({one, other}, key=lambda row: row.pk)}
    return rows[one.pk], rows[other.pk]


def _demand_joinable(into: Organization, duplicate: Organization, actor: Person) -> None:
    if not looks_after_facilities(actor):
        raise Refused(_("Only the state’s office joins facilities."), code="not_yours")
    if into.pk == duplicate.pk:
        raise Refused(_("Choose two facilities."), code="the_same")
    for place in (into, duplicate):
        if place.kind != OrganizationKind.FACILITY:
            raise Refused(_("Only lodging facilities can be joined."), code="not_a_facility")
        if place.canonical_organization_id is not None:
            raise Refused(
                _("%(place)s was joined to another one already.") % {"place": place},
                code="joined_already",
            )


def _move(
    into: Organization, duplicate: Organization, *, actor: Person, now: datetime
) -> dict[str, Any]:
    """Everything that goes over, with its ids; in the caller's transaction."""
    moved: dict[str, Any] = {
        "company": duplicate.parent_id,
        "company_given": bool(duplicate.parent_id and not into.parent_id),
        "employments": _ids(Employment.objects.filter(organization=duplicate)),
        "devices": _ids(SharedDevice.objects.filter(organization=duplicate)),
        "claims": _ids(
            FacilityClaim.objects.filter(facility=duplicate, status=ClaimStatus.PENDING)
        ),
        "aliases": _ids(Organization.objects.filter(canonical_organization=duplicate)),
        "roles": [],
        "roles_ended": [],
    }
    try:
        Employment.objects.filter(pk__in=moved["employments"]).update(organization=into)
    except IntegrityError as error:  # hired since we looked
        raise Refused(_("Somebody was hired just now. Look again."), code="collides") from error
    SharedDevice.objects.filter(pk__in=moved["devices"]).update(organization=into)
    FacilityClaim.objects.filter(pk__in=moved["claims"]).update(facility=into)
    Organization.objects.filter(pk__in=moved["aliases"]).update(canonical_organization=into)
    here = set(own_managers(into).values_list("person", flat=True))
    for role in own_managers(duplicate):
        if role.person_id in here:
            end_role(assignment=role, actor=actor, now=now)
            moved["roles_ended"].append(role.pk)
        else:
            moved["roles"].append(role.pk)
    RoleAssignment.objects.filter(pk__in=moved["roles"]).update(organization=into)
    _take_profile(into, duplicate, actor=actor, now=now)
    parent = duplicate.parent
    duplicate.parent, duplicate.canonical_organization = None, into
    duplicate.save(update_fields=["parent", "canonical_organization"])
    if moved["company_given"]:
        into.parent = parent
        into.save(update_fields=["parent"])
    return moved


def _ids(rows: Any) -> list[int]:
    return list(rows.order_by("pk").values_list("pk", flat=True))


def _take_profile(
    into: Organization, duplicate: Organization, *, actor: Person, now: datetime
) -> None:
    """What the duplicate said about itself, where the other has said nothing."""
    said = FacilityProfile.objects.filter(organization=duplicate).first()
    if said is None or FacilityProfile.objects.filter(organization=into).exists():
        return
    describe_facility(
        facility=into,
        rooms_for_hire=said.rooms_for_hire,
        owner_lives_there=said.owner_lives_there,
        is_dwelling=said.is_dwelling,
        actor=actor,
        now=now,
    )


@transaction.atomic
def split_facilities(
    *, merge: FacilityMerge, actor: Person, now: datetime | None = None
) -> FacilitySplit:
    """Make two of them again: what went over goes back, as far as it is still there.

    Whoever was hired since stays. Splitting again returns what was done. Raises Refused where the
    place has been joined to a third one since.
    """
    now = now or timezone.now()
    into, duplicate = _locked(merge.into, merge.duplicate)
    done = FacilitySplit.objects.filter(merge=merge).first()
    if done:
        return done
    if not looks_after_facilities(actor):
        raise Refused(_("Only the state’s office joins facilities."), code="not_yours")
    if into.canonical_organization_id is not None:
        raise Refused(_("It was joined to a third one since. Part that first."), code="joined_on")
    moved = merge.moved
    duplicate.canonical_organization = None
    duplicate.parent_id = moved["company"]
    duplicate.save(update_fields=["canonical_organization", "parent"])
    if moved["company_given"] and into.parent_id == moved["company"]:
        into.parent = None
        into.save(update_fields=["parent"])
    here: list[tuple[Any, str, str]] = [
        (Employment, "employments", "organization"),
        (SharedDevice, "devices", "organization"),
        (RoleAssignment, "roles", "organization"),
        (FacilityClaim, "claims", "facility"),
        (Organization, "aliases", "canonical_organization"),
    ]
    for model, kind, field in here:
        model.objects.filter(pk__in=moved[kind], **{field: into}).update(**{field: duplicate})
    for role in RoleAssignment.objects.filter(pk__in=moved["roles_ended"]):
        grant_role(
            person=role.person, role=Role(role.role), organization=duplicate, actor=actor, now=now
        )
    split = FacilitySplit.objects.create(merge=merge, actor=actor, split_at=now)
    audit.record(
        "facility.split", split, actor=actor, now=now, into=into.pk, duplicate=duplicate.pk
    )
    return split


@transaction.atomic
def say_two_places(
    *, one: Organization, other: Organization, actor: Person, now: datetime | None = None
) -> TwoPlaces:
    """They are two: the pair is suggested no more. Saying it again changes nothing."""
    if not looks_after_facilities(actor):
        raise Refused(_("Only the state’s office joins facilities."), code="not_yours")
    first, second = sorted((one, other), key=lambda place: place.pk)
    said, created = TwoPlaces.objects.get_or_create(
        first=first, second=second, defaults={"actor": actor, "said_at": now or timezone.now()}
    )
    if created:
        audit.record(
            "facility.two_places", said, actor=actor, now=now, first=first.pk, second=second.pk
        )
    return said


def _tell(merge: FacilityMerge, person: Person) -> None:
    """Managers read why there is one page now, and may object."""
    if not person.email:
        return
    with override(person.preferred_language or settings.LANGUAGE_CODE):
        words = {"duplicate": merge.duplicate, "into": merge.into}
        send_mail_later(
            key=f"facility-merge:{merge.pk}:{person.pk}",
            to=person.email,
            template="lodging",
            context={
                "name": person.get_short_name(),
                "subject": _("%(duplicate)s and %(into)s are one page now") % words,
                "paragraphs": [
                    _(
                        "The office found that %(duplicate)s and %(into)s are the same place here "
                        "and joined them. Employees, managers and devices of both are on one page."
                    )
                    % words,
                    _("They are two places? Answer your office; it can be undone."),
                ],
                "path": reverse("facilities:facility", args=[merge.into.key]),
                "link_words": _("Open the page"),
            },
            language=person.preferred_language,
        )
