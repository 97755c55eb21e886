"""A hotel begins: does the law apply, an account, the letter's code, employees, the packet."""

import pytest
from pypdf import PdfReader

from lms.core.time import new_york_today
from lms.people.models import Employment, Organization
from tests.browser import Reader, code_from_mail
from tests.journeys.test_facility import sign_in_with_password

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("demo"),
]
ADDRESS = "nora.whitfield@example.org"


def begin(phone: Reader) -> None:
    """From the front page for hotels to the answer, once back and forth, without an account."""
    phone.go("/facilities/")
    phone.press("Begin with your facility")
    phone.press("Next")
    phone.check()
    assert phone.sees("Please check this before going on")
    for label, words in (
        ("Name of the place", "Elm Court Hotel"),
        ("Street and number", "12 North Elm Street"),
        ("City, town or village", "Albany"),
        ("ZIP code", "12207"),
    ):
        phone.fill(label, words)
    phone.page.get_by_label("County").select_option("Albany")
    phone.press("Next")
    phone.check()
    phone.fill("How many rooms are for hire?", "40")
    phone.page.get_by_text("No", exact=True).first.click()
    phone.page.get_by_text("No", exact=True).nth(1).click()
    phone.press("Next")
    phone.check()
    assert phone.sees("GBL 205 is for Elm Court Hotel")
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= 360
    phone.press("Back")
    assert phone.page.get_by_label("How many rooms").input_value() == "40"
    phone.press("Next")


def make_account(phone: Reader) -> None:
    phone.press("I have no account yet")
    phone.fill("First name", "Nora")
    phone.fill("Last name", "Whitfield")
    phone.fill("E-mail address", ADDRESS)
    phone.press("Send me a code")
    phone.fill("Code from the mail", code_from_mail(ADDRESS))
    phone.press("Go on")


def printed_code(desk: Reader) -> str:
    """The office prints the letter; what is on it comes from the file."""
    desk.go("/desk/facilities/")
    desk.press("Elm Court Hotel")
    desk.check()
    with desk.page.expect_download() as download:
        desk.press("Print the letter")
    words = " ".join(PdfReader(download.value.path()).pages[0].extract_text().split())
    desk.go(desk.page.url)
    desk.press("Mark as sent")
    assert desk.sees("Noted. The person is told by mail.")
    desk.check()
    return words.split("give Nora Whitfield this code: ")[1].split()[0]


def test_from_the_first_question_to_the_packet(reader: Reader, phone: Reader, demo: None) -> None:
    begin(phone)
    make_account(phone)
    assert phone.sees("Ask to manage Elm Court Hotel")
    phone.check()
    phone.fill("What do you do there?", "General manager")
    phone.page.get_by_text("Send a letter with a code").click()
    phone.press("Ask to manage it")
    phone.check()
    assert phone.sees("The office will send a letter with a code to the place.")

    # The office sends the letter.
    sign_in_with_password(reader, "admin@example.org")
    code = printed_code(reader)

    # Nobody's record is open before the code is typed.
    assert not Organization.objects.filter(name="Elm Court Hotel").exists()
    phone.go("/facilities/code/")
    phone.fill("Code from the letter", "AAAA-BBBB")
    phone.press("This is the code")
    phone.check()
    assert phone.sees("This is not the code of the newest letter.")
    phone.fill("Code from the letter", code.lower())
    phone.press("This is the code")
    phone.check()
    assert phone.sees("That is the code. You manage Elm Court Hotel now.")

    # The first employees.
    phone.press("Add an employee")
    phone.fill("First name", "Rosa")
    phone.fill("Last name", "Almonte")
    phone.page.get_by_label("Post").select_option("housekeeping")
    phone.fill("Hired on", new_york_today().isoformat())
    phone.press("Add")
    phone.check()
    [employment] = Employment.objects.filter(organization__name="Elm Court Hotel")
    assert str(employment.person) == "Rosa Almonte"

    # The packet, with her in it.
    phone.go(f"/facilities/{employment.organization.key}/record/")
    phone.press("Make the packet")
    phone.check()
    with phone.page.expect_download() as download:
        phone.page.get_by_role("link", name="Download").first.click()
    assert download.value.suggested_filename.endswith(".zip")
