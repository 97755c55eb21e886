"""Packets for inspectors and links to them, made by the real services."""

import io
import json
import zipfile
from datetime import date, datetime
from typing import Any

from lms.compliance.packet_models import InspectionPacket, PacketLink
from lms.compliance.packets import links, services
from lms.core.canonical import canonical_json
from lms.core.time import new_york_today
from lms.people.models import Organization, Person
from tests.factories.compliance import gbl205
from tests.factories.people import make_person


def make_packet(
    facility: Organization,
    *,
    as_of: date | None = None,
    with_certificates: bool = False,
    actor: Person | None = None,
    now: datetime | None = None,
) -> InspectionPacket:
    """A packet that a worker has made."""
    packet = services.request_packet(
        facility=facility,
        rule=gbl205(),
        as_of=as_of or new_york_today(now),
        with_certificates=with_certificates,
        actor=actor or make_person(),
        now=now,
    )
    return services.make_packet(packet_id=str(packet.pk), now=now)


def make_link(packet: InspectionPacket, *, days: int = 14, **fields: Any) -> tuple[PacketLink, str]:
    """A link to the packet, and its secret."""
    given = {"label": "County inspector", "actor": make_person(), **fields}
    return links.make_link(packet=packet, days=days, **given)


def contents(packet: InspectionPacket) -> dict[str, bytes]:
    """The packet's files, by name."""
    with packet.file.open("rb") as file, zipfile.ZipFile(file) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def packed(files: dict[str, bytes]) -> bytes:
    """The files as a ZIP again."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def manifest_of(packet: InspectionPacket) -> dict[str, Any]:
    """The packet's manifest.json, signature and all."""
    found: dict[str, Any] = json.loads(contents(packet)["manifest.json"])
    return found


def as_file(document: Any) -> bytes:
    """A document as canonical JSON."""
    return canonical_json(document).encode()
