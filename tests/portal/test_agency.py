"""An agency's pages: its liaison and nobody else, its people and nobody else's, done and date."""

import csv
import io
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from courses.models import Assignment, Enrolment
from events.models import Registration
from lms.core.exceptions import Refused
from lms.core.models import OutboxMessage
from lms.core.time import new_york_today
from lms.people.enums import Role
from lms.people.models import Organization, Person
from lms.people.services import end_employment
from lms.portal.my.selectors import my_learning
from lms.trainings.models import Training
from tests.factories.agencies import make_agency, make_assignment, make_liaison, make_member
from tests.factories.completions import make_completion
from tests.factories.courses import make_course, make_enrolment, training_of
from tests.factories.events import make_coming_session, make_live_training, make_seat
from tests.factories.people import make_office, make_person, make_with_role
from tests.factories.trainings import make_version

pytestmark = pytest.mark.django_db

TODAY_PLUS_5 = timedelta(days=5)


@pytest.fixture
def agency() -> Organization:
    return make_agency(name="Harbor Family")


@pytest.fixture
def liaison(client: Client, agency: Organization) -> Person:
    person = make_liaison(agency, name="Lee Liaison")
    client.force_login(person)
    return person


@pytest.fixture
def course() -> Training:
    return training_of(make_course(title="Seeing the signs"))


def text(response: Any) -> str:
    return " ".join(response.content.decode().split())


def address(name: str, agency: Organization, **more: Any) -> str:
    return reverse(f"agency:{name}", kwargs={"key": agency.key, **more})


def pages(agency: Organization, course: Training, person: Person) -> dict[str, str]:
    """Every page of the agency's that can be looked at."""
    employment = person.employments.get().pk
    return {
        "overview": address("overview", agency),
        "everything": address("everything", agency, ending="csv"),
        "assign": address("assign", agency),
        "people": address("people", agency),
        "add": address("add", agency),
        "person": address("person", agency, pk=employment),
        "leaving": address("leaving", agency, pk=employment),
        "training": address("training", agency, training=course.key),
        "table": address("table", agency, training=course.key, ending="xlsx"),
    }


@pytest.mark.parametrize("who", ["other liaison", "member", "coordinator", "manager"])
def test_outsiders_find_nothing(
    client: Client, agency: Organization, course: Training, who: str
) -> None:
    member = make_member(agency)
    make_assignment(member, course, agency)
    outsider = {
        "other liaison": lambda: make_liaison(make_agency()),
        "member": lambda: member,
        "coordinator": lambda: make_with_role(Role.COORDINATOR, make_office()),
        "manager": lambda: make_with_role(Role.MANAGER, make_office()),
    }[who]()
    client.force_login(outsider)
    for path in pages(agency, course, member).values():
        assert client.get(path).status_code == 404, path
    posts = ["withdraw", "again", "enrol"]
    for name in posts:
        assert client.post(address(name, agency, training=course.key)).status_code == 404
    undo = address("undo", agency, pk=member.employments.get().pk)
    assert client.post(undo).status_code == 404
    assert client.post(address("assign", agency), {"step": "assign"}).status_code == 404


def test_pages_ask_to_sign_in(client: Client, agency: Organization, course: Training) -> None:
    member = make_member(agency)
    for path in pages(agency, course, member).values():
        assert client.get(path)["Location"].startswith("/accounts/login/")


def test_overview_says_where_the_people_stand(
    client: Client, liaison: Person, agency: Organization, course: Training
) -> None:
    done, open_one = make_member(agency, name="Dora Done"), make_member(agency, name="Otto Open")
    today = new_york_today()
    make_completion(done, version=make_version(course), occurred_on=today)
    for person in (done, open_one):
        make_assignment(person, course, agency, today + TODAY_PLUS_5)
    page = text(client.get("/agency/", follow=True))
    assert "1 training to do, 1 due within a week." in page
    assert "1 of 2" in page
    assert 'aria-current="true">Your agency</a>' in page


def test_empty_agency_says_what_to_do_first(client: Client, liaison: Person) -> None:
    page = text(client.get("/agency/", follow=True))
    assert "Nobody is on your list yet" in page
    assert "Nothing is assigned yet." in page


def test_liaison_sees_done_and_day_and_nothing_of_other_trainings(
    client: Client, liaison: Person, agency: Organization, course: Training
) -> None:
    member = make_member(agency, name="Dora Done")
    make_assignment(member, course, agency)
    page = make_course(title="A private matter")
    make_enrolment(member, page)
    make_completion(member, version=make_version(title="Another private matter"))
    seen = "".join(
        text(client.get(path))
        for name, path in pages(agency, course, member).items()
        if name not in {"table", "assign"}
    )
    assert "private matter" not in seen
    assert "Dora Done" in seen


def test_assigning_goes_by_way_of_a_preview(
    client: Client, liaison: Person, agency: Organization, course: Training
) -> None:
    people = [make_member(agency) for _n in range(3)]
    make_completion(people[0], version=make_version(course))
    due_on = new_york_today() + TODAY_PLUS_5
    form = {"training": str(course.key), "due_on": due_on.isoformat(), "who": "everybody"}
    preview = text(client.post(address("assign", agency), {**form, "step": "preview"}))
    assert "3 people, 1 has done it already" in preview
    assert Assignment.objects.count() == 0
    answer = client.post(address("assign", agency), {**form, "step": "assign"}, follow=True)
    assert "Assigned to 3 people." in text(answer)
    assert Assignment.objects.filter(assigned_by=liaison, due_on=due_on).count() == 3
    assert OutboxMessage.objects.filter(key__startswith="courses.assigned:").count() == 2
    assert Enrolment.objects.count() == 0


def test_assigning_to_the_ticked_enrols_them_when_asked(
    client: Client, liaison: Person, agency: Organization, course: Training
) -> None:
    chosen, _other = make_member(agency), make_member(agency)
    form = {
        "training": str(course.key),
        "due_on": (new_york_today() + TODAY_PLUS_5).isoformat(),
        "who": "some",
        "people": [chosen.employments.get().pk],
        "enrol": "yes",
        "step": "assign",
    }
    client.post(address("assign", agency), form)
    assert [row.person for row in Assignment.objects.all()] == [chosen]
    assert [row.person for row in Enrolment.objects.all()] == [chosen]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"due_on": "2020-01-01"}, "Choose today or a later day."),
        ({"due_on": "2126-01-01"}, "more than three years away"),
        ({"who": "some"}, "Tick at least one person."),
        ({"training": "nonsense"}, "Please check this before going on"),
    ],
)
@pytest.mark.usefixtures("liaison")
def test_assign_form_says_what_is_wrong(
    client: Client,
    agency: Organization,
    course: Training,
    change: dict[str, str],
    problem: str,
) -> None:
    make_member(agency)
    due_on = (new_york_today() + TODAY_PLUS_5).isoformat()
    form = {"training": str(course.key), "due_on": due_on, "who": "everybody", "step": "assign"}
    page = text(client.post(address("assign", agency), {**form, **change}))
    assert problem in page
    assert Assignment.objects.count() == 0


def test_people_of_another_agency_cannot_be_ticked(
    client: Client, liaison: Person, agency: Organization, course: Training
) -> None:
    make_member(agency)
    stranger = make_member(make_agency())
    form = {
        "training": str(course.key),
        "due_on": new_york_today().isoformat(),
        "who": "some",
        "people": [stranger.employments.get().pk],
        "step": "assign",
    }
    client.post(address("assign", agency), form)
    assert Assignment.objects.count() == 0
    live = make_live_training()
    session = make_coming_session(live)
    path = address("dates", agency, training=live.key)
    answer = client.post(path, {"session": session.pk, "people": form["people"]})
    assert answer.status_code == 404
    assert Registration.objects.count() == 0


def test_withdrawing_and_taking_it_back(
    client: Client, liaison: Person, agency: Organization, course: Training
) -> None:
    row = make_assignment(make_member(agency), course, agency)
    theirs = make_agency()
    other = make_assignment(make_member(theirs), course, theirs)
    ticked = {"assignment": [row.pk, other.pk]}
    path = address("withdraw", agency, training=course.key)
    page = text(client.post(path, ticked, follow=True))
    assert "Withdrawn for 1 person." in page
    assert list(Assignment.objects.live()) == [other]
    path = address("again", agency, training=course.key)
    assert "is asked for it again." in text(client.post(path, {"assignment": row.pk}, follow=True))
    assert set(Assignment.objects.live()) == {row, other}


def test_enrolling_the_ticked_begins_the_course(
    client: Client, liaison: Person, agency: Organization, course: Training
) -> None:
    row = make_assignment(make_member(agency), course, agency)
    path = address("enrol", agency, training=course.key)
    for _twice in range(2):
        page = text(client.post(path, {"assignment": row.pk}, follow=True))
        assert "is enrolled" in page
    assert [enrolment.person for enrolment in Enrolment.objects.all()] == [row.person]


def test_people_are_added_by_list_after_a_look(
    client: Client, liaison: Person, agency: Organization
) -> None:
    lines = "Ana Rivera,ana@example.org,2026-11-02\nBob,bob@example.org,2026-11-02"
    path = address("add", agency)
    page = text(client.post(path, {"text": lines, "step": "preview"}))
    assert "Add 1 person?" in page
    assert "Give first and last name." in page
    assert agency.employments.count() == 0
    page = text(client.post(path, {"text": lines, "step": "add"}))
    assert "1 person was added" in page
    assert [row.person.email for row in agency.employments.all()] == ["ana@example.org"]


def test_people_are_added_from_a_file(
    client: Client, liaison: Person, agency: Organization
) -> None:
    file = io.BytesIO(b"name;email;hired on\nAna Rivera;ana@example.org;2026-11-02\n")
    file.name = "people.csv"
    page = text(client.post(address("add", agency), {"file": file, "step": "preview"}))
    assert "Add 1 person?" in page


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("people.csv", b"PK\x03\x04\x00\x00", "Save it as CSV, or copy it and paste it above."),
        ("people.xlsx", b"PK\x03\x04", "Save the table as CSV"),
        ("people.csv", b"", "is empty"),
    ],
)
@pytest.mark.usefixtures("liaison")
def test_files_that_are_no_list_are_refused(
    client: Client,
    agency: Organization,
    name: str,
    content: bytes,
    problem: str,
) -> None:
    file = io.BytesIO(content)
    file.name = name
    page = text(client.post(address("add", agency), {"file": file, "step": "add"}))
    assert problem in page
    assert agency.employments.count() == 0


def test_leaving_and_taking_it_back(
    client: Client, liaison: Person, agency: Organization, course: Training
) -> None:
    member = make_member(agency)
    make_assignment(member, course, agency)
    employment = member.employments.get()
    form = {"ended_on": new_york_today().isoformat()}
    answer = client.post(address("leaving", agency, pk=employment.pk), form, follow=True)
    assert "Take back the leaving" in text(answer)
    answer = client.post(address("undo", agency, pk=employment.pk), follow=True)
    assert "works here." in text(answer)
    employment.refresh_from_db()
    assert employment.ended_on is None


def test_of_somebody_who_left_no_training_is_shown(
    client: Client, liaison: Person, agency: Organization, course: Training
) -> None:
    member = make_member(agency)
    make_assignment(member, course, agency)
    employment = member.employments.get()
    employment.started_on = date(2020, 1, 1)
    employment.save(update_fields=["started_on"])
    gone = new_york_today() - timedelta(days=1)
    end_employment(employment=employment, ended_on=gone, actor=None)
    page = text(client.get(address("person", agency, pk=employment.pk)))
    assert "Seeing the signs" not in page
    assert "This person left." in page


def test_tables_say_the_same_in_both_kinds(
    client: Client, liaison: Person, agency: Organization, course: Training
) -> None:
    today = new_york_today()
    done = make_member(agency, make_person("dora@example.org", name="=Dora Done"))
    make_completion(done, version=make_version(course), occurred_on=today)
    make_assignment(done, course, agency, today)
    answer = client.get(address("everything", agency, ending="csv"))
    [header, row] = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert row[0] == "'=Dora Done"
    assert row[4:7] == [today.isoformat(), "Done", today.isoformat()]
    answer = client.get(address("table", agency, training=course.key, ending="xlsx"))
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    [names, cells] = list(sheet.iter_rows())
    assert [cell.value for cell in names] == header
    assert (cells[0].value, cells[0].data_type) == ("=Dora Done", "s")
    assert cells[6].value.date() == today
    assert client.get(address("everything", agency, ending="pdf")).status_code == 404


@pytest.mark.usefixtures("liaison")
@pytest.mark.parametrize("count", [1, 3])
def test_pages_ask_the_same_however_many_people(
    client: Client,
    agency: Organization,
    course: Training,
    count: int,
    django_assert_num_queries: Any,
) -> None:
    people = [make_member(agency) for _n in range(count)]
    for person in people:
        make_assignment(person, course, agency)
    paths = pages(agency, course, people[0])
    client.get(paths["training"])
    for name, queries in {"overview": 9, "people": 8, "training": 10, "assign": 7}.items():
        with django_assert_num_queries(queries):
            client.get(paths[name])


def test_learner_sees_what_is_asked_first_with_its_day(agency: Organization) -> None:
    person = make_member(agency)
    course = make_course(title="Seeing the signs")
    today = new_york_today()
    make_assignment(person, training_of(course), agency, today + timedelta(days=1))
    live = make_live_training()
    make_assignment(person, live, agency, today + timedelta(days=60))
    make_enrolment(person, make_course(title="My own course"))
    page = my_learning(person, timezone.now())
    assert page.next is not None
    assert (page.next.eyebrow, page.next.heading, page.next.label) == (
        "Due tomorrow",
        "Seeing the signs",
        "Start",
    )
    assert page.next.note == "Harbor Family asks you to take this."
    assert [row.title for row in page.assigned] == [live.title]
    assert [row.title for row in page.courses] == ["My own course"]
    make_enrolment(person, course)
    page = my_learning(person, timezone.now())
    assert page.next is not None
    assert page.next.label == "Start"
    assert page.next.url.startswith("/learn/")
    make_seat(make_coming_session(live), person, now=timezone.now())
    page = my_learning(person, timezone.now())
    assert "You are registered" in page.assigned[0].text


def test_learner_is_not_asked_for_what_is_done(agency: Organization, course: Training) -> None:
    person = make_member(agency)
    make_assignment(person, course, agency)
    make_completion(person, version=make_version(course))
    page = my_learning(person, timezone.now())
    assert (page.next, page.assigned) == (None, [])


def test_restricted_training_is_not_named_to_an_agency_it_is_not_for(
    client: Client, liaison: Person, agency: Organization
) -> None:
    member = make_member(agency)
    hidden = training_of(make_course(title="For a few", access="invitation"))
    assert "For a few" not in text(client.get(address("assign", agency)))
    form = {
        "training": str(hidden.key),
        "due_on": new_york_today().isoformat(),
        "who": "everybody",
        "step": "assign",
    }
    assert "For a few" not in text(client.post(address("assign", agency), form))
    live = make_live_training(title="Live for a few", access="invitation")
    assert client.get(address("dates", agency, training=live.key)).status_code == 404
    with pytest.raises(Refused) as refused:
        make_assignment(member, hidden, agency)
    assert refused.value.code == "no_access"
