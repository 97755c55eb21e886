"""A hotel's own training: a worksheet, attested on a phone, a group training, what it counts."""

from datetime import timedelta
from typing import Any

import pytest

from lms.compliance.group_models import GroupTraining
from lms.core.time import new_york_today
from lms.people.models import Employment, Organization, Person
from tests.browser import Reader, link_from_mail, sign_in
from tests.factories.people import make_employment, make_person
from tests.factories.worksheets import pdf

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("demo"),
]
TRAINER = "nadia.trainer@example.org"
PROGRAM = "Front desk briefing"


def worker(hotel: Organization, name: str) -> Employment:
    hired = new_york_today() - timedelta(days=12)
    return make_employment(hotel, person=make_person(None, name=name), started_on=hired)


def write(reader: Reader) -> None:
    """The manager writes the worksheet, all topics but the last two, and sends it."""
    reader.go("/facilities/hudson-house/programs/")
    reader.press("Write a worksheet")
    for label, words in (
        ("Name of the program", PROGRAM),
        ("Whose program it is", "Hudson House Hotel"),
        ("Trainer", "Nadia Trainer"),
        ("Trainer’s e-mail address", TRAINER),
        ("T1. What trafficking is", "page 1"),
        ("T2. How the law defines it", "page 2"),
        ("T3. How to recognize", "page 3"),
        ("T4. Whom to contact", "page 4"),
    ):
        reader.fill(label, words)
    reader.page.locator("input[type=file]").set_input_files(
        {"name": "briefing.pdf", "mimeType": "application/pdf", "buffer": pdf()}
    )
    reader.press("Save and look")
    reader.check()
    assert reader.sees("2 topics are not covered")
    reader.press("Send to Nadia Trainer")
    assert reader.sees("A link is on its way to")


def attest(phone: Reader) -> None:
    """The trainer opens the link on a phone, adds a place, reads the words and attests them."""
    path = link_from_mail(TRAINER, "/facilities/worksheet/")
    phone.go(path)
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= 360
    phone.fill("T4B. That the contact leads to social", "page 5")
    phone.press("Save and read it once more")
    phone.check()
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= 360
    assert phone.sees("It does not cover these topics:")
    phone.page.get_by_text("I attest these words").click()
    phone.press("Attest", exact=True)
    phone.check()
    assert phone.sees("Thank you. It is attested.")
    phone.go(path)
    assert phone.sees("A link takes one answer.")


def train(reader: Reader, names: list[str]) -> None:
    """The manager logs the group and notes who signed the sheet."""
    reader.go("/facilities/hudson-house/groups/new/")
    program = reader.page.get_by_label("Program").locator("option", has_text=PROGRAM)
    reader.page.get_by_label("Program").select_option(str(program.get_attribute("value")))
    reader.fill("Who led it", "Nadia Trainer")
    reader.page.locator("input[name=place]").fill("Break room")
    for question in ("on_premises", "paid_time"):
        reader.page.locator(f"label[for=id_{question}_0]").click()
    for name in names:
        reader.page.get_by_text(name).click()
    reader.press("Log it")
    reader.check()
    for name in names:
        reader.page.get_by_label(f"{name} signed the sheet").press("Space")
    reader.page.get_by_text("I have the sheet with these signatures").click()
    reader.press("Record the ticked signatures")
    assert reader.sees("2 of 2 have confirmed")


def test_a_hotels_own_training_counts_for_what_it_covers(
    reader: Reader, phone: Reader, demo: None, live_server: Any
) -> None:
    hotel = Organization.objects.get(key="hudson-house")
    rosa, ben = worker(hotel, "Rosalinda Quist"), worker(hotel, "Benno Amsel")
    sign_in(reader, Person.objects.get(email="manager@example.org"), live_server.url)
    write(reader)
    attest(phone)
    train(reader, ["Rosalinda Quist", "Benno Amsel"])
    assert GroupTraining.objects.get(facility=hotel, place="Break room").listings.count() == 2
    for employment in (rosa, ben):
        reader.go(f"/facilities/hudson-house/people/{employment.pk}/")
        assert reader.sees("topic T4A not covered (That the contact leads to relief and recovery)")
        assert reader.sees("Trained, not yet proven")
        assert reader.sees("Own program, worksheet attested by Nadia Trainer on")
