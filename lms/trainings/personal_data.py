"""What trainings keep about a person: requests for access, grants, invitations to their address."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from lms.core.personal_data import Both, Holding, register
from lms.people.models import Person
from lms.trainings.access import verified_addresses
from lms.trainings.access_models import AccessGrant, AccessInvitation, AccessRequest
from lms.trainings.accreditor_models import AccreditorConfirmation


def register_holdings() -> None:
    """Announce our rows about people; called once when the app is ready."""
    register(
        Holding(
            name="access_requests",
            export=export_requests,
            collisions=both_asking,
            said=_("Both wait for an answer about %(what)s. Answer one of the requests first."),
            unnamed=_("one training"),
        )
    )
    register(
        Holding(
            name="access_grants",
            export=export_grants,
            collisions=both_let_in,
            said=_("Both were let into %(what)s. End one of the two permissions first."),
            unnamed=_("one training"),
        )
    )
    register(Holding(name="access_invitations", export=export_invitations))
    register(Holding(name="accreditor_confirmations", export=export_confirmations))


def export_requests(person: Person) -> list[dict[str, Any]]:
    """What the person asked for, with the proof and the answer."""
    return [
        {
            "training": row.training.title,
            "status": row.status,
            "asked_at": row.asked_at,
            "workplace": row.workplace,
            "proof": row.proof,
            "proof_address": row.proof_address,
            "proved_at": row.proved_at,
            "answered_at": row.answered_at,
            "reason": row.reason,
        }
        for row in AccessRequest.objects.of(person).select_related("training")
    ]


def export_grants(person: Person) -> list[dict[str, Any]]:
    """Where the person was let in, and until when."""
    return [
        {
            "training": row.training.title,
            "basis": row.basis,
            "reason": row.reason,
            "granted_at": row.granted_at,
            "expires_on": row.expires_on,
            "ended_at": row.ended_at,
        }
        for row in AccessGrant.objects.of(person).select_related("training")
    ]


def export_invitations(person: Person) -> list[dict[str, Any]]:
    """Invitations to addresses the person has proved."""
    rows = AccessInvitation.objects.filter(address__in=verified_addresses(person))
    return [
        {"training": row.training.title, "address": row.address, "invited_at": row.invited_at}
        for row in rows.select_related("training")
    ]


def export_confirmations(person: Person) -> list[dict[str, Any]]:
    """What the person confirmed of accreditors, with the name they signed with."""
    rows = AccreditorConfirmation.objects.filter(actor__in=Person.objects.one_with(person))
    return [
        {
            "office": row.office.name,
            "accreditor": row.accreditor,
            "state": row.state,
            "signed_name": row.signed_name,
            "recorded_at": row.recorded_at,
        }
        for row in rows.select_related("office")
    ]


def both_asking(one: Person, other: Person) -> list[Both]:
    """Trainings for which both rows of one person wait for an answer: one is taken back first."""
    waiting = AccessRequest.objects.open()
    theirs = waiting.filter(person__in=Person.objects.one_with(other)).values("training")
    doubles = waiting.filter(person__in=Person.objects.one_with(one), training__in=theirs)
    return [
        Both(row.training.title, row.training.owner_id)
        for row in doubles.select_related("training")
    ]


def both_let_in(one: Person, other: Person) -> list[Both]:
    """Trainings into which both rows of one person are let: one grant ends first."""
    held = AccessGrant.objects.filter(ended_at__isnull=True)
    theirs = held.filter(person__in=Person.objects.one_with(other)).values("training")
    doubles = held.filter(person__in=Person.objects.one_with(one), training__in=theirs)
    return [
        Both(row.training.title, row.training.owner_id)
        for row in doubles.select_related("training")
    ]
