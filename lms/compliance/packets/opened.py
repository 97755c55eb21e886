"""A packet read again: what its page shows comes from its own files, not from today's record."""

import json
import zipfile
from dataclasses import dataclass
from typing import Any

from lms.compliance.packet_models import InspectionPacket
from lms.compliance.packets import making, manifest
from lms.compliance.packets.entries import Entry


@dataclass(frozen=True)
class OpenedPacket:
    """What a packet of ours holds: the manifest's facts and the entries."""

    said: dict[str, Any]
    entries: list[Entry]

    @property
    def corrected(self) -> list[Entry]:
        """Who read otherwise on the day."""
        return [entry for entry in self.entries if entry["corrected"]]


def read_packet(packet: InspectionPacket) -> OpenedPacket:
    """The packet's manifest and entries, from its file."""
    with packet.file.open("rb") as file, zipfile.ZipFile(file) as packed:
        said = json.loads(packed.read(manifest.NAME))["manifest"]
        lines = packed.read(making.RECORDS).decode().split("\n")
    return OpenedPacket(said=said, entries=[json.loads(line) for line in lines if line])
