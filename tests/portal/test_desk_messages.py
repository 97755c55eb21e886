"""Writing to a session's people, copying a session, rosters as files, figures."""

import csv
import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from pypdf import PdfReader

from events import services
from events.enums import Outcome
from events.message_models import SessionMessage
from events.models import Session
from events.services import Said
from events.services.messages import spread
from lms.core.exceptions import Refused
from tests.events.test_series import make_series
from tests.factories.events import make_seat
from tests.factories.people import make_person
from tests.portal.test_desk_sessions import Desk, path, words

pytestmark = pytest.mark.django_db

TEXT = {"to": "registered", "subject": "Room changed", "body": "Please use the side door.\n\nBye."}


@pytest.fixture
def desk() -> Desk:
    return Desk()


def people(session: Session, count: int) -> list[Any]:
    return [make_seat(session, now=datetime.now(UTC)) for _n in range(count)]


@pytest.mark.parametrize("name", ["message", "roster_xlsx", "roster_pdf"])
def test_they_are_the_offices(desk: Desk, name: str) -> None:
    session = desk.session()
    assert desk.client.get(path(name, session)).status_code == 200
    assert Desk().client.get(path(name, session)).status_code == 404
    learner = Client()
    learner.force_login(make_person())
    assert learner.get(path(name, session)).status_code == 404


# --- messages ------------------------------------------------------------------------------------


def test_ready_made_text_then_who_gets_it_then_one_mail_each(
    desk: Desk, django_capture_on_commit_callbacks: Any
) -> None:
    session = desk.session()
    seats = people(session, 3)
    services.cancel_registration(registration=seats[2], actor=None)
    mail.outbox.clear()
    form = desk.client.get(path("message", session) + "?text=cannot").context["form"]
    assert "give your seat back" in str(form["body"].value())
    preview = words(desk.client.post(path("message", session), {**TEXT, "step": "look"}))
    assert "2 people get it:" in preview
    assert seats[0].person.email in preview
    assert seats[2].person.email not in preview
    assert not SessionMessage.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        for _twice in range(2):
            desk.client.post(path("message", session), {**TEXT, "step": "send"})
    message = SessionMessage.objects.get()
    assert (message.people, message.sent_by) == (2, desk.person)
    got = [m for m in mail.outbox if m.subject == "Room changed"]
    assert sorted(m.to[0] for m in got) == sorted(seat.person.email for seat in seats[:2])
    assert "Please use the side door.\n\nBye." in got[0].body
    # The worker again, as after a death half-way: nobody is told twice.
    with django_capture_on_commit_callbacks(execute=True):
        spread({"message": message.pk})
    assert len([m for m in mail.outbox if m.subject == "Room changed"]) == 2
    assert "Sent before" in words(desk.client.get(path("message", session)))


def test_message_to_nobody_is_refused_and_keeps_what_was_typed(desk: Desk) -> None:
    session = desk.session()
    assert "There is nobody to write to." in words(
        desk.client.post(path("message", session), {**TEXT, "to": "waiting", "step": "look"})
    )
    page = desk.client.post(path("message", session), {**TEXT, "to": "waiting", "step": "send"})
    assert page.context["form"]["body"].value() == TEXT["body"]
    with pytest.raises(Refused) as refusal:
        services.send_message(session=session, **TEXT, actor=desk.person)
    assert refusal.value.code == "nobody"


def test_those_who_wait_and_those_who_ask_are_reached_apart(desk: Desk) -> None:
    full = desk.session(capacity=1)
    people(full, 1)
    waiting, asking = make_person(), make_person()
    services.register(session=full, person=waiting, actor=None, wait_if_full=True)
    approval = desk.session(starts_in=timedelta(days=40), approval=True)
    services.register(session=approval, person=asking, actor=None)
    for session, to, person in ((full, "waiting", waiting), (approval, "asking", asking)):
        page = desk.client.post(path("message", session), {**TEXT, "to": to, "step": "look"})
        assert [seat.person for seat in page.context["people"]] == [person]


# --- copying and files ---------------------------------------------------------------------------


def test_copy_fills_in_all_but_date_link_and_windows(desk: Desk) -> None:
    session = desk.session(location="Room 4B", speakers="Dr. Ida Blum", approval=True)
    form = desk.client.get(reverse("desk_sessions:new") + f"?copy={session.pk}").context["form"]
    assert [form[name].value() for name in ("location", "speakers", "approval", "start")] == [
        "Room 4B", "Dr. Ida Blum", True, "10:00",
    ]  # fmt: skip
    assert not form["day"].value()
    assert not form["join_url"].value()
    elsewhere = Desk().session()
    address = reverse("desk_sessions:new") + f"?copy={elsewhere.pk}"
    assert desk.client.get(address).status_code == 404


def test_roster_as_spreadsheet_and_paper_says_nothing_of_needs(desk: Desk) -> None:
    session = desk.session()
    person = make_person(name="=cmd() Haddad")
    services.register(
        session=session, person=person, actor=person, said=Said(needs=["sign"], note="front row")
    )
    sheet = load_workbook(io.BytesIO(desk.client.get(path("roster_xlsx", session)).content)).active
    assert sheet is not None
    cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert cells[1][:3] == ["Haddad", "=cmd()", person.email]
    assert sheet["B2"].data_type == "s"
    pdf = desk.client.get(path("roster_pdf", session))
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf.content)).pages)
    assert "Haddad" in text
    assert "front row" not in text + str(cells)


# --- figures -------------------------------------------------------------------------------------


def held(desk: Desk, *outcomes: Outcome | None, persons: list[Any] | None = None) -> Session:
    """A session that is over, with these outcomes."""
    session = desk.session(title=f"Held {Session.objects.count()}", min_minutes=0)
    now = datetime.now(UTC)
    seats = [
        make_seat(session, persons[number] if persons else None, now=now)
        for number in range(len(outcomes))
    ]
    Session.objects.filter(pk=session.pk).update(
        starts_at=now - timedelta(hours=4), ends_at=now - timedelta(hours=1)
    )
    session.refresh_from_db()
    for seat, outcome in zip(seats, outcomes, strict=True):
        if outcome:
            seat.session = session
            services.mark_attendance(registration=seat, outcome=outcome, actor=desk.person)
    return session


def test_seats_and_unique_people_by_month_and_series(desk: Desk) -> None:
    ana, ben = make_person(), make_person()
    first = held(desk, Outcome.ATTENDED, Outcome.NO_SHOW, persons=[ana, ben])
    held(desk, Outcome.ATTENDED, None, persons=[ana, ben])
    held(Desk(), Outcome.ATTENDED)
    make_series(first, office=desk.office, title="Spring")
    page = desk.client.get(reverse("desk_sessions:figures"))
    month, series = page.context["parts"]
    assert [row[1:] for row in month["rows"]] == [[2, 4, 2, 1, 2]]
    assert list(series["rows"]) == [
        ["Spring", 1, 2, 1, 1, 2],
        ["In no series", 1, 2, 1, 0, 2],
    ]
    assert month["bars"][0]["bars"][0]["text"] == "4 registered"
    file = desk.client.get(reverse("desk_sessions:figures_file", args=["month", "csv"]))
    table = list(csv.reader(io.StringIO(file.content.decode("utf-8-sig"))))
    assert table[1][1:] == ["2", "4", "2", "1", "2"]
    sheet = reverse("desk_sessions:figures_file", args=["series", "xlsx"])
    assert desk.client.get(sheet).status_code == 200
    other = reverse("desk_sessions:figures_file", args=["people", "csv"])
    assert desk.client.get(other).status_code == 404
    learner = Client()
    learner.force_login(make_person())
    assert learner.get(reverse("desk_sessions:figures")).status_code == 404


def test_figures_without_a_session_say_so(desk: Desk) -> None:
    assert "No session is over yet" in words(desk.client.get(reverse("desk_sessions:figures")))


@pytest.mark.parametrize("rows", [1, 3])
def test_figures_queries_do_not_grow(desk: Desk, rows: int, django_assert_num_queries: Any) -> None:
    for _n in range(rows):
        held(desk, Outcome.ATTENDED)
    with django_assert_num_queries(6):
        desk.client.get(reverse("desk_sessions:figures"))
