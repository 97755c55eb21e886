"""A company with twelve hotels: the worst first, one list for all, one sold, one packet."""

from datetime import timedelta

import pytest

from lms.core.tables import csv_text
from lms.core.time import new_york_today
from lms.people.models import Employment, Organization
from tests.browser import Reader, link_from_mail, sign_in
from tests.factories.compliance import describe
from tests.factories.people import make_employment, make_facility, make_person
from tests.journeys.test_facility import sign_in_with_password

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("demo"),
]
BUYER = "pat.buyer@example.org"


def ten_more(company: Organization) -> None:
    """Ten hotels beside the demo's two; in the last three people are overdue for long."""
    for number in range(1, 11):
        hotel = make_facility(
            name=f"Empire Inn {number}", key=f"empire-inn-{number}", city="Albany", parent=company
        )
        describe(hotel)
    for _person in range(9):
        make_employment(hotel, started_on=new_york_today() - timedelta(days=200))


def one_list() -> bytes:
    """Somebody new in each of the ten, as one table with a facility column."""
    hired = (new_york_today() - timedelta(days=3)).isoformat()
    rows = [
        [f"Empire Inn {number}", f"E-{number}", f"Lee, Robin {number}", "Front desk", "yes", hired]
        for number in range(1, 11)
    ]
    header = ["Facility", "Emp #", "Name", "Job title", "Meets guests?", "Hire date"]
    return csv_text(rows, header).encode()


def hotels_shown(reader: Reader) -> list[str]:
    return reader.page.locator("main tbody th a").all_inner_texts()


def hand_in(reader: Reader) -> None:
    reader.press("Take over one list for all")
    reader.page.locator("input[type=file]").set_input_files(
        {"name": "everybody.csv", "mimeType": "text/csv", "buffer": one_list()}
    )
    reader.press("Upload and look")
    assert reader.sees("10 people are ready to be taken over.")
    reader.check()
    reader.press("Take over", exact=True)
    assert reader.sees("The list is taken over")
    reader.check()
    reader.press("See the employees")


def test_a_company_manager_looks_after_twelve_hotels(
    reader: Reader, phone: Reader, demo: None, live_server: object
) -> None:
    company = Organization.objects.get(key="empire-lodging")
    ten_more(company)
    sign_in_with_password(reader, "company@example.org")
    reader.go("/facilities/")
    assert reader.page.url.endswith("/facilities/company/empire-lodging/")

    # The worst first, one sentence and one bar for all, and only those that need a hand.
    assert reader.sees("12 facilities.")
    assert hotels_shown(reader)[0] == "Empire Inn 10"
    assert len(hotels_shown(reader)) == 12
    reader.press("Needs a hand")
    reader.check()
    assert 1 <= len(hotels_shown(reader)) <= 3
    assert "Empire Inn 1" not in hotels_shown(reader)
    reader.go("/facilities/company/empire-lodging/")

    # One list for all of them.
    before = Employment.objects.filter(organization__parent=company).count()
    hand_in(reader)
    assert Employment.objects.filter(organization__parent=company).count() == before + 10

    # The packet of the worst.
    reader.press("Empire Inn 10")
    reader.press("Prepare for an inspection")
    reader.press("Make the packet")
    reader.check()
    with reader.page.expect_download() as download:
        reader.press("Download the packet")
    assert download.value.suggested_filename.endswith(".zip")

    # One of them is sold: the buyer accepts on a phone, and it is gone here but for its record.
    reader.go("/facilities/empire-inn-3/")
    reader.press("Sold? Hand it over")
    reader.check()
    reader.fill("Their e-mail address", BUYER)
    reader.fill("First day of the new owner", new_york_today().isoformat())
    reader.press("Hand it over")
    assert reader.sees("A link to accept it is on its way")
    reader.check()
    buyer = make_person(BUYER, name="Pat Buyer")
    sign_in(phone, buyer, str(live_server))
    phone.go(link_from_mail(BUYER, "/facilities/handover/"))
    assert phone.sees("Take over Empire Inn 3")
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= 360
    phone.fill("Name of your company", "Harbor Inns")
    phone.press("Take it over")
    phone.check()
    assert phone.sees("It is yours now.")
    assert phone.sees("Robin 3 Lee")
    gone = reader.page.goto("/facilities/empire-inn-3/")
    assert gone is not None
    assert gone.status == 404
    reader.go("/facilities/handed-over/")
    with reader.page.expect_download() as download:
        reader.press("Download the record as of")
    assert download.value.suggested_filename.startswith("empire-inn-3-")
