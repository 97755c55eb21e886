"""The manifest: what a packet holds, hash by hash, under one signature.

    {"manifest": {...}, "signature": "..."}

The signature is over the canonical JSON of "manifest" (lms.core.canonical: sorted keys, no spaces,
UTF-8), so that a file saved again by an editor still agrees, and one file alone can be checked.
`manifest.schema.json` says what is in it.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from jsonschema import Draft202012Validator

from lms.compliance.packet_models import InspectionPacket
from lms.compliance.packets import signing
from lms.compliance.packets.entries import Entry
from lms.compliance.record import Record
from lms.compliance.rules import FOLDER, Rule
from lms.core.canonical import canonical_json, digest
from lms.core.exceptions import Refused

FORMAT = "lodging-training-packet/1"
NAME = "manifest.json"
MAX_BYTES = 20 * 1024 * 1024
_SCHEMA = Path(__file__).parent / "manifest.schema.json"


@dataclass(frozen=True)
class FileOf:
    """A file of the packet: its name in it, its length, its SHA-256."""

    name: str
    length: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """A manifest that somebody handed in, well-formed; whether it is ours the signature says."""

    said: dict[str, Any]
    signature: str

    @property
    def files(self) -> dict[str, str]:
        """The hash of each file, by name."""
        return {one["name"]: one["sha256"] for one in self.said["files"]}

    @property
    def records(self) -> dict[str, str]:
        """The hash of each record, by id."""
        return {one["id"]: one["sha256"] for one in self.said["records"]}

    @property
    def hash(self) -> str:
        """The SHA-256 of what was signed."""
        return hash_of(self.said)

    def verdict(self) -> signing.Verdict:
        """What the signature says."""
        content = canonical_json(self.said).encode()
        return signing.verify(content, signature=self.signature, key_id=self.said["key"])


def rule_file(rule: Rule) -> bytes:
    """The rule set as it stands in its file; it goes into the packet, too."""
    return (FOLDER / f"{rule.id}.yaml").read_bytes()


def record_line(entry: Entry) -> str:
    """An entry as its line in records.jsonl; its hash is the SHA-256 of these bytes."""
    return canonical_json(entry)


def describe(
    *,
    packet: InspectionPacket,
    record: Record,
    entries: list[Entry],
    files: list[FileOf],
    counts: dict[str, int],
    key_id: str,
    made_at: datetime,
) -> dict[str, Any]:
    """What is signed."""
    place = record.facility
    return {
        "format": FORMAT,
        "packet": str(packet.pk),
        "key": key_id,
        "made_at": made_at.astimezone(UTC).isoformat(timespec="seconds"),
        "made_by": {"site": settings.SITE_ORIGIN, "trial": settings.TRIAL},
        "facility": {
            "key": place.key,
            "name": place.name,
            "address": ", ".join(
                part for part in (place.street, place.city, place.postcode) if part
            ),
        },
        "as_of": record.as_of.isoformat(),
        "rule": {
            "id": record.rule.id,
            "law": record.rule.authority.law,
            "checked_on": record.rule.authority.checked_on.isoformat(),
            "sha256": hashlib.sha256(rule_file(record.rule)).hexdigest(),
        },
        "facts_sha256": record.digest,
        "counts": counts,
        "records": [{"id": entry["id"], "sha256": digest(entry)} for entry in entries],
        "files": [
            {"name": file.name, "bytes": file.length, "sha256": file.sha256} for file in files
        ],
    }


def hash_of(said: dict[str, Any]) -> str:
    """The SHA-256 of what is signed."""
    return digest(said)


def signed(said: dict[str, Any]) -> bytes:
    """The manifest as a file."""
    signature = signing.sign(canonical_json(said).encode())
    return canonical_json({"manifest": said, "signature": signature}).encode()


def read_manifest(content: bytes) -> Manifest:
    """The manifest in a file somebody handed in, nothing of it believed yet.

    Raises Refused "too_large", "not_json" or "not_a_manifest"; its sentence says what to do.
    """
    if len(content) > MAX_BYTES:
        raise Refused(_("This manifest is larger than any of ours."), code="too_large")
    try:
        document = json.loads(content.decode("utf-8-sig"), parse_constant=_no_number)
        canonical_json(document).encode()
    except (ValueError, RecursionError) as error:
        raise Refused(
            _("This file is no manifest: it cannot be read. Upload manifest.json as it was saved, "
              "or the whole packet."),
            code="not_json",
        ) from error  # fmt: skip
    if not _schema().is_valid(document):
        raise Refused(
            _("This file is no manifest of a packet: what a manifest holds is not in it. Upload "
              "the file manifest.json, or the whole packet."),
            code="not_a_manifest",
        )  # fmt: skip
    return Manifest(said=document["manifest"], signature=document["signature"])


def _no_number(text: str) -> None:
    raise ValueError(text)


@cache
def _schema() -> Draft202012Validator:
    return Draft202012Validator(json.loads(_SCHEMA.read_text("utf-8")))
