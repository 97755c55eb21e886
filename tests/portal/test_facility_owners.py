"""A company's page for one, three and twelve hotels; founding one; handing a hotel over."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from lms.compliance.handover_models import FacilityHandover
from lms.compliance.handovers.selectors import token_of
from lms.compliance.packets.services import make_packet
from lms.compliance.worksheet_models import Worksheet
from lms.core.time import new_york_today
from lms.people.enums import OrganizationKind, Role
from lms.people.models import Organization, Person
from tests.factories.compliance import describe, make_program, train
from tests.factories.people import (
    make_employment,
    make_facility,
    make_organization,
    make_person,
    make_with_role,
)
from tests.factories.worksheets import pdf
from tests.portal.test_facilities import ago, as_person, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def empire() -> Organization:
    return make_organization(OrganizationKind.COMPANY, name="Empire Lodging", key="empire")


@pytest.fixture
def boss(empire: Organization) -> Person:
    return make_with_role(Role.COMPANY_MANAGER, empire, name="Claire Donovan")


def fill(empire: Organization, count: int) -> list[Organization]:
    """Hotels of the company; of every three one has somebody overdue, one somebody trained."""
    program = make_program()
    hotels = []
    for number in range(count):
        hotel = make_facility(name=f"Hotel {number:02}", key=f"hotel-{number}", parent=empire)
        describe(hotel)
        if number % 3 == 0:
            make_employment(hotel, started_on=ago(90))
        if number % 3 == 1:
            train(make_employment(hotel, started_on=ago(90)), on=ago(80), version=program)
        hotels.append(hotel)
    return hotels


def test_of_twelve_hotels_the_one_that_needs_most_comes_first(
    empire: Organization, boss: Person
) -> None:
    fill(empire, 12)
    page = text(as_person(boss).get("/facilities/company/empire/"))
    assert "12 facilities. 4 of 8 trained. 4 overdue." in page
    assert page.index("Hotel 00") < page.index("Hotel 09") < page.index("Hotel 01")
    assert page.count("<progress") == 8


def test_only_what_needs_a_hand_is_shown_on_request(empire: Organization, boss: Person) -> None:
    fill(empire, 3)
    page = text(as_person(boss).get("/facilities/company/empire/?show=action"))
    assert "Hotel 00" in page
    assert "Hotel 01" not in page
    Organization.objects.filter(key="hotel-0").update(parent=None)
    page = text(as_person(boss).get("/facilities/company/empire/?show=action"))
    assert "None of your facilities needs a hand today" in page


def test_a_company_without_facilities_says_how_to_add_one(boss: Person) -> None:
    client = as_person(boss)
    page = text(client.get("/facilities/company/empire/"))
    assert "No facilities yet" in page
    assert "/facilities/start/?company=empire" in page
    client.get("/facilities/start/?company=empire")
    assert client.session["facility_start"]["company"] == "empire"
    assert as_person(make_person()).get("/facilities/company/empire/").status_code == 404


def test_one_worksheet_does_for_all_facilities_of_the_company(
    empire: Organization, boss: Person
) -> None:
    client = as_person(boss)
    assert "No facilities yet" in text(client.get("/facilities/company/empire/programs/"))
    fill(empire, 2)
    page = text(client.get("/facilities/company/empire/programs/"))
    assert "/facilities/hotel-0/programs/new/?for=company" in page
    form = text(client.get("/facilities/hotel-0/programs/new/?for=company"))
    chosen = form.split('name="for_company" value="yes"')[1][:80]
    assert "checked" in chosen

    client.post(
        "/facilities/hotel-0/programs/new/?for=company",
        {
            "program": "House briefing",
            "provider": "Empire",
            "language": "en",
            "trainer_name": "Nadia Trainer",
            "trainer_email": "nadia@example.org",
            "for_company": "yes",
            "place_NY205-T1": "page 1",
            "material": SimpleUploadedFile("briefing.pdf", pdf()),
        },
    )
    assert Worksheet.objects.get().organization == empire
    assert "House briefing" in text(client.get("/facilities/company/empire/programs/"))
    assert "House briefing" in text(client.get("/facilities/hotel-1/programs/"))
    outsider = as_person(make_with_role(Role.MANAGER, make_facility()))
    assert outsider.get("/facilities/company/empire/programs/").status_code == 404


def test_a_manager_begins_a_company() -> None:
    hotel = make_facility(key="lone", name="Lone Inn")
    client = as_person(make_with_role(Role.MANAGER, hotel))
    assert "/facilities/lone/company/" in text(client.get("/facilities/lone/"))
    answer = client.post("/facilities/lone/company/", {"name": "Lone Star"}, follow=True)
    assert "Your company is here" in text(answer)
    assert "Lone Inn" in text(answer)
    assert client.get("/facilities/lone/company/").status_code == 404


# --- handed over ----------------------------------------------------------------------------------


def test_a_sold_hotel_from_offer_to_the_sellers_last_packet(
    empire: Organization, boss: Person
) -> None:
    hotel, other = fill(empire, 2)
    seller, newcomer = as_person(boss), make_person(name="Pat Buyer")
    url = f"/facilities/{hotel.key}/handover/"
    assert url in text(seller.get(f"/facilities/{hotel.key}/"))
    bad = seller.post(url, {"to": "company", "to_email": "", "day": new_york_today()})
    assert "Give the address" in text(bad)
    seller.post(url, {"to": "company", "to_email": newcomer.email, "day": new_york_today()})
    handover = FacilityHandover.objects.get()
    assert "Waits for an answer" in text(seller.get(url))

    link = f"/facilities/handover/{token_of(handover)}/"
    assert Client().get(link).headers["Location"].startswith("/accounts/login/")
    wrong = as_person(make_person()).get(link)
    assert wrong.status_code == 403
    assert hotel.name not in text(wrong)
    buyer = as_person(newcomer)
    page = text(buyer.get(link))
    assert f"Take over {hotel.name}" in page
    assert other.name not in page
    assert "Give the name of the company" in text(buyer.post(link, {"action": "accept"}))
    answer = buyer.post(link, {"action": "accept", "company_name": "Harbor Inns"}, follow=True)
    assert "It is yours now." in text(answer)

    # The buyer sees this one and no other; the seller the packet of the day before, no more.
    assert buyer.get(f"/facilities/{other.key}/").status_code == 404
    assert seller.get(f"/facilities/{hotel.key}/").status_code == 404
    assert hotel.name in text(seller.get("/facilities/company/empire/")).split("Handed over")[1]
    assert "being made" in text(seller.get("/facilities/handed-over/"))
    handover.refresh_from_db()
    make_packet(packet_id=str(handover.packet_id))
    assert "Download the record as of" in text(seller.get("/facilities/handed-over/"))
    packet = seller.get(f"/facilities/handed-over/{handover.pk}.zip")
    assert packet["Content-Type"] == "application/zip"
    assert packet.getvalue().startswith(b"PK")
    assert buyer.get(f"/facilities/handed-over/{handover.pk}.zip").status_code == 404
    own = f"/facilities/{hotel.key}/packets/{handover.packet_id}.zip"
    assert seller.get(own).status_code == 404


def test_taken_back_refused_and_late_links_say_so(empire: Organization, boss: Person) -> None:
    [hotel] = fill(empire, 1)
    seller, person = as_person(boss), make_person()
    url = f"/facilities/{hotel.key}/handover/"
    later = new_york_today() + timedelta(days=5)
    seller.post(url, {"to": "company", "to_email": person.email, "day": later})
    handover = FacilityHandover.objects.get()
    link = f"/facilities/handover/{token_of(handover)}/"
    seller.post(f"{url}take-back/")
    buyer = as_person(person)
    assert "It was taken back or refused" in text(buyer.get(link))
    answer = buyer.post(link, {"action": "refuse"}, follow=True)
    assert "answered already" in text(answer)
    assert Client().get("/facilities/handover/forged/").status_code in (302, 404)
    assert buyer.get("/facilities/handover/forged/").status_code == 404


def test_a_hotels_own_manager_cannot_give_away_a_companys_hotel(
    empire: Organization,
) -> None:
    [hotel] = fill(empire, 1)
    own = as_person(make_with_role(Role.MANAGER, hotel))
    assert own.get(f"/facilities/{hotel.key}/handover/").status_code == 404
    assert "Hand it over" not in text(own.get(f"/facilities/{hotel.key}/"))
    assert own.post(f"/facilities/{hotel.key}/handover/take-back/").status_code == 404
    assert "no facility" in text(own.get("/facilities/handed-over/"))
