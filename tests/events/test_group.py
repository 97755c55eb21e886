"""Registering people by list at the desk: line by line, late, into a full session; outsiders."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.urls import reverse

from events import services
from events.models import Registration, Session
from lms.people import people_list
from lms.people.enums import Role
from lms.people.models import Person
from tests.events.test_registrations import refusal
from tests.events.test_views import seat_now, signed_in, words
from tests.factories.events import EARLIER, make_coming_session, make_live_page, make_session
from tests.factories.people import make_office, make_person, make_with_role

pytestmark = pytest.mark.django_db


def register(session: Session, text: str, **changes: Any) -> list[str]:
    arguments: dict[str, Any] = {"add_seats": False, "actor": None, "now": EARLIER, **changes}
    lines = people_list.read(text, hired=False)
    rows = services.register_group(session=session, lines=lines, **arguments)
    return [row.outcome.value for row in rows]


def test_each_line_has_its_own_answer(django_capture_on_commit_callbacks: Any) -> None:
    session = make_session(capacity=3)
    known = make_person("ben@example.org")
    services.register(session=session, person=known, actor=known, now=EARLIER)
    text = (
        "Ana Rivera, ana@example.org\n"
        "Ben Ost, BEN@example.org\n"
        "Cora Li, not an address\n"
        "\n"
        "Dan Wu, dan@example.org\n"
        "Eve Roy, eve@example.org\n"
        "Ana Rivera, ana@example.org\n"
    )
    with django_capture_on_commit_callbacks(execute=True):
        rows = register(session, text)
    assert rows == ["seat", "known", "wrong", "seat", "waiting", "wrong"]
    told = sorted(message.to[0] for message in mail.outbox)
    assert told == ["ana@example.org", "dan@example.org", "eve@example.org"]
    # The same list again changes nothing.
    assert register(session, text) == ["known", "known", "wrong", "known", "known", "wrong"]
    assert session.registrations.count() == 4


def test_looking_first_changes_nothing(django_capture_on_commit_callbacks: Any) -> None:
    session = make_session()
    with django_capture_on_commit_callbacks(execute=True):
        assert register(session, "Ana Rivera, ana@example.org", dry_run=True) == ["seat"]
    assert (Registration.objects.count(), mail.outbox) == (0, [])
    assert not Person.objects.filter(email="ana@example.org").exists()


def test_office_registers_outside_the_window_and_not_after_the_start() -> None:
    closes = EARLIER - timedelta(days=1)
    session = make_session(registration_closes_at=closes)
    person = make_person()
    assert refusal(services.register, session=session, person=person, actor=None, now=EARLIER) == (
        "closed"
    )
    assert register(session, "Ana Rivera, ana@example.org") == ["seat"]
    lines = people_list.read("Ben Ost, ben@example.org", hired=False)
    group = services.register_group
    arguments: dict[str, Any] = {"session": session, "lines": lines, "add_seats": False}
    assert refusal(group, **arguments, actor=None, now=session.starts_at) == "started"


def test_added_seats_are_for_those_on_the_list() -> None:
    session = make_session(capacity=1)
    make = services.register
    make(session=session, person=make_person(), actor=None, now=EARLIER)
    waiting = make(
        session=session, person=make_person(), actor=None, wait_if_full=True, now=EARLIER
    )
    assert register(session, "Ana Rivera, ana@example.org", add_seats=True) == ["seat"]
    session.refresh_from_db()
    waiting.refresh_from_db()
    assert (session.capacity, waiting.status) == (2, "waiting")
    # Whoever waits and is on the list is left in their place.
    assert register(session, f"Wil Wait, {waiting.person.email}", add_seats=True) == ["known"]


def test_desk_registers_a_list_after_a_look_at_it() -> None:
    office = make_office()
    session = make_coming_session(make_live_page(office=office).training())
    client = signed_in(make_with_role(Role.COORDINATOR, office))
    path = reverse("desk_sessions:register_people", args=[session.pk])
    assert "One person on each line" in words(client.get(path))
    assert "The list is empty" in words(client.post(path, {"people": ",\n", "step": "look"}))
    form = {"people": "Ana Rivera, ana@example.org\nCora Li, nowhere", "step": "look"}
    preview = words(client.post(path, form))
    assert "1 gets a seat, 1 line cannot be taken" in preview
    assert "“nowhere” is no e-mail address." in preview
    assert session.registrations.count() == 0
    assert "Ana Rivera" in client.post(path, {**form, "step": "change"}).content.decode()
    done = words(client.post(path, {**form, "step": "save"}))
    assert "some lines were left out" in done
    assert session.registrations.live().count() == 1
    form = {"people": "Dan Wu, dan@example.org", "step": "save"}
    assert "Done. Everybody on the list is told" in words(client.post(path, form, follow=True))


def test_lists_of_other_offices_sessions_do_not_exist() -> None:
    session = make_coming_session()
    seat_now(session)
    path = reverse("desk_sessions:register_people", args=[session.pk])
    for person in (make_with_role(Role.COORDINATOR, make_office()), make_person()):
        client = signed_in(person)
        assert client.get(path).status_code == 404
        assert client.post(path, {"people": "A B, a@example.org"}).status_code == 404
