"""The desk's pages about sessions: add, move, change, cancel, mark attendance, take a file."""

import csv
import io
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from events import services
from events.enums import Outcome
from events.models import Attendance, Session
from lms.completions.models import Completion
from lms.people.enums import Role
from lms.people.models import Organization, Person
from lms.trainings.models import Training
from tests.factories.events import make_coming_session, make_live_page, make_seat
from tests.factories.people import make_office, make_person, make_with_role

pytestmark = pytest.mark.django_db

DAY = (datetime.now(UTC) + timedelta(days=60)).date()


class Desk:
    """A coordinator, signed in, with an office and a live training of it."""

    def __init__(self) -> None:
        self.office: Organization = make_office()
        self.person: Person = make_with_role(Role.COORDINATOR, self.office)
        self.client = Client()
        self.client.force_login(self.person)
        training = make_live_page(office=self.office).training()
        assert training is not None
        self.training: Training = training

    def session(self, **fields: Any) -> Session:
        return make_coming_session(self.training, **fields)

    def over(self, seats: int = 0) -> Session:
        """A session that is over, with people in it."""
        session = self.session()
        now = datetime.now(UTC)
        for _ in range(seats):
            make_seat(session, now=now)
        Session.objects.filter(pk=session.pk).update(
            starts_at=now - timedelta(hours=4), ends_at=now - timedelta(hours=1)
        )
        session.refresh_from_db()
        return session


@pytest.fixture
def desk() -> Desk:
    return Desk()


def path(name: str, session: Session) -> str:
    return reverse(f"desk_sessions:{name}", args=[session.pk])


def words(response: Any) -> str:
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(text.replace("&#x27;", "'").replace("&quot;", '"').split())


def form_for(training: Training, **changes: str) -> dict[str, str]:
    form = {
        "training": str(training.pk),
        "day": str(DAY),
        "start": "10 am EST",
        "end": "1 pm",
        "zone": "",
        "capacity": "40",
        "join_url": "https://example.org/join/1",
        "freed_seats": "offer",
        "reminders": "on",
    }
    return {**form, **changes}


# --- who the desk is for -------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["session", "roster_csv", "time", "details", "cancel"])
def test_session_of_another_office_does_not_exist(desk: Desk, name: str) -> None:
    session = desk.session()
    elsewhere = Desk()
    assert desk.client.get(path(name, session)).status_code == 200
    assert elsewhere.client.get(path(name, session)).status_code == 404
    assert elsewhere.client.post(path(name, session), {"reason": "x"}).status_code in (404, 405)
    learner = Client()
    learner.force_login(make_person())
    assert learner.get(path(name, session)).status_code == 404
    assert Client().get(path(name, session)).url.startswith("/accounts/login/")


@pytest.mark.parametrize("name", ["list", "new"])
def test_desk_is_for_coordinators(name: str) -> None:
    address = reverse(f"desk_sessions:{name}")
    learner = Client()
    learner.force_login(make_person())
    assert learner.get(address).status_code == 404
    assert Client().get(address).url.startswith("/accounts/login/")


def test_coordinator_cannot_schedule_for_another_office(desk: Desk) -> None:
    elsewhere = Desk()
    form = form_for(elsewhere.training, step="save")
    response = desk.client.post(reverse("desk_sessions:new"), form)
    assert "training" in response.context["form"].errors
    assert Session.objects.count() == 0


# --- adding --------------------------------------------------------------------------------------


def test_adding_shows_weekday_and_eastern_time_before_saving(desk: Desk) -> None:
    address = reverse("desk_sessions:new")
    assert "Add a session" in words(desk.client.get(address))
    preview = desk.client.post(address, form_for(desk.training, step="look"))
    assert f"{DAY:%A}, {DAY:%B} {DAY.day}, {DAY.year}, 10 a.m. to 1 p.m. Eastern (E" in words(
        preview
    )
    assert (Session.objects.count(), mail.outbox) == (0, [])
    saved = desk.client.post(address, form_for(desk.training, step="save"), follow=True)
    session = Session.objects.get()
    assert saved.redirect_chain == [(path("session", session), 302)]
    assert (session.zone, session.min_minutes, session.platform, session.created_by) == (
        "America/New_York",
        160,
        "Webex",
        desk.person,
    )


def test_changing_ones_mind_at_the_preview_loses_nothing(desk: Desk) -> None:
    form = form_for(desk.training, step="change", title="For new staff")
    response = desk.client.post(reverse("desk_sessions:new"), form)
    assert response.context["form"]["title"].value() == "For new staff"
    assert response.context["form"]["start"].value() == "10 am EST"
    assert Session.objects.count() == 0


def test_saving_twice_adds_one_session(desk: Desk) -> None:
    for _ in range(2):
        desk.client.post(reverse("desk_sessions:new"), form_for(desk.training, step="save"))
    assert Session.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"start": "ten"}, "start"),
        ({"zone": "Mars"}, "zone"),
        ({"start": "10 am PT", "end": "1 pm ET"}, "zone"),
        ({"end": "9 am"}, "__all__"),
        ({"day": "2020-01-07"}, "__all__"),
        ({"capacity": "0"}, "capacity"),
        ({"min_minutes": "500"}, "__all__"),
        ({"join_url": "javascript:alert(1)"}, "join_url"),
    ],
)
def test_adding_says_what_is_wrong_and_saves_nothing(
    desk: Desk, changes: dict[str, str], field: str
) -> None:
    form = form_for(desk.training, **changes)
    response = desk.client.post(reverse("desk_sessions:new"), {**form, "step": "save"})
    assert field in response.context["form"].errors
    assert Session.objects.count() == 0


def test_preview_shows_what_else_is_on_at_that_time(desk: Desk) -> None:
    desk.client.post(reverse("desk_sessions:new"), form_for(desk.training, step="save"))
    form = form_for(desk.training, step="look", start="11 am", end="2 pm")
    response = desk.client.post(reverse("desk_sessions:new"), form)
    assert "At the same time there is" in words(response)


# --- the list ------------------------------------------------------------------------------------


def test_list_shows_ones_own_offices_sessions_with_fill_and_what_to_do(desk: Desk) -> None:
    session = desk.session(join_url="", capacity=2)
    make_seat(session, now=datetime.now(UTC))
    Desk().session()
    response = desk.client.get(reverse("desk_sessions:list"))
    assert [row["session"] for row in response.context["rows"]] == [session]
    assert "1 of 2 taken" in words(response)
    assert "Add the join link" in words(response)


def test_list_of_what_is_over_asks_for_attendance(desk: Desk) -> None:
    desk.over(seats=2)
    response = desk.client.get(reverse("desk_sessions:list") + "?show=past")
    assert "Note attendance of 2 people" in words(response)


@pytest.mark.parametrize("rows", [1, 3])
def test_list_queries_do_not_grow(desk: Desk, rows: int, django_assert_num_queries: Any) -> None:
    for number in range(rows):
        desk.session(starts_in=timedelta(days=30 + number))
    with django_assert_num_queries(5):
        desk.client.get(reverse("desk_sessions:list"))


# --- moving, changing, cancelling ----------------------------------------------------------------


def test_moving_shows_who_will_be_told_then_tells_them(
    desk: Desk, django_capture_on_commit_callbacks: Any
) -> None:
    session = desk.session()
    make_seat(session, make_person("ana@example.org"), now=datetime.now(UTC))
    form = {"day": str(DAY), "start": "9:30", "end": "12:30 pm", "zone": "Eastern"}
    with django_capture_on_commit_callbacks(execute=True):
        preview = desk.client.post(path("time", session), {**form, "step": "look"})
    assert "1 person has a seat, waits for one or speaks, and will be told" in words(preview)
    assert "9:30 a.m. to 12:30 p.m. Eastern" in words(preview)
    session.refresh_from_db()
    assert (session.sequence, mail.outbox) == (0, [])
    with django_capture_on_commit_callbacks(execute=True):
        desk.client.post(path("time", session), {**form, "step": "save"})
    session.refresh_from_db()
    assert (session.day, session.sequence) == (DAY, 1)
    assert [m.to for m in mail.outbox] == [["ana@example.org"]]


def test_moving_into_the_past_is_refused_at_the_preview(desk: Desk) -> None:
    session = desk.session()
    form = {"day": "2020-01-07", "start": "10 am", "end": "1 pm", "step": "look"}
    response = desk.client.post(path("time", session), form)
    assert "already past" in words(response)


def test_changing_details_keeps_everybodys_seat(desk: Desk) -> None:
    session = desk.session()
    for _ in range(2):
        make_seat(session, now=datetime.now(UTC))
    form = {"capacity": "1", "join_url": "https://example.org/new", "platform": "Webex"}
    form["freed_seats"] = "give"
    response = desk.client.post(path("details", session), form)
    assert "2 seats are taken or on offer" in words(response)
    desk.client.post(path("details", session), {**form, "capacity": "2"})
    session.refresh_from_db()
    assert (session.capacity, session.join_url) == (2, "https://example.org/new")


def test_cancelling_asks_why_and_tells_everybody(
    desk: Desk, django_capture_on_commit_callbacks: Any
) -> None:
    session = desk.session()
    make_seat(session, now=datetime.now(UTC))
    assert "Cancel it for everybody?" in words(desk.client.get(path("cancel", session)))
    assert "reason" in desk.client.post(path("cancel", session)).context["form"].errors
    with django_capture_on_commit_callbacks(execute=True):
        desk.client.post(path("cancel", session), {"reason": "The speaker is ill."})
    session.refresh_from_db()
    assert session.is_cancelled
    assert "The reason: The speaker is ill." in mail.outbox[0].body
    assert "The speaker is ill." in words(desk.client.get(path("session", session)))


# --- attendance ----------------------------------------------------------------------------------


def rows_of(session: Session, *rows: tuple[str, str], rest: str = "") -> dict[str, str]:
    """The sheet as posted: (outcome, minutes) for each seat, in the roster's order."""
    seats = session.registrations.live().order_by("person__sort_name", "pk")
    data = {"rest": rest}
    for seat, (outcome, minutes) in zip(seats, rows, strict=True):
        data |= {f"seat{seat.pk}-outcome": outcome, f"seat{seat.pk}-minutes": minutes}
    return data


def newest(session: Session) -> list[tuple[str, int | None]]:
    found = Attendance.objects.filter(registration__session=session)
    latest = found.order_by("registration__person__sort_name", "registration", "-pk")
    seen: dict[int, tuple[str, int | None]] = {}
    for row in latest:
        seen.setdefault(row.registration_id, (row.outcome, row.minutes))
    return list(seen.values())


def test_attendance_cannot_be_marked_before_the_session(desk: Desk) -> None:
    session = desk.session()
    make_seat(session, now=datetime.now(UTC))
    response = desk.client.get(path("session", session))
    assert "Who is registered" in words(response)
    desk.client.post(path("session", session), rows_of(session, ("attended", "")))
    assert Attendance.objects.count() == 0


def test_marking_many_at_once_completes_those_who_attended(desk: Desk) -> None:
    session = desk.over(seats=4)
    posted = rows_of(
        session, ("attended", "175"), ("", "120"), ("excused", ""), ("", ""), rest="no_show"
    )
    response = desk.client.post(path("session", session), posted, follow=True)
    assert "Attendance of 4 people is noted" in words(response)
    assert newest(session) == [
        (Outcome.ATTENDED, 175),
        (Outcome.PARTIAL, 120),
        (Outcome.EXCUSED, None),
        (Outcome.NO_SHOW, None),
    ]
    assert Completion.objects.standing().count() == 1
    assert "Attended 120 of 180 minutes; the rule asks for 160." in words(response)


def test_mistake_in_one_row_saves_nothing_and_keeps_what_was_typed(desk: Desk) -> None:
    session = desk.over(seats=2)
    posted = rows_of(session, ("attended", "175"), ("attended", "90"))
    response = desk.client.post(path("session", session), posted)
    assert "“Attended” asks for 160 minutes." in words(response)
    page = response.content.decode()
    assert 'value="175"' in page
    wrong = session.registrations.live().order_by("person__sort_name", "pk")[1]
    field = f"id_seat{wrong.pk}-minutes"
    assert f"Nothing is saved yet. Please look at: {wrong.person} –" in words(response)
    assert 'class="error-summary" role="alert"' in page
    assert page.count(f'href="#{field}"') == 1
    assert f'aria-describedby="{field}_error"' in page
    assert f'<span id="{field}_error">' in page
    assert (Attendance.objects.count(), Completion.objects.count()) == (0, 0)


def test_correcting_at_the_desk_takes_the_completion_back(desk: Desk) -> None:
    session = desk.over(seats=1)
    desk.client.post(path("session", session), rows_of(session, ("attended", "175")))
    desk.client.post(path("session", session), rows_of(session, ("partial", "100")))
    assert Completion.objects.standing().count() == 0
    assert Attendance.objects.count() == 2


def test_message_says_what_changed_and_what_was_revoked(desk: Desk) -> None:
    session = desk.over(seats=2)
    first = rows_of(session, ("attended", "175"), ("attended", "170"))
    desk.client.post(path("session", session), first, follow=True)
    second = rows_of(session, ("partial", "100"), ("attended", "170"))
    said = words(desk.client.post(path("session", session), second, follow=True))
    assert "Attendance of 1 person was changed. 1 completion was revoked" in said
    assert "certificates follow" not in said
    said = words(desk.client.post(path("session", session), second, follow=True))
    assert "Saved. Nothing was changed." in said


def test_saving_an_unchanged_sheet_adds_nothing(desk: Desk) -> None:
    session = desk.over(seats=2)
    posted = rows_of(session, ("attended", "175"), ("no_show", ""))
    for _ in range(2):
        desk.client.post(path("session", session), posted)
    assert Attendance.objects.count() == 2


def test_rest_leaves_alone_who_was_noted_before(desk: Desk) -> None:
    session = desk.over(seats=1)
    desk.client.post(path("session", session), rows_of(session, ("excused", "")))
    desk.client.post(path("session", session), rows_of(session, ("", ""), rest="no_show"))
    assert newest(session) == [(Outcome.EXCUSED, None)]


@pytest.mark.parametrize("rows", [1, 3])
def test_sheet_queries_do_not_grow(desk: Desk, rows: int, django_assert_num_queries: Any) -> None:
    session = desk.over(seats=rows)
    with django_assert_num_queries(7):
        desk.client.get(path("session", session))


# --- the file ------------------------------------------------------------------------------------


def test_roster_file_guards_against_formulas(desk: Desk) -> None:
    session = desk.session()
    person = make_person("eve@example.org", name='=1+1 @SUM("A1")')
    services.register(session=session, person=person, actor=person)
    gone = make_seat(session, now=datetime.now(UTC))
    services.cancel_registration(registration=gone, actor=gone.person)
    response = desk.client.get(path("roster_csv", session))
    assert response["Content-Disposition"].startswith('attachment; filename="roster-')
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert [row[:3] for row in rows[1:]] == [['\'@SUM("A1")', "'=1+1", "eve@example.org"]]


def test_administrator_sees_every_offices_sessions() -> None:
    sessions = [Desk().session(), Desk().session()]
    admin = Client()
    admin.force_login(make_person(is_superuser=True))
    response = admin.get(reverse("desk_sessions:list"))
    assert {row["session"] for row in response.context["rows"]} == set(sessions)
