"""What compliance keeps about people, for the personal-data registry."""

from typing import Any

from django.db.models import Count, Q

from lms.compliance.claims.selectors import claims_of
from lms.compliance.claims.services import forget_licences
from lms.compliance.groups.selectors import told_about
from lms.compliance.handover_models import FacilityHandover
from lms.compliance.models import ConditionAttestation, Exemption
from lms.compliance.packet_models import InspectionPacket
from lms.compliance.packets.looks import packets_naming
from lms.compliance.proofs import selectors as proofs
from lms.compliance.reminder_models import DutyReminder
from lms.compliance.retention_models import LegalHold, RecordRelease
from lms.compliance.review.selectors import openings_about
from lms.compliance.worksheets.selectors import written_or_attested_by
from lms.core import personal_data
from lms.people.models import Person


def _is(person: Person) -> Q:
    """Rows about an employment of the person or of a row merged into it."""
    return Q(employment__person__in=Person.objects.one_with(person))


def export_attestations(person: Person) -> list[dict[str, Any]]:
    """What managers signed about the person's trainings."""
    return [
        {
            "facility": row.employment.organization.name,
            "training": row.completion.training.title,
            "trained on": row.completion.occurred_on.isoformat(),
            "on the premises": row.on_premises,
            "on paid time": row.paid_time,
            "signed at": row.attested_at.isoformat(),
            "note": row.note,
        }
        for row in ConditionAttestation.objects.filter(_is(person))
        .select_related("employment__organization", "completion__training")
        .order_by("id")
    ]


def export_exemptions(person: Person) -> list[dict[str, Any]]:
    """From which duties the person was exempt, and why."""
    return [
        {
            "facility": row.employment.organization.name,
            "rule": row.rule,
            "reason": row.reason,
            "from": row.starts_on.isoformat(),
            "until": row.ends_on.isoformat() if row.ends_on else None,
        }
        for row in Exemption.objects.filter(_is(person))
        .select_related("employment__organization")
        .order_by("id")
    ]


def export_groups(person: Person) -> list[dict[str, Any]]:
    """Group trainings the person was listed at, and what they said."""
    rows = []
    for listing in told_about(person):
        said = getattr(listing, "confirmation", None)
        rows.append(
            {
                "facility": listing.group.facility.name,
                "training": listing.group.version.training.title,
                "held on": listing.group.held_on.isoformat(),
                "was there": said.was_there if said else None,
                "confirmed by": said.how if said else None,
                "confirmed at": said.confirmed_at.isoformat() if said else None,
            }
        )
    return rows


def export_worksheets(person: Person) -> list[dict[str, Any]]:
    """Worksheets the person wrote, or answered at their address."""
    rows = []
    for worksheet in written_or_attested_by(person):
        answer = getattr(worksheet, "answer", None)
        rows.append(
            {
                "facility": worksheet.organization.name,
                "program": worksheet.program,
                "trainer": worksheet.trainer_name,
                "trainer's address": worksheet.trainer_email,
                "status": worksheet.status,
                "answered at": answer.answered_at.isoformat() if answer else None,
                "words": answer.text if answer else None,
                "reason": answer.reason if answer else None,
            }
        )
    return rows


def export_proofs(person: Person) -> list[dict[str, Any]]:
    """Proofs of outside programs that name the person, as their facility accepted them."""
    return [
        {
            "facility": row.proof.facility.name,
            "training": row.proof.version.spec["title"],
            "held on": row.proof.held_on.isoformat(),
            "file": row.proof.name,
            "accepted at": row.proof.accepted_at.isoformat(),
            "taken out": hasattr(row.completion, "revocation"),
        }
        for row in proofs.told_about(person)
    ]


def export_packets(person: Person) -> list[dict[str, Any]]:
    """In which packets for inspectors the person is listed, and how often links to them opened."""
    named = [packet.pk for packet in packets_naming(person)]
    packets = InspectionPacket.objects.filter(pk__in=named).select_related("facility")
    return [
        {
            "facility": packet.facility.name,
            "as of": packet.as_of.isoformat(),
            "made at": packet.made_at.isoformat() if packet.made_at else "",
            "opened by link": packet.opened,
        }
        for packet in packets.annotate(opened=Count("links__openings")).order_by("made_at")
    ]


def export_looks(person: Person) -> list[dict[str, Any]]:
    """When a reviewer of the state opened something that names the person, on what ground."""
    return [
        {
            "opened at": row.at.isoformat(),
            "by": row.office,
            "facility": row.facility,
            "ground": row.ground,
            "in words": row.words,
            "what": row.look,
            "as of": row.as_of.isoformat() if row.as_of else None,
        }
        for row in openings_about(person)
    ]


def export_holds(person: Person) -> list[dict[str, Any]]:
    """Legal holds on the person's records, and records an employer let go of.

    The reason of a hold is the holder's business: it may speak of a dispute with others.
    """
    rows = Person.objects.one_with(person)
    holds = LegalHold.objects.filter(Q(person__in=rows) | Q(employment__person__in=rows))
    released = RecordRelease.objects.filter(employment__person__in=rows)
    return [
        *[
            {
                "held by": hold.employment.organization.name if hold.employment else "an office",
                "since": hold.since.isoformat(),
                "ended at": hold.end.ended_at.isoformat() if hasattr(hold, "end") else None,
            }
            for hold in holds.select_related("employment__organization", "end").order_by("pk")
        ],
        *[
            {
                "removed by": row.employment.organization.name,
                "removed at": row.released_at.isoformat(),
                "kept until": row.kept_until.isoformat(),
            }
            for row in released.select_related("employment__organization").order_by("pk")
        ],
    ]


def export_claims(person: Person) -> list[dict[str, Any]]:
    """Facilities the person asked to manage, and what came of it."""
    return [
        {
            "place": row.name,
            "address": f"{row.street}, {row.city} {row.postcode}",
            "position": row.position,
            "shown by": row.way,
            "license": row.licence_number,
            "file": row.file_name,
            "asked at": row.asked_at.isoformat(),
            "status": row.status,
            "reason": row.reason,
        }
        for row in claims_of(person)
    ]


def export_handovers(person: Person) -> list[dict[str, Any]]:
    """Facilities the person handed over, was asked to take, or answered for."""
    people = Person.objects.one_with(person)
    addresses = [row.email for row in people if row.email]
    rows = FacilityHandover.objects.filter(
        Q(offered_by__in=people) | Q(answered_by__in=people) | Q(to_email__in=addresses)
    )
    return [
        {
            "facility": row.facility.name,
            "to": row.to_email,
            "day": row.day.isoformat(),
            "offered at": row.offered_at.isoformat(),
            "status": row.status,
        }
        for row in rows.select_related("facility").order_by("pk")
    ]


def export_reminders(person: Person) -> list[dict[str, Any]]:
    """When which stage of a duty was told, or had come."""
    return [
        {
            "facility": row.employment.organization.name,
            "rule": row.rule,
            "due by": row.due_on.isoformat(),
            "stage": row.stage,
            "told at": row.told_at.isoformat(),
        }
        for row in DutyReminder.objects.filter(_is(person))
        .select_related("employment__organization")
        .order_by("id")
    ]


def register_holdings() -> None:
    """Announce the kinds of rows; called once the models are there."""
    personal_data.register(personal_data.Holding("holds and removals", export_holds))
    personal_data.register(
        personal_data.Holding("signatures about place and pay", export_attestations)
    )
    personal_data.register(
        personal_data.Holding("facilities asked to manage", export_claims, forget=forget_licences)
    )
    personal_data.register(personal_data.Holding("facilities handed over", export_handovers))
    personal_data.register(personal_data.Holding("packets for inspectors", export_packets))
    personal_data.register(personal_data.Holding("what the state’s reviewers opened", export_looks))
    personal_data.register(personal_data.Holding("group trainings", export_groups))
    personal_data.register(personal_data.Holding("reminders of duties", export_reminders))
    personal_data.register(personal_data.Holding("worksheets", export_worksheets))
    personal_data.register(personal_data.Holding("proofs of outside programs", export_proofs))
    personal_data.register(personal_data.Holding("exemptions from a duty", export_exemptions))
