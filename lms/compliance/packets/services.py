"""Packets: asked for, made by a worker, taken, and removed when nobody needs them any more."""

import logging
from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from lms.compliance.packet_models import InspectionPacket, PacketState
from lms.compliance.packets import making, manifest, signing
from lms.compliance.packets.entries import Entry, record_entries
from lms.compliance.record import Record, facility_record
from lms.compliance.retention.selectors import held_places
from lms.compliance.rules import Rule, get_rule
from lms.core import audit, outbox
from lms.core.exceptions import Refused
from lms.core.locking import lock
from lms.core.time import new_york_date, new_york_today
from lms.people.enums import OrganizationKind
from lms.people.models import Organization, Person

logger = logging.getLogger("lms.packets")

KIND = "compliance.packet"
# As long as the law keeps the record of somebody who left on the day the packet was made.
KEPT = timedelta(days=366)
# Reading the record and its table, drawing it, signing and keeping it.
STEPS = 3


@transaction.atomic
def request_packet(
    *,
    facility: Organization,
    rule: Rule,
    as_of: date,
    with_certificates: bool = False,
    actor: Person,
    now: datetime | None = None,
) -> InspectionPacket:
    """Ask a worker for the packet of a day; one that is being made already is returned.

    Raises Refused for what is no facility, for a day to come, and where nothing can be signed.
    """
    now = now or timezone.now()
    if facility.kind != OrganizationKind.FACILITY:
        raise Refused(_("Only a lodging facility has this record."), code="not_a_facility")
    if as_of > new_york_today(now):
        raise Refused(_("Choose today or an earlier day."), code="in_future")
    signing.private_key()
    lock(facility)
    asked = {
        "facility": facility,
        "rule": rule.id,
        "as_of": as_of,
        "with_certificates": with_certificates,
    }
    under_way = InspectionPacket.objects.filter(**asked, state__in=PacketState.under_way()).first()
    if under_way:
        return under_way
    packet = InspectionPacket.objects.create(
        **asked, requested_by=actor, requested_at=now, steps_total=STEPS
    )
    audit.record(
        "packet.requested",
        packet,
        actor=actor,
        now=now,
        facility=facility.pk,
        as_of=as_of.isoformat(),
        with_certificates=with_certificates,
    )
    outbox.enqueue(kind=KIND, key=f"packet:{packet.pk}", payload={"packet": str(packet.pk)})
    return packet


def work_on_packet(payload: dict[str, Any]) -> None:
    """The outbox's handler: make a packet that was asked for."""
    make_packet(packet_id=payload["packet"])


def make_packet(*, packet_id: str, now: datetime | None = None) -> InspectionPacket:
    """Make the packet, in English, and keep it. One that is made already stays as it is.

    In several transactions, so that progress shows; begun again after a killed worker it starts
    anew. What goes wrong is logged, and the packet says that it could not be made.
    """
    now = now or timezone.now()
    packet = InspectionPacket.objects.select_related("facility__facility_profile").get(pk=packet_id)
    if not packet.is_under_way:
        return packet
    packet.state, packet.steps_done = PacketState.MAKING, 0
    packet.save(update_fields=["state", "steps_done"])
    try:
        with translation.override("en"):
            _make(packet, now)
    except Exception:
        logger.exception("Packet %s could not be made", packet.pk)
        _failed(packet, now)
    return packet


def _make(packet: InspectionPacket, now: datetime) -> None:
    rule = get_rule(packet.rule)
    record = facility_record(facility=packet.facility, rule=rule, as_of=packet.as_of, now=now)
    entries = record_entries(record)
    wanted = making.certificates_of(entries) if packet.with_certificates else []
    packet.steps_total = STEPS + len(wanted) // making.CERTIFICATES_AT_ONCE

    def step() -> None:
        packet.steps_done += 1
        packet.save(update_fields=["steps_done", "steps_total"])

    files = making.base_files(packet, record, entries, now)
    step()
    files.update(making.paper(packet, record, entries, now))
    step()
    certificates = dict(making.certificates(wanted, step))
    files.update(certificates)
    _keep(packet, record, entries, files, certificates=len(certificates), now=now)


@transaction.atomic
def _keep(
    packet: InspectionPacket,
    record: Record,
    entries: list[Entry],
    files: making.Files,
    *,
    certificates: int,
    now: datetime,
) -> None:
    """Sign and store; whoever was too slow finds another's and drops their own."""
    if not lock(packet).is_under_way:
        packet.refresh_from_db()
        return
    counts = dict(Counter(entry["part"] for entry in entries))
    counts |= {
        "employees": len(entries),
        "corrected": sum(entry["corrected"] for entry in entries),
        "certificates": certificates,
    }
    key = signing.publish_key(now=now)
    said = manifest.describe(
        packet=packet,
        record=record,
        entries=entries,
        files=making.file_lines(files),
        counts=counts,
        key_id=key.key_id,
        made_at=now,
    )
    content = making.archive(files, manifest.signed(said), now)
    packet.file.save(f"packets/{packet.pk}.zip", ContentFile(content), save=False)
    packet.state, packet.made_at, packet.key = PacketState.READY, now, key
    packet.counts, packet.file_bytes = counts, len(content)
    packet.manifest_hash = manifest.hash_of(said)
    packet.steps_done = packet.steps_total
    packet.save()
    audit.record(
        "packet.made",
        packet,
        actor=None,
        now=now,
        facility=packet.facility_id,
        employees=len(entries),
        digest=record.digest,
        manifest=packet.manifest_hash,
    )


@transaction.atomic
def _failed(packet: InspectionPacket, now: datetime) -> None:
    packet = lock(packet)
    if not packet.is_under_way:
        return
    packet.state = PacketState.FAILED
    packet.said = _("The packet could not be made. Try again; if it fails again, tell the office.")
    packet.save(update_fields=["state", "said"])
    audit.record("packet.failed", packet, actor=None, now=now)


@transaction.atomic
def note_download(*, packet: InspectionPacket, actor: Person, now: datetime | None = None) -> None:
    """Note that somebody of the facility took the packet."""
    audit.record("packet.downloaded", packet, actor=actor, now=now)


def remove_old_packets(*, now: datetime | None = None) -> int:
    """Remove the files of packets older than KEPT; what they were stays. Returns how many.

    Those of a facility of which something is held for a legal matter stay until the hold ends.
    """
    now = now or timezone.now()
    removed = 0
    old = InspectionPacket.objects.filter(state=PacketState.READY, made_at__lt=now - KEPT)
    for packet in old.exclude(facility__in=held_places(new_york_date(now))).iterator(100):
        removed += _remove(packet, now)
    return removed


@transaction.atomic
def _remove(packet: InspectionPacket, now: datetime) -> bool:
    packet = lock(packet)
    if not packet.is_ready:
        return False
    name, storage = packet.file.name or "", packet.file.storage
    packet.state, packet.file = PacketState.REMOVED, ""
    packet.save(update_fields=["state", "file"])
    audit.record("packet.removed", packet, actor=None, now=now)
    transaction.on_commit(lambda: storage.delete(name), robust=True)
    return True
