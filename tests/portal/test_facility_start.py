"""The wizard before an account, the claim after it, the desk's queue and its letters."""

import io
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from lms.compliance.claim_models import ClaimWay, FacilityClaim
from lms.core.time import new_york_today
from lms.people.enums import Role
from lms.people.models import Organization, Person
from lms.people.permissions import manages_facility
from tests.factories.claims import ELM, letter_code, make_claim
from tests.factories.people import (
    make_facility,
    make_office,
    make_person,
    make_state_office,
    make_with_role,
)

pytestmark = pytest.mark.django_db

START = "/facilities/start/"
KIND = {"rooms_for_hire": "40", "owner_lives_there": "no", "is_dwelling": "no"}


def text(response: Any) -> str:
    """The page's words, spaces folded."""
    return " ".join(response.content.decode().split())


def as_person(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def walk(client: Client, place: dict[str, str] | None = None, **kind: str) -> Any:
    """Through the first pages to the answer."""
    client.post(START, {**ELM, **(place or {})})
    return client.post(f"{START}kind/", {**KIND, **kind}, follow=True)


@pytest.fixture
def desk() -> Client:
    office = make_state_office(contact_email="state@example.org")
    return as_person(make_with_role(Role.COORDINATOR, office))


# --- the wizard -----------------------------------------------------------------------------------


def test_without_an_account_one_learns_whether_the_law_applies_and_what_comes_next() -> None:
    page = text(walk(Client()))
    assert "GBL 205 is for Elm Court Hotel" in page
    assert "This is not legal advice" in page
    assert "/accounts/login/?next=/facilities/start/claim/" in page
    assert FacilityClaim.objects.count() == 0


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ({"rooms_for_hire": "5", "owner_lives_there": "yes"}, "GBL 205 is not for Elm Court"),
        ({"rooms_for_hire": "6", "owner_lives_there": "yes"}, "GBL 205 is for Elm Court"),
        ({"rooms_for_hire": "5", "owner_lives_there": "no"}, "GBL 205 is for Elm Court"),
        ({"is_dwelling": "yes"}, "GBL 205 is not for Elm Court"),
        ({"rooms_for_hire": "", "owner_lives_there": ""}, "GBL 205 is likely for Elm Court"),
    ],
)
def test_the_answer_follows_rooms_owner_and_dwelling(kind: dict[str, str], words: str) -> None:
    assert words in text(walk(Client(), **kind))


def test_a_hotel_in_the_city_learns_of_the_citys_law_too() -> None:
    brooklyn = {"county": "Kings", "city": "Brooklyn", "postcode": "11201"}
    page = text(walk(Client(), brooklyn, rooms_for_hire="150"))
    assert "GBL 205 is for Elm Court Hotel" in page
    assert "Local Law 104" in page
    assert "Local Law 104" not in text(walk(Client()))


def test_back_and_forth_loses_nothing_and_steps_cannot_be_skipped() -> None:
    client = Client()
    assert client.get(f"{START}answer/").headers["Location"] == START
    assert client.get(f"{START}kind/").headers["Location"] == START
    client.post(START, ELM)
    assert client.get(f"{START}answer/").headers["Location"] == f"{START}kind/"
    walk(client, rooms_for_hire="", owner_lives_there="yes")
    assert 'value="12 North Elm Street"' in text(client.get(START))
    kind = text(client.get(f"{START}kind/"))
    assert 'value="yes" id="id_owner_lives_there_0" class="usa-radio__input" checked' in kind or (
        "checked" in kind.split('name="owner_lives_there" value="yes"')[1][:80]
    )


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("street", "Elm Street", "Give the house number, too."),
        ("postcode", "1220", "A ZIP code has five digits"),
        ("county", "Nowhere", "Select a valid choice"),
        ("name", "", "This field is required"),
    ],
)
def test_an_address_that_cannot_be_one_is_named(field: str, value: str, words: str) -> None:
    answer = Client().post(START, {**ELM, field: value})
    assert words in text(answer)


def test_what_was_typed_before_signing_in_is_there_after_it() -> None:
    client = Client()
    walk(client)
    person = make_person(name="Nora Whitfield")
    client.force_login(person)
    page = text(client.get(f"{START}claim/"))
    assert "Ask to manage Elm Court Hotel" in page
    answer = client.post(f"{START}claim/", {"position": "Owner", "way": "letter"})
    claim = FacilityClaim.objects.get()
    assert answer.headers["Location"] == f"/facilities/claims/{claim.pk}/"
    assert (claim.person, claim.rooms_for_hire, claim.owner_lives_there) == (person, 40, False)
    assert "The office will send a letter" in text(client.get(f"/facilities/claims/{claim.pk}/"))
    assert "Elm Court Hotel, Albany" in text(client.get("/facilities/"))
    # The draft has become the claim.
    assert client.get(f"{START}claim/").status_code == 302


def test_a_license_needs_its_number_or_a_file() -> None:
    client = as_person(make_person())
    walk(client)
    answer = client.post(f"{START}claim/", {"position": "Owner", "way": "licence"})
    assert "Give the number of the license" in text(answer)
    assert not FacilityClaim.objects.exists()


def test_a_place_that_is_here_shows_nothing_of_itself_and_asks_its_managers() -> None:
    hotel = make_facility(
        name="The Elm Court", street="12 N Elm St", city="Albany", postcode="12207"
    )
    manager = make_with_role(Role.MANAGER, hotel, name="Secret Manager")
    client = as_person(make_person(name="Nora Whitfield"))
    walk(client)
    page = text(client.get(f"{START}claim/"))
    assert "This place is already here" in page
    for secret in ("The Elm Court", "Secret Manager", manager.email, hotel.key):
        assert str(secret) not in page
    client.post(f"{START}claim/", {"position": "Night manager"})
    claim = FacilityClaim.objects.get()
    assert (claim.way, claim.facility) == (ClaimWay.MANAGERS, hotel)
    page = text(client.get(f"/facilities/claims/{claim.pk}/"))
    assert "The Elm Court" not in page

    asked = as_person(manager)
    url = reverse("facilities:requests", args=[hotel.key])
    assert "Night manager" in text(asked.get(url))
    assert client.get(url).status_code == 404
    refused = asked.post(url, {"claim": claim.pk, "answer": "no", "reason": ""})
    assert "Say why" in text(refused)
    asked.post(url, {"claim": claim.pk, "answer": "yes"})
    assert manages_facility(Person.objects.get(pk=claim.person_id), hotel)
    assert "Nobody asks" in text(asked.get(url))


def test_another_place_at_the_same_address_can_be_claimed() -> None:
    hotel = make_facility(name="Elm Court", street="12 N Elm St", postcode="12207")
    make_with_role(Role.MANAGER, hotel)
    client = as_person(make_person())
    walk(client)
    assert "?another=1" in text(client.get(f"{START}claim/"))
    client.post(f"{START}claim/?another=1", {"position": "Owner", "way": "office"})
    claim = FacilityClaim.objects.get()
    assert (claim.facility, claim.is_another) == (None, True)


# --- the code -------------------------------------------------------------------------------------


def test_the_letters_address_leads_to_the_claim_and_the_code_opens_the_page() -> None:
    claim = make_claim()
    code = letter_code(claim)
    client = as_person(claim.person)
    url = f"/facilities/claims/{claim.pk}/"
    assert client.get("/facilities/code/").headers["Location"] == url
    wrong = client.post(url, {"action": "code", "code": "AAAA-BBBB"})
    assert "This is not the code of the newest letter" in text(wrong)
    answer = client.post(url, {"action": "code", "code": code}, follow=True)
    assert "You manage Elm Court Hotel now" in text(answer)
    assert "No employees yet" in text(answer)
    assert Client().get("/facilities/code/").headers["Location"].startswith("/accounts/login/")
    assert as_person(make_person()).get(url).status_code == 404


def test_codes_are_not_guessed_fast() -> None:
    claim = make_claim()
    letter_code(claim)
    client = as_person(claim.person)
    url = f"/facilities/claims/{claim.pk}/"
    answers = [client.post(url, {"action": "code", "code": "X"}).status_code for _n in range(11)]
    assert answers[-1] == 429


def test_another_way_can_be_chosen_and_it_can_be_taken_back() -> None:
    claim = make_claim()
    client = as_person(claim.person)
    url = f"/facilities/claims/{claim.pk}/"
    client.post(url, {"action": "way", "way": "licence", "licence_number": "H-9"})
    claim.refresh_from_db()
    assert (claim.way, claim.licence_number) == (ClaimWay.LICENCE, "H-9")
    outsider = as_person(make_person())
    assert outsider.post(f"{url}withdraw/").status_code == 404
    client.post(f"{url}withdraw/")
    claim.refresh_from_db()
    assert claim.status == "withdrawn"


# --- the desk -------------------------------------------------------------------------------------


def pdf_words(response: Any) -> str:
    assert response["Content-Type"] == "application/pdf"
    pages = PdfReader(io.BytesIO(response.content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_the_desk_prints_the_letter_marks_it_as_sent_and_keeps_no_code(desk: Client) -> None:
    claim = make_claim()
    assert "Elm Court Hotel" in text(desk.get("/desk/facilities/"))
    words = pdf_words(desk.post(f"/desk/facilities/claims/{claim.pk}/letter.pdf"))
    assert "12 North Elm Street" in words
    assert "Nora Whitfield" in words
    assert "Questions: state@example.org" in words
    code = words.split("give Nora Whitfield this code: ")[1].split()[0]
    page = text(desk.get(f"/desk/facilities/claims/{claim.pk}/"))
    assert code not in page
    desk.post(
        f"/desk/facilities/claims/{claim.pk}/", {"action": "sent", "sent_on": new_york_today()}
    )
    assert "No letter to send" in text(desk.get("/desk/facilities/?show=letters"))
    assert "Elm Court Hotel" in text(desk.get("/desk/facilities/?show=sent"))
    client = as_person(claim.person)
    client.post(f"/facilities/claims/{claim.pk}/", {"action": "code", "code": code})
    assert Organization.objects.facilities().filter(name="Elm Court Hotel").exists()


def test_new_letters_are_printed_together_once(desk: Client) -> None:
    for number in range(3):
        make_claim(make_person(name=f"Person {number}"), place={"street": f"{number + 1} Oak Rd"})
    answer = desk.post("/desk/facilities/letters.pdf")
    assert len(PdfReader(io.BytesIO(answer.content)).pages) == 3
    again = desk.post("/desk/facilities/letters.pdf", follow=True)
    assert "Each of these letters is printed already" in text(again)


def test_the_desk_approves_and_refuses_with_reasons(desk: Client) -> None:
    claim = make_claim(way=ClaimWay.LICENCE, licence_number="H-1")
    url = f"/desk/facilities/claims/{claim.pk}/"
    assert "H-1" in text(desk.get(url))
    assert "Say what shows" in text(desk.post(url, {"action": "approve", "reason": ""}))
    desk.post(url, {"action": "approve", "reason": "License found with the City."})
    assert "License found with the City." in text(desk.get("/desk/facilities/"))
    other = make_claim(make_person(), way=ClaimWay.OFFICE, place={"street": "9 Pine Rd"})
    url = f"/desk/facilities/claims/{other.pk}/"
    desk.post(url, {"action": "refuse", "reason": "Nobody there knows you."})
    client = as_person(other.person)
    assert "Nobody there knows you." in text(client.get(f"/facilities/claims/{other.pk}/"))


def test_the_desk_names_places_that_may_be_the_same(desk: Client) -> None:
    make_facility(name="Elm Court", street="1 Other Rd", postcode="12207")
    claim = make_claim(is_another=True)
    page = text(desk.get(f"/desk/facilities/claims/{claim.pk}/"))
    assert "It may be here already" in page
    assert "1 Other Rd" in page


def test_the_queue_is_empty_in_words_and_closed_to_others(desk: Client) -> None:
    assert "Nothing to decide" in text(desk.get("/desk/facilities/"))
    claim = make_claim()
    paths = ["", f"claims/{claim.pk}/", f"claims/{claim.pk}/file/"]
    for person in (make_person(), make_with_role(Role.MANAGER, make_facility()), claim.person):
        client = as_person(person)
        assert {client.get(f"/desk/facilities/{path}").status_code for path in paths} == {404}
        assert client.post(f"/desk/facilities/claims/{claim.pk}/letter.pdf").status_code == 404
        assert client.post("/desk/facilities/letters.pdf").status_code == 404
    city = as_person(make_with_role(Role.COORDINATOR, make_office()))
    page = text(city.get("/desk/facilities/"))
    assert "Another office looks after facilities" in page
    assert "Elm Court" not in page
    assert city.get(f"/desk/facilities/{paths[1]}").status_code == 404


def test_the_queue_costs_the_same_for_one_and_three(
    desk: Client, django_assert_num_queries: Any
) -> None:
    make_claim(way=ClaimWay.OFFICE)
    desk.get("/desk/facilities/")
    with django_assert_num_queries(12):
        desk.get("/desk/facilities/")
    for number in range(2):
        make_claim(make_person(), way=ClaimWay.OFFICE, place={"street": f"{number} Oak Rd"})
    with django_assert_num_queries(12):
        desk.get("/desk/facilities/")


def test_the_desks_first_page_says_that_somebody_asks(desk: Client) -> None:
    make_claim(way=ClaimWay.OFFICE)
    assert "1 person asks to manage a facility" in text(desk.get("/desk/"))
