"""In person: the door, one's own code, the poster, walk-ins, the sheet, and what follows."""

import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from events import services
from events.check_in_models import CheckIn
from events.models import Registration, Session
from events.services.check_in import door_token, poster_token
from lms.core.exceptions import Refused
from lms.people.models import Person
from tests.factories.events import make_seat
from tests.factories.people import make_person
from tests.portal.test_desk_sessions import Desk, path, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return Desk()


def soon(desk: Desk, *, begins_in: timedelta = timedelta(minutes=20), **fields: Any) -> Session:
    """A session in person whose door is open."""
    session = desk.session(location="Room 4B", join_url="", **fields)
    now = datetime.now(UTC)
    Session.objects.filter(pk=session.pk).update(
        starts_at=now + begins_in, ends_at=now + begins_in + timedelta(hours=3)
    )
    session.refresh_from_db()
    return session


def registered(session: Session, person: Person | None = None) -> Registration:
    now = datetime.now(UTC) - timedelta(days=2)
    return make_seat(session, person, now=now)


def client_of(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def text_of(pdf: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


@pytest.mark.parametrize("name", ["door", "walk_in", "sheet", "poster"])
def test_door_is_the_offices(desk: Desk, name: str) -> None:
    session = soon(desk)
    assert desk.client.get(path(name, session)).status_code == 200
    assert Desk().client.get(path(name, session)).status_code == 404
    assert client_of(make_person()).get(path(name, session)).status_code == 404


def test_found_by_name_checked_in_once_and_taken_back(desk: Desk) -> None:
    session = soon(desk)
    seat = registered(session)
    other = registered(session)
    name = seat.person.last_name
    found = words(desk.client.get(path("door", session), {"q": name.upper()}))
    assert seat.person.email in found
    for _twice in range(2):
        desk.client.post(path("door", session), {"seat": seat.pk, "step": "in"})
    assert CheckIn.objects.get().registration == seat
    assert "1 of 2 are here." in words(desk.client.get(path("door", session)))
    desk.client.post(path("door", session), {"seat": seat.pk, "step": "undo"})
    assert not CheckIn.objects.exists()
    elsewhere = soon(Desk())
    assert desk.client.post(path("door", elsewhere), {"seat": other.pk}).status_code == 404


def test_door_opens_an_hour_before(desk: Desk) -> None:
    session = soon(desk, begins_in=timedelta(hours=2))
    seat = registered(session)
    page = desk.client.post(path("door", session), {"seat": seat.pk}, follow=True)
    assert "Check-in opens an hour before the session." in words(page)
    assert not CheckIn.objects.exists()


def test_own_code_is_shown_to_its_person_and_opens_for_the_office_alone(desk: Desk) -> None:
    session = soon(desk)
    seat = registered(session)
    own = client_of(seat.person)
    page = own.get(reverse("events:session", args=[session.pk]))
    assert "Your code for the door" in words(page)
    assert page.context["door_code"].startswith("data:image/svg+xml")
    address = reverse("events:door", args=[door_token(seat)])
    for nobody in (own, Desk().client):
        assert nobody.get(address).status_code == 404
    assert Client().get(address).url.startswith("/accounts/login/")
    assert "Check in" in words(desk.client.get(address))
    desk.client.post(address)
    assert "Checked in already" in words(desk.client.get(address))
    assert desk.client.get(reverse("events:door", args=["forged"])).status_code == 404


def test_poster_checks_in_whoever_has_a_seat_with_the_code_of_the_room(desk: Desk) -> None:
    session = soon(desk, check_in_code="LANTERN")
    seat = registered(session)
    address = reverse("events:poster", args=[poster_token(session)])
    own = client_of(seat.person)
    wrong = own.post(address, {"code": "lamp"})
    assert "This is not the code of this session." in words(wrong)
    assert not CheckIn.objects.exists()
    done = own.post(address, {"code": " lantern "}, follow=True)
    assert "You are checked in." in words(done)
    stranger = client_of(make_person()).get(address, follow=True)
    assert "You have no seat here yet." in words(stranger)
    assert CheckIn.objects.count() == 1


def test_without_poster_or_code_nobody_checks_in_from_afar(desk: Desk) -> None:
    session = soon(desk)
    seat = registered(session)
    address = reverse("events:check_in", args=[session.pk])
    assert client_of(seat.person).get(address).status_code == 404
    services.change_details(session=session, check_in_code="LANTERN", actor=None)
    assert client_of(seat.person).get(address).status_code == 200
    with pytest.raises(Refused) as refusal:
        services.check_in(
            registration=seat, code="LANTERN", actor=None, now=session.ends_at + timedelta(hours=1)
        )
    assert refusal.value.code == "over"


def test_somebody_without_a_seat_is_added_and_in(desk: Desk) -> None:
    session = soon(desk, capacity=1)
    registered(session)
    data = {"first_name": "Noor", "last_name": "Haddad", "email": "noor@example.org"}
    done = desk.client.post(path("walk_in", session), data, follow=True)
    assert "Noor Haddad is checked in." in words(done)
    seat = Registration.objects.get(person__email="noor@example.org")
    assert (seat.is_live, seat.events.get().move) == (True, "walked_in")
    missing = desk.client.post(path("walk_in", session), {"first_name": "Noor"})
    assert "last_name" in missing.context["form"].errors
    assert missing.context["form"]["first_name"].value() == "Noor"


def test_shared_address_is_asked_about_so_that_nobody_vanishes(desk: Desk) -> None:
    session = soon(desk)
    shared = {"email": "frontdesk@hotel.example.org"}
    ana = {"first_name": "Ana", "last_name": "Rivera", **shared}
    bo = {"first_name": "Bo", "last_name": "Chen", **shared}
    address = path("walk_in", session)
    desk.client.post(address, ana)
    # The same person again, written without care, is one.
    desk.client.post(address, {**ana, "first_name": "ANÁ"})
    asked = desk.client.post(address, bo)
    text = words(asked)
    assert "This address is Ana Rivera's. Is this Ana Rivera? Otherwise leave it empty" in text
    assert "Yes, this is Ana Rivera" in text
    person = Registration.objects.get().person
    box = f'type="checkbox" name="is_person" value="{person.pk}"'
    assert box in asked.content.decode()
    assert "checked" not in asked.content.decode().partition(box)[2].partition(">")[0]
    # Ticked for one address, it says nothing of another's owner.
    other = make_person("other@example.org", name="Cy Okafor")
    wrong = desk.client.post(address, {**bo, "email": other.email, "is_person": str(person.pk)})
    assert "This address is Cy Okafor's." in words(wrong)
    assert Registration.objects.count() == 1
    desk.client.post(address, {**bo, "email": ""})
    assert {str(row.person) for row in Registration.objects.all()} == {"Ana Rivera", "Bo Chen"}
    said = desk.client.post(address, {**bo, "is_person": str(person.pk)}, follow=True)
    assert "Ana Rivera is checked in." in words(said)
    assert Registration.objects.count() == 2


def test_sheet_has_every_name_and_room_for_others(desk: Desk) -> None:
    session = soon(desk)
    seats = [registered(session) for _n in range(3)]
    pdf = desk.client.get(path("sheet", session))
    text = text_of(pdf.content)
    assert all(str(seat.person) in text for seat in seats)
    assert text.count("Signature") == 2
    assert "Facilitator" in text
    assert "no-store" in pdf["Cache-Control"]
    assert "Check in here" in text_of(desk.client.get(path("poster", session)).content)


def test_who_checked_in_attended_and_the_others_did_not_come(desk: Desk) -> None:
    session = soon(desk, min_minutes=0)
    here, away = registered(session), registered(session)
    services.check_in(registration=here, actor=None)
    now = datetime.now(UTC)
    Session.objects.filter(pk=session.pk).update(
        starts_at=now - timedelta(hours=4), ends_at=now - timedelta(hours=1)
    )
    assert "Checked in at" in words(desk.client.get(path("session", session)))
    data = {"rest": "checked_in"}
    for seat in (here, away):
        data |= {f"seat{seat.pk}-outcome": "", f"seat{seat.pk}-minutes": ""}
    desk.client.post(path("session", session), data)
    assert [seat.attendances.get().outcome for seat in (here, away)] == ["attended", "no_show"]


@pytest.mark.parametrize("rows", [1, 3])
def test_door_queries_do_not_grow(desk: Desk, rows: int, django_assert_num_queries: Any) -> None:
    session = soon(desk)
    for _n in range(rows):
        registered(session)
    with django_assert_num_queries(8):
        desk.client.get(path("door", session))


def test_code_becomes_a_part_of_the_rule_and_the_sheet_holds_people_to_it(desk: Desk) -> None:
    session = soon(desk, min_minutes=60)
    asked = {"capacity": 20, "min_minutes": 60, "freed_seats": "offer", "code_asked": "on"}
    page = desk.client.post(path("details", session), asked)
    assert "Attendance can only ask for a code that there is." in words(page)
    done = desk.client.post(path("details", session), {**asked, "check_in_code": "LANTERN"})
    assert done.status_code == 302
    session.refresh_from_db()
    assert "LANTERN Attendance asks for it" in words(desk.client.get(path("session", session)))
    here, away = registered(session), registered(session)
    now = datetime.now(UTC)
    Session.objects.filter(pk=session.pk).update(
        starts_at=now - timedelta(hours=1), ends_at=now + timedelta(hours=2)
    )
    typed = client_of(here.person).post(
        reverse("events:check_in", args=[session.pk]), {"code": "lantern"}, follow=True
    )
    assert "You are checked in." in words(typed)
    sheet = {"rest": ""}
    for seat in (here, away):
        sheet |= {f"seat{seat.pk}-outcome": "", f"seat{seat.pk}-minutes": "60"}
    wrong = {**sheet, f"seat{away.pk}-outcome": "attended"}
    assert "The check-in code is missing." in words(
        desk.client.post(path("session", session), wrong)
    )
    assert away.attendances.count() == 0
    saved = words(desk.client.post(path("session", session), sheet, follow=True))
    assert "The rule asks for the check-in code too" in saved
    assert "60 and the check-in code. Missing: the code." in saved
    assert [seat.attendances.get().outcome for seat in (here, away)] == ["attended", "partial"]
