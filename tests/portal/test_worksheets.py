"""Worksheets on the pages: the manager writes and sends, the trainer answers through the link."""

import io
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from pypdf import PdfReader

from lms.compliance.models import Worksheet
from lms.compliance.worksheet_models import WorksheetAnswer
from lms.compliance.worksheets import links, services
from lms.core import outbox
from lms.people.enums import Role
from lms.people.models import Organization, Person
from tests.browser import link_from_mail
from tests.factories.people import make_facility, make_with_role
from tests.factories.worksheets import (
    GAP,
    TRAINER,
    attested,
    make_worksheet,
    pdf,
    places,
    send,
    upload,
)
from tests.portal.test_facilities import as_person, text

pytestmark = pytest.mark.django_db
HOME = "/facilities/hudson/programs/"


@pytest.fixture
def company() -> Organization:
    return Organization.objects.create(kind="company", name="Empire Lodging", key="empire")


@pytest.fixture
def hotel(company: Organization) -> Organization:
    return make_facility(name="Hudson House", key="hudson", parent=company)


@pytest.fixture
def manager(hotel: Organization) -> Person:
    return make_with_role(Role.MANAGER, hotel, name="Ravi Menon")


def typed(**other: Any) -> dict[str, Any]:
    """What a manager fills in."""
    return {
        "program": "Our morning briefing",
        "provider": "Baptiste Training",
        "language": "en",
        "trainer_name": "Lorraine Baptiste",
        "trainer_email": TRAINER,
        **{f"place_{code}": place for code, place in places(without=(GAP,)).items()},
        **other,
    }


def at_link(worksheet: Worksheet, rest: str = "") -> str:
    return f"/facilities/worksheet/{links.token_of(worksheet)}/{rest}"


def test_from_the_first_word_to_the_trainers_answer(hotel: Organization, manager: Person) -> None:
    client = as_person(manager)
    assert "No program of your own yet" in text(client.get(HOME))
    answer = client.post(f"{HOME}new/", typed(material=upload()))
    worksheet = Worksheet.objects.get()
    here = f"{HOME}{worksheet.pk}/"
    assert answer["Location"] == here
    shown = text(client.get(here))
    assert "1 topic is not covered" in shown
    assert "Send to Lorraine Baptiste" in shown
    client.post(f"{here}send/")
    outbox.sweep()
    path = link_from_mail(TRAINER, "/facilities/worksheet/")

    trainer = Client()
    page = trainer.get(path)
    assert "Hudson House asks you" in text(page)
    corrected = {f"place_{code}": place for code, place in places(without=(GAP,)).items()}
    corrected["place_NY205-T1"] = "slide 9"
    trainer.post(path, corrected)
    page = trainer.get(f"{path}attest/")
    assert "slide 9" in text(page)
    assert "It does not cover these topics:" in text(page)
    read = page.context["form"].initial["read"].replace("\n", "\r\n")  # as browsers send it
    said = {"name": "Lorraine Baptiste", "read": read}
    assert "Tick this if you attest" in text(trainer.post(f"{path}attest/", said))
    trainer.post(f"{path}attest/", {**said, "sure": "on"})
    page = trainer.get(path)
    assert "Thank you. It is attested." in text(page)
    assert "A link takes one answer." in text(page)
    drawn = PdfReader(io.BytesIO(trainer.get(f"{path}worksheet.pdf").content))
    assert "slide 9" in drawn.pages[0].extract_text()

    shown = text(client.get(here))
    assert "Lorraine Baptiste attested it on" in shown
    assert "The facility wrote: page 1" in shown
    assert "1 topic is not covered" in text(client.get(HOME))
    outbox.sweep()
    assert {message.to[0] for message in mail.outbox[-2:]} == {manager.email, TRAINER}


def test_a_bad_file_loses_nothing_that_was_typed(hotel: Organization, manager: Person) -> None:
    bad = upload("slides.pdf", pdf(script="app.alert(1)"))
    page = as_person(manager).post(f"{HOME}new/", typed(material=bad))
    assert "carries a script, a macro or another file inside" in text(page)
    assert 'value="Our morning briefing"' in page.content.decode()
    assert 'value="page 1"' in page.content.decode()
    assert not Worksheet.objects.exists()
    page = as_person(manager).post(f"{HOME}new/", typed(trainer_email="x", material=upload()))
    assert "Enter a valid email address." in text(page)


def test_an_opened_link_says_nothing_by_itself(hotel: Organization, manager: Person) -> None:
    worksheet = send(make_worksheet(hotel, manager))
    for rest in ("", "attest/", "decline/", "material/"):
        answer = Client().get(at_link(worksheet, rest))
        assert answer.status_code == 200
        assert answer.getvalue()  # read to its end, as a browser does
    worksheet.refresh_from_db()
    assert worksheet.is_sent


def test_what_changed_since_it_was_read_is_read_again(hotel: Organization, manager: Person) -> None:
    worksheet = send(make_worksheet(hotel, manager))
    said = {"name": "L", "sure": "on", "read": services.words_to_attest(worksheet)}
    services.correct_places(worksheet=worksheet, places={GAP: ""})
    page = Client().post(at_link(worksheet, "attest/"), said)
    assert "has changed since you read it" in text(page)
    assert not WorksheetAnswer.objects.exists()


def test_the_trainer_declines(hotel: Organization, manager: Person) -> None:
    worksheet = send(make_worksheet(hotel, manager))
    said = {"name": "Lorraine Baptiste", "reason": ""}
    page = Client().post(at_link(worksheet, "decline/"), said)
    assert "This field is required." in text(page)
    Client().post(at_link(worksheet, "decline/"), {**said, "reason": "These are old slides."})
    assert "Your answer is noted" in text(Client().get(at_link(worksheet)))
    shown = text(as_person(manager).get(f"{HOME}{worksheet.pk}/"))
    assert "These are old slides." in shown
    assert "Start another one from it" in shown


def test_a_link_that_is_over_shows_nothing(hotel: Organization, manager: Person) -> None:
    worksheet = send(make_worksheet(hotel, manager))
    old = at_link(worksheet)
    worksheet = send(worksheet)
    page = Client().get(old)
    assert "has sent a newer link since" in text(page)
    assert "Our morning briefing" not in text(page)
    assert Client().get(f"{old}material/").status_code == 404
    assert Client().get(f"{old}worksheet.pdf").status_code == 404
    assert Client().post(f"{old}attest/", {"sure": "on"}).status_code == 200
    assert Client().get("/facilities/worksheet/not-a-token/").status_code == 404
    assert not WorksheetAnswer.objects.exists()
    # The used link keeps the answer readable, but the material is closed.
    done = attested(hotel, manager)
    assert Client().get(at_link(done, "material/")).status_code == 404
    assert Client().get(at_link(done, "worksheet.pdf")).status_code == 200


def test_the_material_is_handed_out_as_a_file(hotel: Organization, manager: Person) -> None:
    worksheet = send(make_worksheet(hotel, manager))
    for answer in (
        as_person(manager).get(f"{HOME}{worksheet.pk}/material/"),
        Client().get(at_link(worksheet, "material/")),
    ):
        assert answer["Content-Disposition"] == 'attachment; filename="briefing.pdf"'
        assert answer["Content-Type"] == "application/pdf"
        assert b"".join(answer.streaming_content).startswith(b"%PDF")  # type: ignore[attr-defined]


def test_to_anybody_else_there_is_no_worksheet(hotel: Organization, manager: Person) -> None:
    worksheet = send(make_worksheet(hotel, manager))
    other = make_facility(key="other")
    stranger = as_person(make_with_role(Role.MANAGER, other))
    trainer = as_person(make_with_role(Role.TRAINER, make_facility(key="third")))
    theirs = send(make_worksheet(other, make_with_role(Role.MANAGER, other)))
    for client in (stranger, trainer):
        for rest in (
            "",
            "new/",
            *(f"{worksheet.pk}/{rest}" for rest in ("", "edit/", "material/")),
        ):
            assert client.get(f"{HOME}{rest}").status_code == 404
        for rest in ("send/", "back/", "drop/"):
            assert client.post(f"{HOME}{worksheet.pk}/{rest}").status_code == 404
    # Through one's own facility's address another's worksheet is not there either.
    assert stranger.get(f"/facilities/other/programs/{worksheet.pk}/").status_code == 404
    assert stranger.get(f"/facilities/other/programs/new/?from={worksheet.pk}").status_code == 404
    assert stranger.get("/facilities/other/programs/new/?from=x").status_code == 404
    # Another trainer's link opens that trainer's worksheet, and no other.
    assert "Hudson House" not in text(Client().get(at_link(theirs)))
    worksheet.refresh_from_db()
    assert worksheet.is_sent


def test_a_company_writes_for_all_its_facilities(
    company: Organization, hotel: Organization, manager: Person
) -> None:
    chief = as_person(make_with_role(Role.COMPANY_MANAGER, company))
    assert "Which facilities is it for?" in text(chief.get(f"{HOME}new/"))
    chief.post(f"{HOME}new/", typed(material=upload(), for_company="yes"))
    worksheet = Worksheet.objects.get()
    assert worksheet.organization == company
    # The facility's own manager reads it, and leaves it alone.
    client = as_person(manager)
    shown = text(client.get(f"{HOME}{worksheet.pk}/"))
    assert "all facilities of Empire Lodging" in shown
    assert "Send to Lorraine Baptiste" not in shown
    assert client.post(f"{HOME}{worksheet.pk}/send/").status_code == 404
    assert client.get(f"{HOME}{worksheet.pk}/edit/").status_code == 404
    assert "Which facilities is it for?" not in text(client.get(f"{HOME}new/"))
    client.post(f"{HOME}new/", typed(for_company="yes"))
    assert Worksheet.objects.latest("pk").organization == hotel


def test_drafts_are_changed_taken_back_and_dropped(hotel: Organization, manager: Person) -> None:
    client = as_person(manager)
    client.post(f"{HOME}new/", typed())
    worksheet = Worksheet.objects.get()
    here = f"{HOME}{worksheet.pk}/"
    assert "The material is missing" in text(client.get(here))
    client.post(f"{here}edit/", typed(program="Evening briefing", material=upload()))
    assert "Evening briefing" in text(client.get(here))
    client.post(f"{here}send/")
    assert client.get(f"{here}edit/")["Location"] == here  # not while it waits
    client.post(f"{here}back/")
    assert "Send to Lorraine Baptiste" in text(client.get(here))
    page = client.post(f"{here}drop/", follow=True)
    assert "This worksheet was sent, so it stays." in text(page)
    client.post(f"{HOME}new/?from={worksheet.pk}", typed())
    copy = Worksheet.objects.latest("pk")
    worksheet.refresh_from_db()
    assert copy.material_sha256 == worksheet.material_sha256 != ""
    client.post(f"{HOME}{copy.pk}/drop/")
    assert Worksheet.objects.count() == 1


def test_renewing_from_the_page(hotel: Organization, manager: Person) -> None:
    old = attested(hotel, manager)
    client = as_person(manager)
    assert f"new/?renew={old.pk}" in client.get(f"{HOME}{old.pk}/").content.decode()
    client.post(f"{HOME}new/?renew={old.pk}", typed())
    renewal = Worksheet.objects.latest("pk")
    assert renewal.replaces == old
    assert "A renewal is under way" in text(client.get(f"{HOME}{old.pk}/"))
    page = client.post(f"{HOME}new/?renew={old.pk}", typed())
    assert "A renewal of this worksheet is under way" in text(page)


def test_the_list_costs_the_same_for_many(
    hotel: Organization, manager: Person, django_assert_num_queries: Any
) -> None:
    client = as_person(manager)
    for many in (1, 2):
        for _round in range(many):
            attested(hotel, manager)
        with django_assert_num_queries(4):
            client.get(HOME)
