"""A facility changes hands: who may give and take it, when, and what each side sees after."""

from datetime import date, datetime, time, timedelta

import pytest
from django.db import IntegrityError, transaction

from lms.compliance.handover_models import FacilityHandover, HandoverStatus
from lms.compliance.handovers import services
from lms.compliance.handovers.companies import found_company
from lms.compliance.handovers.selectors import given_away_by, token_of
from lms.compliance.packets.services import make_packet
from lms.compliance.selectors import facilities_for
from lms.core.exceptions import Refused
from lms.core.models import AuditEntry, OutboxMessage
from lms.core.time import NEW_YORK, new_york_today
from lms.people.enums import OrganizationKind, Role
from lms.people.models import Employment, Organization, Person, RoleAssignment
from lms.people.roster import services as rosters
from tests.factories.people import (
    make_employment,
    make_facility,
    make_organization,
    make_person,
    make_with_role,
)
from tests.people.roster_help import hand_in, table, take_over

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def fresh(person: Person) -> Person:
    """Without what was remembered of their roles."""
    return Person.objects.get(pk=person.pk)


def sees(person: Person) -> set[str]:
    return set(facilities_for(fresh(person)).values_list("name", flat=True))


def at(day: date, hour: int) -> datetime:
    """A moment on a New York day."""
    return datetime.combine(day, time(hour), tzinfo=NEW_YORK)


@pytest.fixture
def empire() -> Organization:
    return make_organization(OrganizationKind.COMPANY, name="Empire", key="empire")


@pytest.fixture
def seller(empire: Organization) -> Person:
    return make_with_role(Role.COMPANY_MANAGER, empire, name="Claire Donovan")


@pytest.fixture
def buyer() -> Person:
    company = make_organization(OrganizationKind.COMPANY, name="Harbor", key="harbor")
    return make_with_role(Role.COMPANY_MANAGER, company, name="Pat Buyer")


@pytest.fixture
def hotel(empire: Organization) -> Organization:
    make_facility(name="Other Inn", parent=empire)
    return make_facility(name="Hudson House", key="hudson", parent=empire)


def company_of(person: Person) -> Organization:
    found = Organization.objects.filter(roles__person=person, kind="company").first()
    assert found
    return found


def offer(
    hotel: Organization, seller: Person, to: str | None, **fields: object
) -> FacilityHandover:
    given: dict[str, object] = {"day": new_york_today(), **fields}
    return services.offer_handover(
        facility=hotel,
        to_email=to or "",
        actor=seller,
        **given,  # type: ignore[arg-type]
    )


def test_a_sold_hotel_goes_with_its_people_and_the_seller_keeps_the_day_before(
    hotel: Organization, seller: Person, buyer: Person
) -> None:
    worker = make_employment(hotel, started_on=new_york_today() - 30 * DAY)
    left, stays = make_with_role(Role.MANAGER, hotel), make_with_role(Role.MANAGER, hotel)
    handover = offer(hotel, seller, buyer.email)
    assert sees(seller) == {"Hudson House", "Other Inn"}
    role = RoleAssignment.objects.get(person=stays)
    done = services.accept_handover(
        handover=handover, company=company_of(buyer), keeps=[role.pk, 999_999], actor=buyer
    )
    assert done.status == HandoverStatus.DONE
    assert sees(seller) == {"Other Inn"}
    assert sees(buyer) == {"Hudson House"}
    assert sees(left) == set()
    assert OutboxMessage.objects.filter(key=f"handover:{handover.pk}:ended:{left.pk}").exists()
    assert sees(stays) == {"Hudson House"}
    assert Employment.objects.get(pk=worker.pk).organization == hotel

    packet = done.packet
    assert packet
    assert packet.as_of == new_york_today() - DAY
    make_packet(packet_id=str(packet.pk))
    [kept] = given_away_by(fresh(seller))
    assert kept.packet
    assert kept.packet.is_ready
    assert not given_away_by(fresh(buyer)).exists()
    assert AuditEntry.objects.filter(action="handover.done").count() == 1
    # Accepting again changes nothing.
    services.accept_handover(handover=handover, company=company_of(buyer), actor=buyer)
    assert OutboxMessage.objects.filter(key__contains=":done:").count() == 2


def test_it_happens_on_its_day_in_new_york_and_not_before(
    hotel: Organization, seller: Person, buyer: Person
) -> None:
    today = new_york_today()
    handover = offer(hotel, seller, buyer.email, day=today + 3 * DAY)
    services.accept_handover(handover=handover, company=company_of(buyer), actor=buyer)
    assert sees(seller) == {"Hudson House", "Other Inn"}
    assert services.carry_out_due(now=at(today + 2 * DAY, 23)) == 0
    assert services.carry_out_due(now=at(today + 3 * DAY, 0)) == 1
    assert services.carry_out_due(now=at(today + 3 * DAY, 1)) == 0
    assert sees(seller) == {"Other Inn"}
    handover.refresh_from_db()
    assert handover.done_on == today + 3 * DAY
    assert handover.packet
    assert handover.packet.as_of == today + 2 * DAY


def test_only_the_one_it_was_offered_to_answers(
    hotel: Organization, seller: Person, buyer: Person
) -> None:
    handover = offer(hotel, seller, buyer.email)
    thief = make_with_role(Role.COMPANY_MANAGER, make_organization(OrganizationKind.COMPANY))
    with pytest.raises(Refused) as refusal:
        services.refuse_handover(handover=handover, actor=thief)
    assert refusal.value.code == "not_addressed"
    with pytest.raises(Refused) as refusal:
        services.accept_handover(handover=handover, company=company_of(thief), actor=thief)
    assert refusal.value.code == "not_addressed"
    with pytest.raises(Refused) as refusal:
        services.accept_handover(handover=handover, company=company_of(thief), actor=buyer)
    assert refusal.value.code == "not_your_company"
    services.refuse_handover(handover=handover, actor=buyer)
    assert sees(seller) == {"Hudson House", "Other Inn"}
    with pytest.raises(Refused):
        services.accept_handover(handover=handover, company=company_of(buyer), actor=buyer)


def test_until_it_is_accepted_it_can_be_taken_back(
    hotel: Organization, seller: Person, buyer: Person
) -> None:
    first = offer(hotel, seller, buyer.email)
    assert offer(hotel, seller, buyer.email) == first
    with pytest.raises(Refused) as refusal:
        offer(hotel, seller, "somebody@example.org")
    assert refusal.value.code == "under_way"
    with pytest.raises(Refused):
        services.take_back(handover=first, actor=buyer)
    services.take_back(handover=first, actor=seller)
    assert services.take_back(handover=first, actor=seller).status == HandoverStatus.WITHDRAWN
    with pytest.raises(Refused):
        services.accept_handover(handover=first, company=company_of(buyer), actor=buyer)

    later = offer(hotel, seller, buyer.email, day=new_york_today() + DAY)
    services.accept_handover(handover=later, company=company_of(buyer), actor=buyer)
    with pytest.raises(Refused) as refusal:
        services.take_back(handover=later, actor=seller)
    assert refusal.value.code == "accepted"
    with pytest.raises(IntegrityError), transaction.atomic():
        FacilityHandover.objects.create(
            facility=hotel, to_email="x@example.org", day=new_york_today(), offered_by=seller
        )


def test_who_may_give_it_away(hotel: Organization, seller: Person, buyer: Person) -> None:
    own = make_with_role(Role.MANAGER, hotel)
    for person in (own, buyer, make_person()):
        with pytest.raises(Refused) as refusal:
            offer(hotel, person, "new@example.org")
        assert refusal.value.code == "not_yours"
    with pytest.raises(Refused) as refusal:
        offer(hotel, seller, seller.email)
    assert refusal.value.code == "own_address"
    with pytest.raises(Refused) as refusal:
        offer(hotel, seller, buyer.email, day=new_york_today() - DAY)
    assert refusal.value.code == "in_past"


def test_to_nobody_it_stands_by_itself_with_its_own_managers(
    hotel: Organization, seller: Person
) -> None:
    with pytest.raises(Refused) as refusal:
        offer(hotel, seller, None)
    assert refusal.value.code == "no_manager"
    own = make_with_role(Role.MANAGER, hotel)
    later = offer(hotel, seller, None, day=new_york_today() + DAY)
    assert later.status == HandoverStatus.ACCEPTED
    services.take_back(handover=later, actor=seller)
    offer(hotel, seller, None)
    hotel.refresh_from_db()
    assert hotel.parent is None
    assert sees(own) == {"Hudson House"}
    assert sees(seller) == {"Other Inn"}


def test_a_single_hotels_manager_gives_it_to_somebody_who_has_no_company_yet() -> None:
    hotel = make_facility(name="Lone Inn")
    manager, newcomer = make_with_role(Role.MANAGER, hotel), make_person()
    handover = offer(hotel, manager, newcomer.email)
    [message] = OutboxMessage.objects.filter(key=f"handover:{handover.pk}:offer")
    assert token_of(handover) in message.payload["text"]
    with pytest.raises(Refused) as refusal:
        services.accept_handover(handover=handover, company=None, actor=newcomer)
    assert refusal.value.code == "no_name"
    services.accept_handover(
        handover=handover, company=None, company_name="New Lodging", actor=newcomer
    )
    hotel.refresh_from_db()
    assert hotel.parent
    assert hotel.parent.name == "New Lodging"
    assert sees(newcomer) == {"Lone Inn"}
    assert sees(manager) == set()
    assert [row.facility for row in given_away_by(fresh(manager))] == [hotel]


def test_a_list_taken_over_before_the_sale_is_not_undone_after_it(
    hotel: Organization, seller: Person, empire: Organization, buyer: Person
) -> None:
    header = ["Facility", "Emp #", "Name", "Job title", "Meets guests?", "Hire date"]
    rows = [
        ["Hudson House", "1", "Ruiz, Ana", "Front desk", "yes", "2026-11-01"],
        ["Other Inn", "2", "Bell, Ira", "Front desk", "yes", "2026-11-01"],
    ]
    roster = hand_in(empire, table(*rows, header=header), actor=seller)
    take_over(roster, actor=seller)
    assert Employment.objects.filter(organization=hotel).count() == 1
    services.accept_handover(
        handover=offer(hotel, seller, buyer.email), company=company_of(buyer), actor=buyer
    )
    roster.refresh_from_db()
    with pytest.raises(Refused) as refusal:
        rosters.undo_roster(roster=roster, actor=seller)
    assert refusal.value.code == "handed_over"
    assert Employment.objects.filter(organization=hotel).count() == 1


def test_a_manager_founds_a_company_of_the_facility_they_manage() -> None:
    hotel = make_facility(name="Lone Inn")
    manager = make_with_role(Role.MANAGER, hotel)
    with pytest.raises(Refused):
        found_company(name="Mine", facility=hotel, actor=make_person())
    with pytest.raises(Refused):
        found_company(name="  ", facility=hotel, actor=manager)
    company = found_company(name="Lone Star Lodging", facility=hotel, actor=manager)
    assert (company.kind, company.key) == (OrganizationKind.COMPANY, "lone-star-lodging")
    assert found_company(name="Again", facility=hotel, actor=fresh(manager)) == company
    with pytest.raises(Refused) as refusal:
        found_company(name="Other", facility=hotel, actor=make_with_role(Role.MANAGER, hotel))
    assert refusal.value.code == "has_company"
