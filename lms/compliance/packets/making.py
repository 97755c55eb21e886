"""The files of a packet, from the record, and the archive they lie in."""

import hashlib
import io
import zipfile
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from django.conf import settings
from django.utils.text import slugify

from lms.certificates.models import CertificateRevision
from lms.certificates.services import draw as draw_certificate
from lms.compliance.packet_models import InspectionPacket
from lms.compliance.packets import manifest
from lms.compliance.packets.drawing import draw_record
from lms.compliance.packets.entries import Entry
from lms.compliance.packets.table import HEADER, table_rows
from lms.compliance.record import Record
from lms.core.tables import csv_text
from lms.core.time import NEW_YORK

RECORDS = "records.jsonl"
PAPER = "record.pdf"
TABLE = "record.csv"
# How many certificates are one step of the progress.
CERTIFICATES_AT_ONCE = 20

Files = dict[str, bytes]

_README = """\
What this is

The training record of {facility} under {law}, as of {as_of},
made on {made_at} at {site}.
{trial}
record.pdf       the record to read and print; what is missing comes first
record.csv       the same as a table
records.jsonl    the same for programs: one line for each employee
{rule}  the rule set that the record was judged by
certificates/    certificates issued at {site}, if they were asked for
manifest.json    the SHA-256 of each file and of each line of records.jsonl, signed

Where something was corrected after {as_of}, both readings are there:
as known then, and as corrected since.

How to check it

Upload this packet, or manifest.json alone, at {site}/verify/packet/
Nothing you upload is kept. What differs may only have been saved again by
another program: compare it with what the page shows. How to check it without
this site is said at {site}/verify/key/
"""


def base_files(
    packet: InspectionPacket, record: Record, entries: list[Entry], made_at: datetime
) -> Files:
    """The table, the records, the rule set and what to read first."""
    as_of = record.as_of.isoformat()
    rule_name = f"rule-{record.rule.id}.yaml"
    readme = _README.format(
        facility=record.facility.name,
        law=record.rule.authority.law,
        as_of=as_of,
        made_at=made_at.astimezone(NEW_YORK).strftime("%Y-%m-%d at %H:%M (New York)"),
        site=settings.SITE_ORIGIN,
        rule=rule_name,
        trial="\nMade by a trial of the site with made-up people. It proves nothing.\n"
        if settings.TRIAL
        else "",
    )
    lines = "".join(f"{manifest.record_line(entry)}\n" for entry in entries)
    return {
        "README.txt": readme.encode(),
        TABLE: csv_text(
            table_rows(entries, as_of=as_of, digest=record.digest), header=HEADER
        ).encode(),
        RECORDS: lines.encode(),
        rule_name: manifest.rule_file(record.rule),
    }


def paper(
    packet: InspectionPacket, record: Record, entries: list[Entry], made_at: datetime
) -> Files:
    """The record to read and print."""
    drawn = draw_record(packet=packet, record=record, entries=entries, made_at=made_at)
    return {PAPER: drawn}


def certificates_of(entries: Sequence[Entry]) -> list[tuple[str, int]]:
    """For each certificate of ours behind the record: its name in the packet, and its revision."""
    numbers = {
        training["completion"]: entry["now"]["number"] or entry["id"]
        for entry in entries
        for training in entry["now"]["trainings"]
    }
    newest: dict[str, CertificateRevision] = {}
    for revision in (
        CertificateRevision.objects.filter(certificate__completion__in=list(numbers))
        .select_related("certificate")
        .order_by("number")
    ):
        newest[str(revision.certificate.completion_id)] = revision
    return [
        (_certificate_name(number, newest[completion]), newest[completion].pk)
        for completion, number in numbers.items()
        if completion in newest
    ]


def _certificate_name(number: str, revision: CertificateRevision) -> str:
    return f"certificates/{slugify(number) or 'employee'}-{revision.certificate.code_in_groups}.pdf"


def certificates(
    wanted: Sequence[tuple[str, int]], progress: Callable[[], None]
) -> Iterator[tuple[str, bytes]]:
    """Each certificate's file, drawn now if nobody has yet; one that cannot be drawn is left out.

    `progress` is called after every CERTIFICATES_AT_ONCE of them.
    """
    for count, (name, pk) in enumerate(wanted, start=1):
        revision = draw_certificate(revision_id=pk)
        if revision.is_drawn:
            with revision.file.open("rb") as file:
                yield name, file.read()
        if count % CERTIFICATES_AT_ONCE == 0:
            progress()


def archive(files: Files, signed: bytes, made_at: datetime) -> bytes:
    """The packet: the files and their signed manifest in one ZIP."""
    out = io.BytesIO()
    day = made_at.astimezone(NEW_YORK)
    stamp = (day.year, day.month, day.day, day.hour, day.minute, day.second)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in [*files.items(), (manifest.NAME, signed)]:
            member = zipfile.ZipInfo(name, date_time=stamp)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = 0o644 << 16
            packed.writestr(member, content)
    return out.getvalue()


def file_lines(files: Files) -> list[manifest.FileOf]:
    """What the manifest says of each file."""
    return [
        manifest.FileOf(name, len(content), hashlib.sha256(content).hexdigest())
        for name, content in files.items()
    ]
