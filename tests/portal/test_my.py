"""My learning and one's record: everything of one's own, nothing of anybody else's."""

import csv
import io
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from courses.services.plans import join_plan
from lms.certificates.services import issue_certificate
from lms.completions.enums import SourceKind
from lms.completions.services import revoke_completion
from lms.people.models import Person
from lms.people.services import change_own_details
from lms.portal.my.record import rows
from lms.portal.my.selectors import my_learning
from tests.browser import Reader
from tests.factories.completions import make_completion
from tests.factories.courses import make_course, make_enrolment, take_test
from tests.factories.credit import NYSED, confirm_whole, credit_line
from tests.factories.events import make_coming_session, make_live_training, make_seat, make_session
from tests.factories.people import make_office, make_person
from tests.factories.plans import make_plan, training_of_plan
from tests.factories.trainings import make_training, make_version

pytestmark = pytest.mark.django_db

PAGES = ["/my/", "/my/transcript/", "/my/transcript.pdf", "/my/transcript.csv"]


@pytest.fixture
def person(client: Client) -> Person:
    """Somebody who is signed in."""
    person = make_person("ana@example.org", name="Ana Rivera")
    client.force_login(person)
    return person


def text(response: Any) -> str:
    return " ".join(response.content.decode().split())


def paper(response: Any) -> str:
    """The words of a PDF, on one line."""
    pages = PdfReader(io.BytesIO(response.content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


@pytest.mark.parametrize("path", PAGES)
def test_pages_are_for_people_who_signed_in(client: Client, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 302
    assert response["Location"] == f"/accounts/login/?next={path}"


@pytest.mark.parametrize("path", PAGES)
def test_pages_show_nothing_of_anybody_else(client: Client, person: Person, path: str) -> None:
    other = make_person(name="Olga Other")
    version = make_version(make_training(title="Somebody elses training"))
    issue_certificate(completion=make_completion(other, version=version))
    make_enrolment(other, make_course(title="Somebody elses course"))
    make_seat(make_coming_session(title="Somebody elses session"), other, now=timezone.now())
    response = client.get(path)
    assert "private" in response["Cache-Control"]
    body = response.content
    if path.endswith(".pdf"):
        body = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages).encode()
    assert b"Somebody" not in body
    assert b"Olga" not in body


def test_empty_page_shows_the_way_to_the_catalogue(client: Client, person: Person) -> None:
    page = text(client.get("/my/"))
    assert "Nothing here yet" in page
    assert 'href="/trainings/"' in page


def test_course_last_worked_on_comes_first_with_its_next_step(person: Person) -> None:
    first = make_enrolment(person, make_course(title="First course", lessons=1))
    make_enrolment(person, make_course(title="Second course"))
    take_test(first, "pre-test")
    page = my_learning(person, timezone.now())
    assert page.next is not None
    assert (page.next.heading, page.next.label) == ("First course", "Go on")
    assert page.next.text == "Next: Lesson 1. About 10 minutes left."
    assert page.next.url == f"/learn/{first.pk}/{_next_key(first)}/"
    assert page.next.note.startswith("1 of 3 steps done.")
    assert [(row.title, row.action) for row in page.courses] == [("Second course", "Start")]


def _next_key(enrolment: Any) -> str:
    from courses.models import Enrolment
    from courses.selectors import where

    step = where(Enrolment.objects.get(pk=enrolment.pk)).next_step
    assert step is not None
    return step.key


def test_course_that_cannot_go_on_says_why(person: Person) -> None:
    course = make_course(lessons=0, pre_test=False, attempts=1, office=make_office(name="Office"))
    enrolment = make_enrolment(person, course)
    take_test(enrolment, "post-test", right=0)
    page = my_learning(person, timezone.now())
    assert page.next is not None
    assert "You have used the only try" in page.next.text
    assert page.next.label == "Open the course"


def test_session_one_can_join_now_comes_before_courses(person: Person) -> None:
    make_enrolment(person, make_course())
    session = make_session(title="Live training")
    make_seat(session, person)
    shortly = session.starts_at - timedelta(minutes=10)
    page = my_learning(person, shortly)
    assert page.next is not None
    assert (page.next.heading, page.next.label) == ("Live training", "Join")
    assert page.next.url == f"/events/sessions/{session.pk}/join/"
    assert (len(page.courses), page.seats) == (1, [])


def test_coming_session_says_when_join_opens_and_hides_the_link(person: Person) -> None:
    session = make_session(title="Live training")
    make_seat(session, person)
    make_enrolment(person, make_course())
    page = my_learning(person, datetime(2026, 7, 1, tzinfo=UTC))
    (seat,) = page.seats
    assert seat.when == "Tuesday, July 14, 2026, 10 a.m. to 1 p.m. Eastern (EDT)"
    assert (seat.join_url, seat.join_note) == (
        "",
        "Join opens here at 9:30 a.m. Eastern (EDT) that day.",
    )


def test_only_date_ahead_is_what_comes_next(person: Person) -> None:
    session = make_session(title="Live training")
    make_seat(session, person)
    page = my_learning(person, datetime(2026, 7, 1, tzinfo=UTC))
    assert page.next is not None
    assert (page.next.heading, page.next.eyebrow) == ("Live training", "Your next date")
    assert page.next.url == f"/events/sessions/{session.pk}/"


def test_secret_join_address_is_on_no_page(client: Client, person: Person) -> None:
    make_seat(make_coming_session(), person, now=timezone.now())
    assert "secret-room" not in text(client.get("/my/"))


def test_completion_shows_length_credit_and_both_ways_to_the_certificate(
    client: Client, person: Person
) -> None:
    version = make_version(make_training(title="Database training"))
    certificate = issue_certificate(completion=make_completion(person, version=version))
    for path in ["/my/", "/my/transcript/"]:
        page = text(client.get(path))
        assert "Database training" in page
        assert "Length 1 hour - no continuing-education credit" in page
        assert f'href="/my/certificates/{certificate.code_in_groups}.pdf"' in page
    assert f'href="/verify/{certificate.code_in_groups}/"' in text(client.get("/my/"))


def test_certificate_no_worker_has_issued_yet_can_be_opened_at_once(
    client: Client, person: Person
) -> None:
    completion = make_completion(person)
    assert f'href="/my/certificates/of/{completion.pk}/"' in text(client.get("/my/"))


def test_outside_record_has_no_certificate_of_ours(client: Client, person: Person) -> None:
    make_completion(person, source_kind=SourceKind.IMPORT)
    page = text(client.get("/my/transcript/"))
    assert "Imported record, hours as reported" in page
    assert "None from us" in page


def test_revoked_completion_stays_and_is_marked(client: Client, person: Person) -> None:
    completion = make_completion(person)
    certificate = issue_certificate(completion=completion)
    revoke_completion(
        completion=completion,
        reason="Private reason",
        actor=None,
        now=datetime(2026, 11, 22, 2, 0, tzinfo=UTC),
    )
    why = completion.evidence["why"]
    for path in PAGES:
        page = paper(client.get(path)) if path.endswith(".pdf") else text(client.get(path))
        assert "No longer stands since November 21, 2026" in page
        assert path.endswith(".csv") or "No longer counted" in page
        assert f"{certificate.code_in_groups}.pdf" not in page
        assert "Private reason" not in page
        assert why not in page
        assert "completed on" not in page


def test_what_stands_keeps_its_reason_beside_what_does_not(client: Client, person: Person) -> None:
    standing = make_completion(person, occurred_on=date(2026, 1, 1))
    revoked = make_completion(person, occurred_on=date(2026, 2, 1))
    revoke_completion(completion=revoked, reason="Error", actor=None)
    assert [row.completion for row in rows(person)] == [standing, revoked]
    for path in PAGES[1:]:
        page = paper(client.get(path)) if path.endswith(".pdf") else text(client.get(path))
        assert page.count(standing.evidence["why"]) == 1
        assert page.index(standing.evidence["why"]) < page.index("No longer stands since")


def test_my_learning_shows_the_newest_five_and_the_record_all(
    client: Client, person: Person
) -> None:
    for number in range(7):
        version = make_version(make_training(title=f"Training number {number}"))
        make_completion(person, version=version, occurred_on=date(2026, 1, 1 + number))
    page = text(client.get("/my/"))
    assert [f"Training number {number}" in page for number in range(7)] == [False] * 2 + [True] * 5
    assert "See all you completed" in page
    record = text(client.get("/my/transcript/"))
    assert all(f"Training number {number}" in record for number in range(7))


def test_merged_rows_are_one_record(client: Client, person: Person) -> None:
    alias = make_person(name="Ana R")
    version = make_version(make_training(title="Before the merge"))
    make_completion(alias, version=version)
    Person.objects.filter(pk=alias.pk).update(canonical_person=person)
    assert "Before the merge" in text(client.get("/my/transcript/"))


def test_record_is_a_table_file_without_formulas(client: Client, person: Person) -> None:
    version = make_version(
        make_training(title="=HYPERLINK(1)", owner=make_office(name="City Office")),
        minutes=90,
        credits=[credit_line(NYSED, hours="1.5")],
    )
    confirm_whole(version.training, NYSED, valid_from=date(2026, 11, 1))
    completion = make_completion(person, version=version, occurred_on=date(2026, 11, 20))
    certificate = issue_certificate(completion=completion)
    response = client.get("/my/transcript.csv")
    header, row = csv.reader(io.StringIO(response.content.decode("utf-8-sig")))
    assert dict(zip(header, row, strict=True)) == {
        "Training": "'=HYPERLINK(1)",
        "Kind": "Online course",
        "Whose training": "City Office",
        "Completed on": "2026-11-20",
        "Length": "Length 1 hour 30 minutes",
        "Credit": "1.5 contact hours, NYSED social work (self-study)",
        "What it rests on": "Passed the test with 9 of 10.",
        "Certificate": certificate.code_in_groups,
        "Standing": "",
    }


def test_record_on_paper_says_the_same_and_is_a_sample_in_the_trial(
    client: Client, person: Person
) -> None:
    version = make_version(make_training(title="Database training"))
    certificate = issue_certificate(completion=make_completion(person, version=version))
    response = client.get("/my/transcript.pdf")
    assert response["Content-Type"] == "application/pdf"
    (page,) = PdfReader(io.BytesIO(response.content)).pages
    words = " ".join(page.extract_text().split())
    for part in ["Ana Rivera", "Database training", certificate.code_in_groups, "SAMPLE"]:
        assert part in words


def test_long_record_repeats_its_headings_on_each_page(client: Client, person: Person) -> None:
    for _number in range(30):
        make_completion(person)
    pages = PdfReader(io.BytesIO(client.get("/my/transcript.pdf").content)).pages
    assert len(pages) > 1
    assert all("Completed on" in page.extract_text() for page in pages)


def test_record_with_letters_we_cannot_print_sends_back_to_the_page(client: Client) -> None:
    person = make_person(name="देवी शर्मा")
    client.force_login(person)
    make_completion(person)
    response = client.get("/my/transcript.pdf", follow=True)
    assert response.redirect_chain == [("/my/transcript/", 302)]
    assert "Print this page instead" in text(response)


def test_person_without_a_name_is_asked_and_gets_the_certificate(client: Client) -> None:
    person = make_person(name="")
    client.force_login(person)
    completion = make_completion(person)
    page = text(client.get("/my/"))
    assert "Your certificate waits for your name" in page
    assert 'href="/accounts/profile/"' in page
    change_own_details(
        person=person, first_name="Ana", last_name="Rivera", language="en", actor=person
    )
    assert "waits for your name" not in text(client.get("/my/"))
    response = client.get(f"/my/certificates/of/{completion.pk}/", follow=True)
    assert "ana-rivera" in response["Content-Disposition"]


def test_page_with_a_plan_alone_is_not_empty(client: Client, person: Person) -> None:
    training = training_of_plan(make_plan([make_course(), make_course()]))
    join_plan(person=person, training=training, language="en", actor=person)
    page = text(client.get("/my/"))
    assert "Your plans" in page
    assert "Nothing here yet" not in page


@pytest.mark.parametrize("count", [1, 3])
def test_my_learning_costs_the_same_however_much_there_is(
    client: Client, person: Person, django_assert_num_queries: Any, count: int
) -> None:
    training = make_live_training()
    for number in range(count):
        take_test(make_enrolment(person, make_course()), "pre-test")
        session = make_coming_session(training, starts_in=timedelta(days=30 + number))
        make_seat(session, person, now=timezone.now())
        issue_certificate(completion=make_completion(person))
    client.get("/my/")
    with django_assert_num_queries(10):
        client.get("/my/")


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("path", ["/my/transcript/", "/my/transcript.csv", "/my/transcript.pdf"])
def test_record_costs_the_same_however_long_it_is(
    client: Client, person: Person, django_assert_num_queries: Any, count: int, path: str
) -> None:
    for _number in range(count):
        issue_certificate(completion=make_completion(person))
    client.get(path)
    with django_assert_num_queries(4 if path.endswith("/") else 3):
        client.get(path)


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", [1280, 360])
def test_pages_are_accessible(reader: Reader, live_server: Any, width: int) -> None:
    person = make_person()
    for _number in range(2):
        make_enrolment(person, make_course())
        make_seat(make_coming_session(), person, now=timezone.now())
    certificate = issue_certificate(completion=make_completion(person))
    revoked = make_completion(person)
    revoke_completion(completion=revoked, reason="Error", actor=None)
    client = Client()
    client.force_login(person)
    reader.page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    reader.page.set_viewport_size({"width": width, "height": 800})
    for path in ["/my/", "/my/transcript/", "/verify/", "/verify/CCCC-CCCC-CCCC/"]:
        reader.go(path)
    reader.go(f"/verify/{certificate.code_in_groups}/")
