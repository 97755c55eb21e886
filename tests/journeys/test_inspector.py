"""An inspection: the manager prepares last month's packet, an inspector reads and checks it."""

from datetime import timedelta
from pathlib import Path

import pytest

from lms.core.time import new_york_today
from tests.browser import Reader
from tests.journeys.test_facility import sign_in_with_password

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("demo"),
]


def test_from_the_managers_desk_to_the_inspectors_phone(
    reader: Reader, phone: Reader, demo: None, tmp_path: Path
) -> None:
    # The manager chooses a day of last month; one line was signed for only since.
    sign_in_with_password(reader, "manager@example.org")
    reader.go("/facilities/hudson-house/")
    reader.press("Prepare for an inspection")
    reader.fill("As of", (new_york_today() - timedelta(days=30)).isoformat())
    reader.press("Show that day")
    assert reader.sees("1 line was corrected since.")
    assert reader.sees("Place and pay of the training of")
    reader.check()

    # The packet, and a link for somebody without an account.
    reader.press("Make the packet")
    assert reader.sees("1 line was corrected after that day; both readings are in the packet.")
    reader.fill("For whom is it?", "County inspector")
    reader.press("Make a link")
    reader.check()
    address = reader.page.locator("#link-address").inner_text()
    path = address.partition("testserver")[2]

    # On the phone: what is missing first, then the packet, then its check.
    phone.go(path)
    headings = phone.page.locator("main h2").all_inner_texts()
    assert [heading.rpartition(" ")[0] for heading in headings[:3]] == [
        "Trained, not yet proven",
        "Overdue",
        "Due",
    ]
    with phone.page.expect_download() as download:
        phone.page.get_by_role("link", name="Download the packet").click()
    saved = tmp_path / "packet.zip"
    download.value.save_as(saved)
    phone.press("Check a packet")
    phone.page.get_by_label("Packet or manifest").set_input_files(saved)
    phone.press("Check", exact=True)
    assert phone.sees("It agrees")
    phone.check()

    # The manager sees that it was opened, and ends it.
    reader.go(reader.page.url)
    assert reader.sees("Opened 1 time, packet taken 1 time")
    reader.press("End it now County inspector")
    assert reader.sees("Ended. Whoever has the address finds nothing there any more.")
    phone.page.goto(path)
    assert phone.sees("Nothing to see at this link")
    phone.check()
