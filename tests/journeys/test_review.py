"""A reviewer of the state: totals, a random sample, a note, and a record on a stated ground."""

import pytest

from tests.browser import Reader, link_from_mail
from tests.journeys.test_facility import sign_in_with_password

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("demo"),
]


def test_from_the_totals_to_a_name_and_what_the_hotel_sees_of_it(
    reader: Reader, phone: Reader, demo: None
) -> None:
    # Totals: nobody is named, and the few are hidden.
    sign_in_with_password(phone, "reviewer@example.org")
    phone.go("/review/")
    assert phone.sees("36 employees the law asks a training of")
    assert phone.sees("“Hidden” stands where")
    phone.check()

    # A sample: one of the scans that nobody but the hotel has looked at.
    phone.go("/review/samples/")
    phone.press("Draw a sample")
    phone.fill("Why?", "Quarterly look")
    phone.fill("Seed", "autumn")
    phone.press("Draw", exact=True)
    assert phone.sees("1 of 1, drawn at random.")
    phone.check()
    phone.page.locator("main table a").first.click()
    assert phone.sees("It names employees, so it opens on a stated ground only.")
    phone.check()
    sample = phone.page.url
    phone.page.get_by_text("A note to the facility").click()
    phone.page.get_by_text("The file does not show the day of the training.").click()
    phone.press("Keep this")
    assert phone.sees("Note sent")
    phone.check()

    # The names, on a ground.
    phone.page.goto(sample)
    phone.press("Open the record with its names, on a ground")
    phone.check()
    phone.press("Open it on this ground")
    assert phone.sees("Opened on the ground: Random sample")
    assert phone.sees("Kwame Mensah")
    phone.check()

    # The hotel's manager follows the mail and sees both.
    sign_in_with_password(reader, "manager@example.org")
    reader.go(link_from_mail("manager@example.org", "/facilities/"))
    assert reader.sees("Opened 1 time")
    assert reader.sees("The file does not show the day of the training.")
    reader.check()
