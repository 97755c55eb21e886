"""Which facilities may be one place, what joining two would move, and what stands against it."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from lms.compliance.double_models import FacilityMerge, TwoPlaces
from lms.compliance.group_models import GroupTraining
from lms.compliance.handovers.selectors import open_for, own_managers
from lms.compliance.models import FacilityProfile
from lms.compliance.packet_models import InspectionPacket
from lms.compliance.proof_models import FacilityProof
from lms.compliance.worksheet_models import Worksheet
from lms.people.device_models import SharedDevice
from lms.people.models import Employment, Organization
from lms.people.places import pairs_alike
from lms.people.roster.enums import RosterState
from lms.people.roster_models import RosterImport

NAMED = 10


@dataclass(frozen=True)
class Look:
    """What joining `duplicate` to `into` would do: counts, what keeps it from being done, notes."""

    into: Organization
    duplicate: Organization
    moves: list[tuple[str, int]]
    stays: list[tuple[str, int]]
    collisions: list[str]
    notes: list[str]


def likely_doubles() -> list[tuple[Organization, Organization]]:
    """Pairs that may be one place, without those that somebody said are two; two queries."""
    told = set(TwoPlaces.objects.values_list("first", "second"))
    facilities = Organization.objects.facilities().select_related("parent").order_by("pk")
    return [pair for pair in pairs_alike(facilities) if (pair[0].pk, pair[1].pk) not in told]


def latest_merges(count: int) -> list[FacilityMerge]:
    """What was joined last, with what was parted again."""
    rows = FacilityMerge.objects.select_related("duplicate", "into", "actor", "split")
    return list(rows[:count])


def look(into: Organization, duplicate: Organization) -> Look:
    """Everything somebody should know before joining these two."""
    return Look(
        into=into,
        duplicate=duplicate,
        moves=[
            (_("Employments"), Employment.objects.filter(organization=duplicate).count()),
            (_("Managers"), own_managers(duplicate).count()),
            (_("Shared devices"), SharedDevice.objects.filter(organization=duplicate).count()),
        ],
        stays=[
            (_("Group trainings"), GroupTraining.objects.filter(facility=duplicate).count()),
            (_("Scans"), FacilityProof.objects.filter(facility=duplicate).count()),
            (_("Worksheets"), Worksheet.objects.filter(organization=duplicate).count()),
            (_("Packets"), InspectionPacket.objects.filter(facility=duplicate).count()),
        ],
        collisions=collisions(into, duplicate),
        notes=_differences(into, duplicate),
    )


def collisions(into: Organization, duplicate: Organization) -> list[str]:
    """What must be settled before the two can be one, in words."""
    found = []
    if into.parent_id and duplicate.parent_id and into.parent_id != duplicate.parent_id:
        found.append(
            _("They belong to two companies. One must be handed over before: %(one)s, %(other)s.")
            % {"one": into.parent, "other": duplicate.parent}
        )
    here = Employment.objects.filter(organization=into, ended_on__isnull=True)
    there = Employment.objects.filter(organization=duplicate, ended_on__isnull=True)
    twice = there.filter(person__in=here.values("person")).select_related("person")
    found += [
        _("%(person)s works in both. End one of the two employments first.")
        % {"person": employment.person}
        for employment in _some(twice)
    ]
    numbers = here.exclude(number="").values("number")
    found += [
        _("Employee number %(number)s is used in both. Change one of them first.")
        % {"number": employment.number}
        for employment in _some(there.filter(number__in=numbers))
    ]
    for facility in (into, duplicate):
        if open_for(facility):
            found.append(_("%(place)s is being handed over.") % {"place": facility})
    under_way = RosterImport.objects.filter(
        organization__in=[into, duplicate],
        state__in=[*RosterState.working(), RosterState.READY],
    ).select_related("organization")
    found += [
        _("A list of employees of %(place)s waits to be taken over or set aside.")
        % {"place": roster.organization}
        for roster in under_way
    ]
    return found


def _some(rows: "QuerySet[Employment]") -> list[Employment]:
    return list(rows.order_by("pk")[:NAMED])


def _differences(into: Organization, duplicate: Organization) -> list[str]:
    """Where the two say something else: what `into` says stays."""
    profiles = {
        profile.organization_id: profile
        for profile in FacilityProfile.objects.filter(organization__in=[into, duplicate])
    }
    notes = []
    mine, other = profiles.get(into.pk), profiles.get(duplicate.pk)
    if mine and other and mine.rooms_for_hire != other.rooms_for_hire:
        notes.append(
            _("Rooms for hire: %(mine)s and %(other)s. The first number stays.")
            % {"mine": mine.rooms_for_hire or "–", "other": other.rooms_for_hire or "–"}
        )
    if duplicate.parent and not into.parent:
        notes.append(
            _("It will belong to %(company)s, as the other does.") % {"company": duplicate.parent}
        )
    return notes


def merges_of(facility: Organization) -> "QuerySet[FacilityMerge]":
    """What was joined to this facility, or what it was joined to, and not parted."""
    return FacilityMerge.objects.filter(
        Q(into=facility) | Q(duplicate=facility), split__isnull=True
    )
