"""A group trained at the hotel: logged, said so by PIN or signature, counted, one still open."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from playwright.sync_api import Locator

from lms.core.time import new_york_today, short_date
from lms.people.devices import services as devices
from lms.people.models import Employment, Organization, Person
from tests.browser import Reader, sign_in
from tests.factories.compliance import make_program
from tests.factories.people import give_pin, make_employment, make_person
from tests.factories.trainings import make_training

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("demo"),
]
HOTEL = "/facilities/hudson-house/"
PROGRAM = "What staff of hotels can see"
PLACE = "Banquet room, second floor"
BY_PIN, BY_SHEET, OPEN = "Ilse Farkas", "Mateo Brandl", "Yusuf Ekdal"
PIN = "274059"


def worker(hotel: Organization, name: str, number: str) -> Employment:
    hired = new_york_today() - timedelta(days=12)
    return make_employment(
        hotel, person=make_person(None, name=name), number=number, started_on=hired
    )


def trained_of(reader: Reader, path: str) -> tuple[int, int]:
    """The two numbers of "41 of 44 trained." at the top of the page."""
    reader.go(path)
    words = reader.page.locator("main, header").get_by_text("trained.").first.inner_text()
    found = re.search(r"(\d+) of (\d+) trained\.", words)
    assert found, words
    return int(found[1]), int(found[2])


def row_of(reader: Reader, name: str) -> Locator:
    """The table's row of somebody."""
    return reader.page.locator("tbody tr").filter(has_text=name).first


def log(reader: Reader, held_on: date) -> str:
    """The manager finds the page from the hotel's own, and logs yesterday; the group's address."""
    reader.go(HOTEL)
    reader.press("Group trainings", exact=True)
    reader.press("Log a group training")
    reader.check()
    reader.fill("Day", str(held_on))
    program = reader.page.get_by_label("Program").locator("option", has_text=PROGRAM)
    reader.page.get_by_label("Program").select_option(str(program.get_attribute("value")))
    reader.fill("Who led it", "Lorraine Baptiste")
    reader.page.get_by_role("textbox", name="Where").fill(PLACE)
    for question in ("on_premises", "paid_time"):
        reader.page.locator(f"label[for=id_{question}_0]").click()
    reader.press("Log it")
    reader.check()
    assert reader.sees("Tick at least one person.")
    for name in (BY_PIN, BY_SHEET, OPEN):
        reader.page.get_by_text(name).click()
    reader.press("Log it")
    reader.check()
    assert reader.sees("0 of 3 have confirmed")
    assert reader.sees(f"{PLACE}, on the premises")
    assert reader.sees("on paid time")
    return reader.page.url


def say_yes(tablet: Reader, hotel: Organization, manager: Person, number: str, day: str) -> None:
    """The hotel's shared device is added; somebody signs in on it and says that they were there."""
    _device, code = devices.invite_device(facility=hotel, label="Tablet", actor=manager)
    tablet.go("/device/")
    tablet.fill("Code", code)
    tablet.press("Add this device")
    tablet.fill("Employee number", number)
    tablet.fill("PIN", PIN)
    tablet.press("Sign in")
    tablet.check()
    assert tablet.sees(f"Were you at the training on {day}?")
    assert tablet.sees(f"{PLACE}, Lorraine Baptiste, in paid time")
    assert tablet.page.evaluate("document.documentElement.scrollWidth") <= 360
    tablet.press("Yes, I was there")
    tablet.check()
    assert tablet.sees("Thank you. Your answer is recorded.")
    assert tablet.sees("Your training is done.")
    assert tablet.page.get_by_text("Were you at the training").count() == 0
    tablet.press("I am done: sign out")
    assert tablet.sees("Sign in for your training")


def note_signature(reader: Reader, group: str) -> None:
    """The manager sees who is open, and notes who signed the sheet that the hotel keeps."""
    reader.go(group)
    assert reader.sees("1 of 3 have confirmed")
    assert "own PIN on a shared device" in row_of(reader, BY_PIN).inner_text()
    for name in (BY_SHEET, OPEN):
        assert "Not yet" in row_of(reader, name).inner_text()
    assert reader.page.get_by_label(f"{BY_PIN} signed the sheet").count() == 0
    reader.page.get_by_label(f"{BY_SHEET} signed the sheet").check()
    reader.press("Record the ticked signatures")
    assert reader.sees("Tick who signed, and that you have the signed sheet and keep it.")
    assert reader.page.get_by_label(f"{BY_SHEET} signed the sheet").is_checked()
    reader.page.get_by_text("I have the sheet with these signatures").click()
    reader.press("Record the ticked signatures")
    reader.check()
    assert reader.sees("2 of 3 have confirmed")
    assert "signature on the sheet" in row_of(reader, BY_SHEET).inner_text()
    assert "Not yet" in row_of(reader, OPEN).inner_text()


def test_a_group_is_logged_confirmed_and_counted(
    reader: Reader, phone: Reader, demo: None, live_server: Any
) -> None:
    hotel = Organization.objects.get(key="hudson-house")
    manager = Person.objects.get(email="manager@example.org")
    make_program(training=make_training(title=PROGRAM))
    by_pin = give_pin(worker(hotel, BY_PIN, "7101"), PIN)
    by_sheet, still_open = worker(hotel, BY_SHEET, "7102"), worker(hotel, OPEN, "7103")
    held_on = new_york_today() - timedelta(days=1)
    sign_in(reader, manager, live_server.url)
    trained, covered = trained_of(reader, HOTEL)

    group = log(reader, held_on)
    assert trained_of(reader, HOTEL) == (trained, covered)  # the manager's word counts for nobody
    say_yes(phone, hotel, manager, by_pin.number, short_date(held_on))
    assert trained_of(reader, HOTEL) == (trained + 1, covered)
    note_signature(reader, group)

    for path in (HOTEL, f"{HOTEL}record/"):
        assert trained_of(reader, path) == (trained + 2, covered)
    why = f"Trained on {short_date(held_on)}; every point is shown."
    for name in (BY_PIN, BY_SHEET):
        assert PROGRAM in row_of(reader, name).inner_text()
    assert PROGRAM not in row_of(reader, OPEN).inner_text()
    for employment in (by_pin, by_sheet):
        reader.go(f"{HOTEL}people/{employment.pk}/")
        assert reader.sees(why)
        assert reader.sees("On the premises")
        assert reader.sees("On paid time")
    reader.go(f"{HOTEL}people/{still_open.pk}/")
    assert reader.sees("None recorded yet")
    assert reader.page.get_by_text("Trained on").count() == 0
