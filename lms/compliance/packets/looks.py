"""Who took packets for inspectors in which a person is listed, or opened a link to one."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from lms.compliance.packet_models import InspectionPacket, LinkOpening
from lms.compliance.rules import get_rule
from lms.core.models import AuditEntry
from lms.people.models import Employment, Organization, Person


@dataclass(frozen=True)
class PacketLook:
    """A packet of a facility was taken by the facility, or opened through one of its links."""

    at: datetime
    facility: Organization
    by_link: bool


def packets_naming(person: Person) -> list[InspectionPacket]:
    """The packets whose record has an employment of the person, old to new; two queries."""
    at: dict[int, list[Employment]] = {}
    for employment in Employment.objects.filter(person__in=Person.objects.one_with(person)):
        at.setdefault(employment.organization_id, []).append(employment)
    if not at:
        return []
    packets = InspectionPacket.objects.filter(
        Q(facility__in=at) | Q(facility__canonical_organization__in=at), made_at__isnull=False
    )
    return [
        packet
        for packet in packets.select_related("facility").order_by("made_at")
        if any(
            listed(employment, packet)
            for employment in at[packet.facility.canonical_organization_id or packet.facility_id]
        )
    ]


def listed(employment: Employment, packet: InspectionPacket) -> bool:
    """Whether the record of the packet's day has this employment."""
    since = get_rule(packet.rule).kept_since(packet.as_of)
    still = employment.ended_on is None or employment.ended_on >= since
    let_go = employment.released_at and packet.made_at and employment.released_at < packet.made_at
    return employment.started_on <= packet.as_of and still and not let_go


def packet_looks(person: Person) -> list[PacketLook]:
    """Openings of packets that name the person, new to old; four queries at most."""
    packets = {packet.pk: packet for packet in packets_naming(person)}
    if not packets:
        return []
    opened = LinkOpening.objects.filter(link__packet__in=packets)
    taken = AuditEntry.objects.filter(
        object_type=InspectionPacket._meta.label_lower,  # noqa: SLF001 - Django's documented name
        object_id__in=[str(pk) for pk in packets],
        action="packet.downloaded",
    )
    by_text = {str(pk): packet for pk, packet in packets.items()}
    found = [
        *(
            PacketLook(at, packets[packet].facility, by_link=True)
            for packet, at in opened.values_list("link__packet", "opened_at")
        ),
        *(
            PacketLook(at, by_text[packet].facility, by_link=False)
            for packet, at in taken.values_list("object_id", "at")
        ),
    ]
    return sorted(found, key=lambda look: look.at, reverse=True)
