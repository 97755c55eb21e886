"""Sessions' pages: registering with and without an account, giving back, joining; and outsiders."""

import re
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from events import letters, services
from events.enums import Outcome
from events.models import Registration, Session
from lms.people.models import Person
from tests.browser import code_from_mail
from tests.factories.events import make_coming_session, make_live_page, make_seat, make_session
from tests.factories.people import make_person

pytestmark = pytest.mark.django_db

LINK = "https://example.org/join/secret-room"


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def path(name: str, session: Session) -> str:
    return reverse(f"events:{name}", args=[session.pk])


def seat_now(session: Session, person: Person | None = None) -> Registration:
    return make_seat(session, person, now=datetime.now(UTC))


def words(response: Any) -> str:
    """The page's text, on one line."""
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(text.replace("&#x27;", "'").split())


def running_session(**fields: Any) -> Session:
    """A session that began an hour ago and lasts all day, whatever the hour of the test."""
    started = datetime.now(UTC) - timedelta(hours=1)
    session = make_session(
        day=started.date(),
        start=time(0, 1),
        end=time(23, 59),
        zone="Africa/Abidjan",
        min_minutes=0,
        now=started - timedelta(days=2),
        **fields,
    )
    Session.objects.filter(pk=session.pk).update(
        starts_at=started, ends_at=started + timedelta(hours=3)
    )
    session.refresh_from_db()
    return session


# --- the page ----------------------------------------------------------------------------------


def test_session_page_says_when_whether_there_are_seats_and_whom_to_ask(client: Client) -> None:
    page = make_live_page(before="Nothing is required.")
    session = make_coming_session(page.training())
    text = words(client.get(path("session", session)))
    assert "10 a.m. to 1 p.m. Eastern (" in text
    assert "Plenty of seats" in text
    assert "No continuing-education credit" in text
    assert "Be there for at least 160 minutes" in text
    assert "trainings-desk@example.org" in text
    assert LINK not in client.get(path("session", session)).content.decode()


@pytest.mark.parametrize(
    ("capacity", "taken", "shown"),
    [
        (3, 3, "All seats are taken"),
        (3, 2, "1 seat left"),
        (12, 2, "10 seats left"),
        (12, 1, "Plenty of seats"),
    ],
)
def test_seats_are_said_in_words(client: Client, capacity: int, taken: int, shown: str) -> None:
    session = make_coming_session(capacity=capacity)
    for _ in range(taken):
        seat_now(session)
    assert shown in words(client.get(path("session", session)))


def test_full_session_offers_other_dates(client: Client) -> None:
    page = make_live_page()
    full = make_coming_session(page.training(), capacity=1)
    other = make_coming_session(page.training(), starts_in=timedelta(days=45))
    seat_now(full)
    response = client.get(path("session", full))
    assert "All seats are taken" in words(response)
    assert "Join the waiting list" in words(response)
    assert path("session", other) in response.content.decode()


def test_cancelled_session_says_why(client: Client) -> None:
    session = make_coming_session()
    services.cancel_session(session=session, reason="The speaker is ill.", actor=None)
    assert "The speaker is ill." in words(client.get(path("session", session)))


def test_page_of_the_training_lists_coming_dates_and_forgets_past_ones(client: Client) -> None:
    page = make_live_page()
    coming = make_coming_session(page.training())
    now = datetime.now(UTC)
    past = make_session(
        page.training(), day=(now - timedelta(days=9)).date(), now=now - timedelta(days=20)
    )
    response = client.get(page.get_url())
    assert path("session", coming) in response.content.decode()
    assert path("session", past) not in response.content.decode()


def test_page_of_a_training_without_dates_says_so(client: Client) -> None:
    assert "No dates at the moment" in words(client.get(make_live_page().get_url()))


# --- registering ---------------------------------------------------------------------------------


def test_registering_takes_three_pages(django_capture_on_commit_callbacks: Any) -> None:
    session = make_coming_session()
    person = make_person("ana@example.org")
    client = signed_in(person)
    assert path("register", session) in client.get(path("session", session)).content.decode()
    assert "Shall we keep a seat for you?" in words(client.get(path("register", session)))
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(path("register", session), follow=True)
    assert response.redirect_chain == [(path("registered", session), 302)]
    assert "You are registered" in words(response)
    assert [message.to for message in mail.outbox] == [["ana@example.org"]]


def test_posting_twice_and_in_a_second_tab_is_one_seat_and_one_mail(
    django_capture_on_commit_callbacks: Any,
) -> None:
    session = make_coming_session()
    client = signed_in(make_person())
    client.get(path("register", session))
    with django_capture_on_commit_callbacks(execute=True):
        answers = [client.post(path("register", session), follow=True) for _ in range(2)]
    assert all("You are registered" in words(answer) for answer in answers)
    assert (Registration.objects.count(), len(mail.outbox)) == (1, 1)
    second_tab = client.get(path("register", session), follow=True)
    assert second_tab.redirect_chain == [(path("session", session), 302)]
    assert "You are registered" in words(second_tab)


def test_registering_for_a_session_that_filled_up_meanwhile_says_so() -> None:
    session = make_coming_session(capacity=1)
    client = signed_in(make_person())
    client.get(path("register", session))
    seat_now(session)
    response = client.post(path("register", session), follow=True)
    assert "You are number 1 on the waiting list." in words(response)
    assert [seat.status for seat in Registration.objects.order_by("pk")] == [
        "registered",
        "waiting",
    ]


def ask_as_stranger(client: Client, session: Session, email: str) -> Any:
    form = {"first_name": "Ana", "last_name": "Rivera", "email": email}
    return client.post(path("register", session), form)


def test_stranger_registers_with_name_address_and_code(
    client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    session = make_coming_session()
    assert "Tell us who you are" in words(client.get(path("register", session)))
    with django_capture_on_commit_callbacks(execute=True):
        code_page = ask_as_stranger(client, session, "Ana@Example.org")
    assert Registration.objects.count() == 0
    assert Person.objects.get(email="ana@example.org").get_full_name() == ""
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(
            code_page.url, {"code": code_from_mail("ana@example.org")}, follow=True
        )
    assert response.redirect_chain[-1] == (path("registered", session), 302)
    seat = Registration.objects.get()
    assert (seat.person.email, seat.person.get_full_name()) == ("ana@example.org", "Ana Rivera")
    confirmations = [m for m in mail.outbox if m.subject.startswith("You are registered")]
    assert [m.to for m in confirmations] == [["ana@example.org"]]


def test_same_address_in_other_letters_is_one_person_one_seat_and_one_mail(
    client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    session = make_coming_session()
    for browser, written in ((client, "ana@example.org"), (Client(), " ANA@Example.ORG ")):
        with django_capture_on_commit_callbacks(execute=True):
            code_page = ask_as_stranger(browser, session, written)
        with django_capture_on_commit_callbacks(execute=True):
            browser.post(code_page.url, {"code": code_from_mail("ana@example.org")}, follow=True)
    assert Person.objects.filter(email__iexact="ana@example.org").count() == 1
    assert Registration.objects.count() == 1
    confirmations = [m for m in mail.outbox if m.subject.startswith("You are registered")]
    assert len(confirmations) == 1


def test_stranger_with_a_wrong_code_has_no_seat(
    client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    session = make_coming_session()
    with django_capture_on_commit_callbacks(execute=True):
        code_page = ask_as_stranger(client, session, "ana@example.org")
    client.post(code_page.url, {"code": "WRONG-CODE"})
    after = client.get(path("after_code", session))
    assert (after.status_code, Registration.objects.count()) == (302, 0)


def test_address_after_the_code_registers_nobody_who_did_not_ask() -> None:
    """The landing page is a GET: a link to it, sent to somebody signed in, does nothing."""
    session = make_coming_session()
    response = signed_in(make_person()).get(path("after_code", session))
    assert response.url == path("register", session)
    assert Registration.objects.count() == 0


def test_seat_asked_for_one_address_is_not_taken_by_another(
    client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    session = make_coming_session()
    with django_capture_on_commit_callbacks(execute=True):
        ask_as_stranger(client, session, "ana@example.org")
    other = make_person("ben@example.org")
    client.force_login(other)
    assert client.get(path("after_code", session)).url == path("register", session)
    assert Registration.objects.count() == 0


def test_strangers_form_says_what_is_wrong(client: Client) -> None:
    session = make_coming_session()
    response = client.post(path("register", session), {"email": "not an address"})
    assert response.status_code == 200
    assert set(response.context["form"].errors) == {"first_name", "last_name", "email"}


# --- giving back ---------------------------------------------------------------------------------


def test_giving_back_asks_first_and_can_be_undone() -> None:
    session = make_coming_session()
    seat = seat_now(session)
    client = signed_in(seat.person)
    assert "Give your seat back?" in words(client.get(path("cancel", session)))
    response = client.post(path("cancel", session), follow=True)
    assert "You gave your seat back" in words(response)
    assert path("register", session) in response.content.decode()
    client.post(path("register", session))
    seat.refresh_from_db()
    assert (seat.is_live, seat.sequence) == (True, 2)


def test_link_in_the_mail_gives_the_seat_back_without_signing_in(
    client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    session = make_coming_session()
    with django_capture_on_commit_callbacks(execute=True):
        seat = seat_now(session)
    found = re.search(r"/events/seats/\S+/cancel/", str(mail.outbox[0].body))
    assert found
    assert "Give your seat back?" in words(client.get(found.group()))
    seat.refresh_from_db()
    assert seat.is_live  # a mail scanner that follows links changes nothing
    client.post(found.group())
    seat.refresh_from_db()
    assert not seat.is_live


def test_forged_link_gives_no_seat_back(client: Client) -> None:
    seat = seat_now(make_coming_session())
    token = letters.seat_token(seat)
    assert client.get(reverse("events:seat_cancel", args=[token + "x"])).status_code == 404


def test_outsider_cannot_give_back_anothers_seat() -> None:
    session = make_coming_session()
    seat = seat_now(session)
    outsider = signed_in(make_person())
    assert outsider.get(path("cancel", session)).status_code == 404
    assert outsider.post(path("cancel", session)).status_code == 404
    assert Client().post(path("cancel", session)).url.startswith("/accounts/login/")
    seat.refresh_from_db()
    assert seat.is_live


# --- joining -------------------------------------------------------------------------------------


def test_join_leads_those_registered_into_the_session() -> None:
    session = running_session()
    seat = make_seat(session, now=session.starts_at - timedelta(days=1))
    client = signed_in(seat.person)
    page = client.get(path("session", session))
    assert "Join the session" in words(page)
    assert LINK not in page.content.decode()
    response = client.get(path("join", session))
    assert (response.status_code, response.url) == (302, LINK)


def test_join_link_is_shown_to_nobody_who_is_not_registered() -> None:
    session = running_session()
    gone = make_seat(session, now=session.starts_at - timedelta(days=2))
    services.cancel_registration(
        registration=gone, actor=None, now=session.starts_at - timedelta(days=1)
    )
    for person in (make_person(), gone.person):
        response = signed_in(person).get(path("join", session))
        assert response.status_code == 403
        assert LINK not in response.content.decode()
        assert "people who registered" in words(response)
    assert Client().get(path("join", session)).url.startswith("/accounts/login/")


@pytest.mark.parametrize(
    ("starts_in", "opens"),
    [(timedelta(minutes=29), True), (timedelta(minutes=31), False), (timedelta(hours=-4), False)],
)
def test_join_is_open_from_half_an_hour_before_until_the_end(
    starts_in: timedelta, opens: bool
) -> None:
    session = make_coming_session()
    seat = seat_now(session)
    starts_at = datetime.now(UTC) + starts_in
    Session.objects.filter(pk=session.pk).update(
        starts_at=starts_at, ends_at=starts_at + timedelta(hours=3)
    )
    response = signed_in(seat.person).get(path("join", session))
    assert (response.status_code == 302) is opens
    assert (LINK in response.content.decode()) is False


def test_join_without_a_link_yet_says_whom_to_ask() -> None:
    session = running_session(join_url="")
    seat = make_seat(session, now=session.starts_at - timedelta(days=1))
    response = signed_in(seat.person).get(path("join", session))
    assert "The link to join is not here yet" in words(response)


def test_own_attendance_is_shown_with_its_arithmetic() -> None:
    session = running_session()
    seat = make_seat(session, now=session.starts_at - timedelta(days=1))
    Session.objects.filter(pk=session.pk).update(ends_at=datetime.now(UTC))
    session.refresh_from_db()
    client = signed_in(seat.person)
    assert "has not noted attendance yet" in words(client.get(path("session", session)))
    seat.refresh_from_db()
    services.mark_attendance(
        registration=seat, outcome=Outcome.PARTIAL, minutes=30, actor=None, now=session.ends_at
    )
    assert "Attended 30 of 60 minutes." in words(client.get(path("session", session)))


# --- the calendar address, and what pages cost ---------------------------------------------------


def test_calendar_page_shows_ones_address_and_renews_it() -> None:
    person = make_person()
    client = signed_in(person)
    address = reverse("events:my_calendar")
    token = services.calendar_token(person=person, actor=person).token
    assert token in client.get(address).content.decode()
    response = client.post(address, follow=True)
    assert token not in response.content.decode()
    assert Client().get(address).url.startswith("/accounts/login/")


@pytest.mark.parametrize("rows", [1, 3])
def test_session_page_queries_do_not_grow(rows: int, django_assert_num_queries: Any) -> None:
    page = make_live_page()
    sessions = [
        make_coming_session(page.training(), capacity=1, starts_in=timedelta(days=30 + number))
        for number in range(rows + 1)
    ]
    seat_now(sessions[0])
    client = signed_in(make_person())
    client.get(path("session", sessions[0]))
    with django_assert_num_queries(6):
        client.get(path("session", sessions[0]))


@pytest.mark.parametrize("rows", [1, 3])
def test_training_page_queries_do_not_grow(
    client: Client, rows: int, django_assert_num_queries: Any
) -> None:
    page = make_live_page()
    for number in range(rows):
        make_coming_session(page.training(), starts_in=timedelta(days=30 + number))
    client.get(page.get_url())
    with django_assert_num_queries(11):
        client.get(page.get_url())
