"""A facility changes hands: offered, accepted or not, taken back, carried out on its day."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.compliance.handover_models import FacilityHandover, HandoverStatus
from lms.compliance.handovers import mails
from lms.compliance.handovers.companies import make_company
from lms.compliance.handovers.selectors import due, open_for, own_managers
from lms.compliance.packet_models import InspectionPacket
from lms.compliance.packets.services import request_packet
from lms.compliance.rules import get_rule
from lms.core import audit
from lms.core.exceptions import Refused
from lms.core.locking import lock
from lms.core.time import new_york_today
from lms.people.enums import OrganizationKind, Role
from lms.people.models import Organization, Person
from lms.people.permissions import has_role
from lms.people.selectors import has_address
from lms.people.services import end_role


def may_hand_over(person: Person, facility: Organization) -> bool:
    """Whose it is may give it away: its company's manager, or without a company its own."""
    if facility.parent_id is None:
        return has_role(person, Role.MANAGER, facility)
    assert facility.parent is not None  # noqa: S101 - it has one
    return has_role(person, Role.COMPANY_MANAGER, facility.parent)


@transaction.atomic
def offer_handover(
    *,
    facility: Organization,
    to_email: str,
    day: date,
    actor: Person,
    now: datetime | None = None,
) -> FacilityHandover:
    """Offer the facility to whoever has this address; without one it goes to nobody's company.

    `day` is the new owner's first day (New York). To nobody it goes without an answer, on its day.
    One that is under way with the same address and day is returned. Raises Refused for another one
    under way, a day that is past, an address of one's own, and for a facility that would be left
    without a manager.
    """
    now = now or timezone.now()
    facility = lock(facility)
    if not may_hand_over(actor, facility):
        raise Refused(_("You cannot give this facility away."), code="not_yours")
    address = to_email.strip().lower()
    under_way = open_for(facility)
    if under_way and (under_way.to_email, under_way.day) == (address, day):
        return under_way
    if under_way:
        raise Refused(_("A hand-over is under way. Take it back first."), code="under_way")
    if day < new_york_today(now):
        raise Refused(_("Choose today or a day to come."), code="in_past")
    _demand_somebody(facility, address, actor)
    handover = FacilityHandover.objects.create(
        facility=facility,
        from_company=facility.parent,
        to_email=address,
        day=day,
        status=HandoverStatus.OFFERED if address else HandoverStatus.ACCEPTED,
        keeps=[] if address else [role.pk for role in own_managers(facility)],
        offered_by=actor,
        offered_at=now,
    )
    audit.record(
        "handover.offered", handover, actor=actor, now=now, facility=facility.pk, day=str(day)
    )
    if address:
        mails.offer(handover)
        return handover
    return _carry_out(handover, now=now) if day <= new_york_today(now) else handover


def _demand_somebody(facility: Organization, address: str, actor: Person) -> None:
    """Refuse what would leave the facility to nobody, or to the one who gives it."""
    if address and has_address(actor, address):
        raise Refused(_("This is your own address."), code="own_address")
    if address:
        return
    if facility.parent_id is None:
        raise Refused(_("It belongs to no company already."), code="no_company")
    if not own_managers(facility).exists():
        raise Refused(
            _("Nobody would manage it. Let somebody who works there ask for a role first."),
            code="no_manager",
        )


@transaction.atomic
def take_back(
    *, handover: FacilityHandover, actor: Person, now: datetime | None = None
) -> FacilityHandover:
    """Not after all; twice is once. Raises Refused once it is accepted."""
    handover = lock(handover)
    if handover.status == HandoverStatus.WITHDRAWN:
        return handover
    if not may_hand_over(actor, handover.facility):
        raise Refused(_("You cannot take this back."), code="not_yours")
    if not handover.can_be_taken_back:
        raise Refused(_("It is accepted. Ask the new owner to give it back."), code="accepted")
    return _answer(handover, HandoverStatus.WITHDRAWN, actor=actor, now=now or timezone.now())


@transaction.atomic
def accept_handover(
    *,
    handover: FacilityHandover,
    company: Organization | None,
    company_name: str = "",
    keeps: Collection[int] = (),
    actor: Person,
    now: datetime | None = None,
) -> FacilityHandover:
    """Take the facility over, for a company one manages or for a new one of this name.

    `keeps` are the roles of the facility's managers that stay; the others end on the day. It is
    carried out at once where its day has come. Accepting again changes nothing. Raises Refused for
    anybody but whoever it was offered to, and for the company it comes from.
    """
    now = now or timezone.now()
    handover = lock(handover)
    if handover.status in {HandoverStatus.ACCEPTED, HandoverStatus.DONE}:
        return handover
    _demand_addressee(handover, actor)
    if company is None:
        company = make_company(name=company_name, actor=actor, now=now)
    elif not has_role(actor, Role.COMPANY_MANAGER, company):
        raise Refused(_("You do not manage this company here."), code="not_your_company")
    if company.kind != OrganizationKind.COMPANY or company.pk == handover.from_company_id:
        raise Refused(_("The facility belongs to this company already."), code="same_company")
    roles = set(own_managers(handover.facility).values_list("pk", flat=True))
    handover.to_company = company
    handover.keeps = sorted(roles & set(keeps))
    handover = _answer(handover, HandoverStatus.ACCEPTED, actor=actor, now=now)
    mails.answered(handover)
    today = new_york_today(now)
    return _carry_out(handover, now=now) if handover.day <= today else handover


@transaction.atomic
def refuse_handover(
    *, handover: FacilityHandover, actor: Person, now: datetime | None = None
) -> FacilityHandover:
    """No, thank you; nothing changes. Twice is once. Raises Refused as `accept_handover` does."""
    handover = lock(handover)
    if handover.status == HandoverStatus.REFUSED:
        return handover
    _demand_addressee(handover, actor)
    handover = _answer(handover, HandoverStatus.REFUSED, actor=actor, now=now or timezone.now())
    mails.answered(handover)
    return handover


def _demand_addressee(handover: FacilityHandover, actor: Person) -> None:
    if not handover.is_offered:
        raise Refused(_("This is answered already, or was taken back."), code="answered")
    if not has_address(actor, handover.to_email):
        raise Refused(
            _("This was sent to another address. Sign in with that one."), code="not_addressed"
        )


def _answer(
    handover: FacilityHandover, status: HandoverStatus, *, actor: Person, now: datetime
) -> FacilityHandover:
    handover.status, handover.answered_by, handover.answered_at = status, actor, now
    handover.save()
    audit.record(
        f"handover.{status.value}",
        handover,
        actor=actor,
        now=now,
        facility=handover.facility_id,
        company=handover.to_company_id,
    )
    return handover


def carry_out_due(*, now: datetime | None = None) -> int:
    """Carry out what was accepted and whose day has come; how many. May run twice."""
    now = now or timezone.now()
    done = 0
    for pk in due(new_york_today(now)):
        with transaction.atomic():
            handover = lock(FacilityHandover(pk=pk))
            if handover.status == HandoverStatus.ACCEPTED:
                _carry_out(handover, now=now)
                done += 1
    return done


def _carry_out(handover: FacilityHandover, *, now: datetime) -> FacilityHandover:
    """The facility is the new owner's: employments stay, the former managers' roles end.

    The packet of the day before is asked for in the same transaction.
    """
    facility = lock(handover.facility)
    if facility.parent_id != handover.from_company_id:
        # Somebody else has moved it since; whoever offered it can no longer give it.
        return _answer(handover, HandoverStatus.WITHDRAWN, actor=handover.offered_by, now=now)
    today = new_york_today(now)
    packet = _last_packet(handover, facility, handover.day_from(today), now)
    facility.parent = handover.to_company
    facility.save(update_fields=["parent"])
    for role in own_managers(facility):
        if role.pk not in handover.keeps:
            end_role(assignment=role, actor=handover.answered_by, now=now)
            mails.role_ended(handover, role.person)
    handover.packet, handover.status = packet, HandoverStatus.DONE
    handover.done_at, handover.done_on = now, handover.day_from(today)
    handover.save()
    audit.record(
        "handover.done",
        handover,
        actor=None,
        now=now,
        facility=facility.pk,
        before=handover.from_company_id,
        after=handover.to_company_id,
    )
    mails.done(handover)
    return handover


def _last_packet(
    handover: FacilityHandover, facility: Organization, day: date, now: datetime
) -> InspectionPacket | None:
    """The record of the day before, for the former owner to keep; None where none can be signed."""
    try:
        return request_packet(
            facility=facility,
            rule=get_rule(),
            as_of=day - timedelta(days=1),
            actor=handover.offered_by,
            now=now,
        )
    except Refused:
        return None
