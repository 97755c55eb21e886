"""Checking a packet or a manifest that somebody hands in: what agrees with what was signed.

Nothing of it is kept, and nothing of it is believed: its size is bounded before and after
unpacking. What differs may have been saved again by another program, or be another document; we
say what differs and show what was signed, and leave the judgment to the reader.
"""

import hashlib
import json
import zipfile
import zlib
from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import IO, Any

from django.utils.translation import gettext as _

from lms.compliance.packet_models import InspectionPacket
from lms.compliance.packets import making
from lms.compliance.packets.manifest import MAX_BYTES, NAME, Manifest, read_manifest
from lms.compliance.packets.opened import read_packet
from lms.compliance.packets.signing import Verdict
from lms.core.canonical import digest
from lms.core.exceptions import Refused

MAX_PACKET_BYTES = 100 * 1024 * 1024
MAX_UNPACKED_BYTES = 300 * 1024 * 1024
MAX_MEMBERS = 10_000
MAX_RECORDS_BYTES = 60 * 1024 * 1024
_CHUNK = 1024 * 1024
_BROKEN = (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, OSError, EOFError)


class Outcome(StrEnum):
    """What became of a file or a record."""

    AGREES = "agrees"
    DIFFERS = "differs"
    MISSING = "missing"
    EXTRA = "extra"


@dataclass(frozen=True)
class Checked:
    """One file or record, and what became of it."""

    name: str
    outcome: Outcome


@dataclass(frozen=True)
class Report:
    """What checking found.

    `facts` are what was signed here: of the manifest itself where its signature fits, else of the
    packet of the same number that we keep; None where there is neither. `is_packet` says that files
    were there to compare.
    """

    verdict: Verdict
    manifest: Manifest
    facts: dict[str, Any] | None
    is_packet: bool = False
    files: list[Checked] = field(default_factory=list)
    records: list[Checked] = field(default_factory=list)

    def _count(self, rows: list[Checked], outcome: Outcome) -> int:
        return sum(row.outcome == outcome for row in rows)

    @property
    def files_agreeing(self) -> int:
        return self._count(self.files, Outcome.AGREES)

    @property
    def records_agreeing(self) -> int:
        return self._count(self.records, Outcome.AGREES)

    @property
    def files_otherwise(self) -> list[Checked]:
        """The files that do not agree."""
        return [row for row in self.files if row.outcome != Outcome.AGREES]

    @property
    def records_otherwise(self) -> list[Checked]:
        """The records that do not agree."""
        return [row for row in self.records if row.outcome != Outcome.AGREES]

    @property
    def is_signed(self) -> bool:
        """Whether the manifest is as it was signed here."""
        return self.verdict == Verdict.SIGNED

    @property
    def all_agrees(self) -> bool:
        """Whether everything that was compared is as it was signed here."""
        return self.is_signed and not self.files_otherwise and not self.records_otherwise


def check(upload: IO[bytes], *, size: int) -> Report:
    """What agrees in an uploaded packet (ZIP) or manifest (JSON) of `size` bytes.

    Raises Refused with a sentence for what is neither, too large, or damaged.
    """
    if size > MAX_PACKET_BYTES:
        raise Refused(
            _("This file is larger than 100 MB. Upload manifest.json from the packet instead."),
            code="too_large",
        )
    start = upload.read(4)
    upload.seek(0)
    if start == b"PK\x03\x04":
        return _check_packet(upload)
    manifest = read_manifest(upload.read(MAX_BYTES + 1))
    verdict = manifest.verdict()
    return Report(verdict=verdict, manifest=manifest, facts=_facts(manifest, verdict))


def _facts(manifest: Manifest, verdict: Verdict) -> dict[str, Any] | None:
    """What was signed here under the manifest's number."""
    if verdict == Verdict.SIGNED:
        return manifest.said
    ours = InspectionPacket.objects.filter(pk=manifest.said["packet"]).first()
    return read_packet(ours).said if ours and ours.is_ready else None


def _check_packet(upload: IO[bytes]) -> Report:
    try:
        with zipfile.ZipFile(upload) as packed:
            members = _members(packed)
            if NAME not in members:
                raise Refused(
                    _(
                        "This packet has no manifest.json, so there is nothing to compare it "
                        "with. Upload it as it was downloaded."
                    ),
                    code="no_manifest",
                )
            if members[NAME].file_size > MAX_BYTES:
                raise Refused(_("This manifest is larger than any of ours."), code="too_large")
            manifest = read_manifest(packed.read(NAME))
            verdict = manifest.verdict()
            facts = _facts(manifest, verdict)
            signed = Manifest(facts, "") if facts else manifest
            return Report(
                verdict=verdict,
                manifest=manifest,
                facts=facts,
                is_packet=True,
                files=_files(packed, members, signed),
                records=_records(packed, members, signed),
            )
    except _BROKEN as error:
        raise Refused(
            _("This file is damaged: it cannot be unpacked. Download the packet again."),
            code="damaged",
        ) from error


def _members(packed: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """The files in the archive, by name."""
    parts = [part for part in packed.infolist() if not part.is_dir()]
    if len(parts) > MAX_MEMBERS or sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
        raise Refused(
            _("This file is larger inside than any packet of ours."), code="unpacks_too_large"
        )
    names = Counter(part.filename for part in parts)
    if names and names.most_common(1)[0][1] > 1:
        raise Refused(
            _("This file holds two files of one name, which no packet of ours does."),
            code="twice",
        )
    return {part.filename: part for part in parts}


def _files(
    packed: zipfile.ZipFile, members: dict[str, zipfile.ZipInfo], signed: Manifest
) -> list[Checked]:
    """Each file the manifest names, and each it does not."""
    found = []
    for name, wanted in signed.files.items():
        if name not in members:
            found.append(Checked(name, Outcome.MISSING))
            continue
        agrees = _hash_of(packed, name) == wanted
        found.append(Checked(name, Outcome.AGREES if agrees else Outcome.DIFFERS))
    extra = [name for name in members if name != NAME and name not in signed.files]
    return [*found, *(Checked(name, Outcome.EXTRA) for name in sorted(extra))]


def _hash_of(packed: zipfile.ZipFile, name: str) -> str:
    running = hashlib.sha256()
    try:
        with packed.open(name) as file:
            while chunk := file.read(_CHUNK):
                running.update(chunk)
    except _BROKEN:
        return ""
    return running.hexdigest()


def _records(
    packed: zipfile.ZipFile, members: dict[str, zipfile.ZipInfo], signed: Manifest
) -> list[Checked]:
    """Each record the manifest names, called as the upload calls it, and each it does not."""
    held = members.get(making.RECORDS)
    if held is None or held.file_size > MAX_RECORDS_BYTES:
        return []
    try:
        lines = packed.read(making.RECORDS).decode(errors="replace").split("\n")
    except _BROKEN:
        return []
    there: dict[str, tuple[str, str]] = {}
    extra = []
    for line in filter(str.strip, lines):
        key, label, hashed = _record(line)
        if key in signed.records and key not in there:
            there[key] = (label, hashed)
        else:
            extra.append(Checked(label, Outcome.EXTRA))
    found = []
    for key, wanted in signed.records.items():
        label, hashed = there.get(key, (key, ""))
        if key not in there:
            found.append(Checked(key, Outcome.MISSING))
        else:
            found.append(Checked(label, Outcome.AGREES if hashed == wanted else Outcome.DIFFERS))
    return [*found, *extra]


def _record(line: str) -> tuple[str, str, str]:
    """A record's id, what the upload calls the person, and its hash; a line may hold anything."""
    try:
        entry = json.loads(line)
        key, said = str(entry["id"]), entry["now"]
        label = " ".join(str(said[name]) for name in ("number", "name") if said[name])
        return key, label[:200] or key, digest(entry)
    except (ValueError, TypeError, KeyError, RecursionError):
        return "", line.strip()[:60], ""
