"""Outside its audience a restricted training is nowhere: a test for each channel."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import NoReverseMatch, reverse
from wagtail.documents.models import Document
from wagtail.models import Locale

from courses import services as courses
from courses.models import CoursePage, Enrolment, LessonPage
from courses.services.plans import join_plan
from events import services as events
from events.models import LiveTrainingPage, Session
from lms.certificates.services import issue_certificate
from lms.core.exceptions import Refused
from lms.people.enums import Role
from lms.people.models import Person
from lms.trainings.access_models import AccessGrant
from lms.trainings.models import Training
from lms.trainings.services import access as access_services
from tests.courses.reading import costs, running, text
from tests.factories.access import make_grant
from tests.factories.courses import (
    complete_course,
    fill_lesson,
    lesson_step,
    make_course,
    make_enrolment,
    make_lesson_file,
)
from tests.factories.events import make_coming_session, make_live_page, make_seat
from tests.factories.people import make_office, make_person, make_with_role
from tests.factories.plans import make_plan, training_of_plan

pytestmark = pytest.mark.django_db
SECRET = "Advanced casework"


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def course() -> CoursePage:
    return make_course(title=SECRET, slug="secret-course", access="approval", is_hidden=True)


@pytest.fixture
def training(course: CoursePage) -> Training:
    return Training.objects.get(key=course.translation_key)


@pytest.fixture
def insider(training: Training) -> Person:
    person = make_person()
    make_grant(person, training)
    return person


@pytest.fixture
def outsiders() -> list[Client]:
    """Nobody, somebody without a role, and another office's coordinator."""
    other = make_with_role(Role.COORDINATOR, make_office())
    return [Client(), signed_in(make_person()), signed_in(other)]


def answer(client: Client, path: str) -> int:
    """The status; a file is read to its end, and so closed."""
    response = client.get(path)
    if response.streaming:
        b"".join(response.streaming_content)
    return response.status_code


def answers(clients: list[Client], path: str) -> list[int]:
    return [answer(client, path) for client in clients]


def let_go(person: Person) -> None:
    """The person's access has ended."""
    for grant in AccessGrant.objects.of(person):
        access_services.end_grant(grant=grant, actor=grant.granted_by)


# --- the training's page, its translations, lists -------------------------------------------------


def test_page_of_a_hidden_training(
    course: CoursePage, insider: Person, outsiders: list[Client]
) -> None:
    address = course.get_url()
    assert answers(outsiders, address) == [404, 404, 404]
    inside = signed_in(insider).get(address)
    assert (inside.status_code, "no-store" in inside["Cache-Control"]) == (200, True)


def test_page_of_a_restricted_training_that_is_not_hidden_says_how_to_get_in() -> None:
    page = make_course(title="By approval", access="approval")
    shown = text(Client(), page.get_url())
    door = reverse("access:door", args=[page.translation_key])
    assert "This training is not for everybody" in shown
    assert (door in shown, "/learn/start/" in shown) == (True, False)


def test_translations_of_a_hidden_training(
    course: CoursePage, insider: Person, outsiders: list[Client]
) -> None:
    spanish = Locale.objects.get_or_create(language_code="es")[0]
    translated = course.copy_for_translation(spanish, copy_parents=True)
    # Whatever the translation's own fields say: the main language's page decides.
    CoursePage.objects.filter(pk=translated.pk).update(live=True, access="open", is_hidden=False)
    address = translated.get_url()
    assert address.startswith("/es/")
    assert answers(outsiders, address) == [404, 404, 404]
    assert signed_in(insider).get(address).status_code == 200


def test_catalogue_and_its_search(course: CoursePage, outsiders: list[Client]) -> None:
    make_course(title="Casework for all")
    for client in outsiders:
        shown = text(client, "/trainings/")
        assert ("Casework for all" in shown, SECRET in shown) == (True, False)
        found = text(client, "/trainings/?q=casework")
        assert ("Casework for all" in found, SECRET in found) == (True, False)


def test_no_other_search_sitemap_or_api_exists(outsiders: list[Client]) -> None:
    for path in ("/search/?q=casework", "/sitemap.xml", "/api/v2/pages/"):
        assert answers(outsiders, path) == [404, 404, 404]
    with pytest.raises(NoReverseMatch):
        reverse("wagtailapi:pages:listing")


def test_sitemap_lines_of_a_hidden_training(course: CoursePage) -> None:
    assert CoursePage.objects.get(pk=course.pk).get_sitemap_urls() == []
    lesson = LessonPage.objects.child_of(course).first()
    assert lesson
    assert lesson.get_sitemap_urls() == []


def test_previews_and_drafts(course: CoursePage, outsiders: list[Client]) -> None:
    lesson = LessonPage.objects.child_of(course).first()
    assert lesson
    for page in (course, lesson):
        for view in ("view_draft", "edit", "preview_on_edit", "revisions_index"):
            path = reverse(f"wagtailadmin_pages:{view}", args=[page.pk])
            for client in outsiders:
                response = client.get(path)
                assert response.status_code in (302, 403, 404)
                assert SECRET not in response.content.decode()


# --- the player -----------------------------------------------------------------------------------


def test_start(training: Training, insider: Person, outsiders: list[Client]) -> None:
    path = reverse("courses:start", args=[training.key])
    assert answers(outsiders, path) == [302, 404, 404]  # the first is asked to sign in
    assert [client.post(path).status_code for client in outsiders] == [302, 404, 404]
    assert Enrolment.objects.count() == 0
    client = signed_in(insider)
    assert (client.get(path).status_code, client.post(path).status_code) == (200, 302)


def test_steps_and_answers_of_another_person(
    course: CoursePage, insider: Person, outsiders: list[Client]
) -> None:
    enrolment = make_enrolment(insider, course)
    step = reverse("courses:step", args=[enrolment.pk, "pre-test"])
    assert answers(outsiders, step) == [302, 404, 404]
    posted = [client.post(f"{step}answers/", {"attempt": 1}) for client in outsiders]
    assert [response.status_code for response in posted] == [401, 404, 404]


def test_plan(outsiders: list[Client]) -> None:
    plan = make_plan([make_course(), make_course()], access="approval")
    training = training_of_plan(plan)
    path = reverse("courses:plan", args=[training.key])
    assert answers(outsiders, path) == [302, 404, 404]
    posted = [client.post(path, {"action": "join"}).status_code for client in outsiders]
    assert posted == [302, 404, 404]
    inside = make_person()
    with pytest.raises(Refused):
        join_plan(person=inside, training=training, actor=inside)
    make_grant(inside, training)
    assert "Go to the plan" in text(signed_in(inside), reverse("access:door", args=[training.key]))
    assert signed_in(inside).get(path).status_code == 200
    public = text(Client(), plan.get_url())
    assert (path in public, "This training is not for everybody" in public) == (False, True)


def test_files_of_a_lesson_close_when_access_ends(training: Training, insider: Person) -> None:
    page = make_course(access="approval", pre_test=False, lessons=1)
    make_grant(insider, Training.objects.get(key=page.translation_key))
    lesson = LessonPage.objects.child_of(page).first()
    assert lesson
    kept = make_lesson_file(page.office, "talk.mp4")
    video = {"title": "Talk", "file": kept.pk, "captions": None, "transcript": "<p>Words.</p>"}
    fill_lesson(lesson, [{"type": "media", "value": video}])
    enrolment = make_enrolment(insider, page)
    courses.open_step(enrolment=enrolment, step_key="lesson-1", actor=insider)
    courses.finish_lesson(enrolment=enrolment, step_key="lesson-1", actor=insider)
    path = reverse("courses:file", args=[enrolment.pk, "lesson-1", kept.pk])
    assert answers([signed_in(insider), signed_in(make_person()), Client()], path) == [
        200,
        404,
        302,
    ]
    let_go(insider)
    assert answer(signed_in(insider), path) == 404


def test_course_under_way_locks_with_its_reason_when_access_ends(
    course: CoursePage, insider: Person
) -> None:
    enrolment = make_enrolment(insider, course)
    client = signed_in(insider)
    attempt = running(enrolment, "pre-test")
    courses.hand_in(attempt=attempt, actor=insider)
    courses.open_step(enrolment=enrolment, step_key="lesson-1", actor=insider)
    courses.finish_lesson(enrolment=enrolment, step_key="lesson-1", actor=insider)
    let_go(insider)
    for key in ("pre-test", "lesson-1", "lesson-2"):
        page = text(client, reverse("courses:step", args=[enrolment.pk, key]), 409)
        assert "Your access to this training ended" in page
        assert "What you did is kept" in page
    outline = text(client, reverse("courses:outline", args=[enrolment.pk]))
    assert "2 of 4 done" in outline
    assert "Your access to this training ended" in outline
    assert "Your access to this training ended" in text(client, "/my/")


def test_answers_stop_when_access_ends_and_go_on_when_it_is_back(
    course: CoursePage, insider: Person, training: Training
) -> None:
    enrolment = make_enrolment(insider, course)
    attempt = running(enrolment, "pre-test")
    path = reverse("courses:answers", args=[enrolment.pk, "pre-test"])
    answer = {"attempt": attempt.pk, "position": 1, "choice": attempt.items[0]["choices"][0]}
    let_go(insider)
    refused = signed_in(insider).post(path, answer)
    assert (refused.status_code, "ended" in refused.json()["error"]) == (409, True)
    make_grant(insider, training)
    assert signed_in(insider).post(path, answer).status_code == 200


def test_my_learning_costs_the_same_with_one_and_three_restricted_courses() -> None:
    person = make_person()
    client = signed_in(person)
    counts = []
    for _time in range(3):
        page = make_course(access="approval")
        make_grant(person, Training.objects.get(key=page.translation_key))
        make_enrolment(person, page)
        client.get("/my/")

        counts.append(costs(lambda: client.get("/my/")))
    assert counts[0] == counts[2]


# --- files ----------------------------------------------------------------------------------------


@pytest.fixture
def file() -> Document:
    return Document.objects.create(title="Handout", file=ContentFile(b"text", "handout.txt"))


def named_in(course: CoursePage, file: Document) -> LessonPage:
    """The course's first lesson links to the file."""
    lesson = LessonPage.objects.child_of(course).first()
    assert lesson
    body = f'<p><a linktype="document" id="{file.pk}">Handout</a></p>'
    lesson.body = [("text", body)]
    lesson.save_revision().publish()
    return lesson


def test_document_of_a_restricted_course(
    course: CoursePage, insider: Person, outsiders: list[Client], file: Document
) -> None:
    assert answers(outsiders, file.url) == [200, 200, 200]
    named_in(course, file)
    assert answers(outsiders, file.url) == [404, 404, 404]
    editor = make_with_role(Role.EDITOR, course.office)
    assert answers([signed_in(insider), signed_in(editor)], file.url) == [200, 200]


def test_document_that_only_pinned_learners_still_see_stays_closed(
    course: CoursePage, outsiders: list[Client], file: Document
) -> None:
    lesson = named_in(course, file)
    lesson.body = [("text", "<p>Without the link.</p>")]
    lesson.save_revision().publish()
    assert answers(outsiders, file.url) == [404, 404, 404]


def test_document_that_a_public_page_names_too_is_public(
    course: CoursePage, outsiders: list[Client], file: Document
) -> None:
    named_in(course, file)
    named_in(make_course(), file)
    assert answers(outsiders, file.url) == [200, 200, 200]


# --- live trainings: dates, feeds, calendar files -------------------------------------------------


@pytest.fixture
def live() -> LiveTrainingPage:
    return make_live_page(title=SECRET, slug="secret-live", access="approval")


@pytest.fixture
def session(live: LiveTrainingPage) -> Session:
    return make_coming_session(live.training())


PATHS: list[Callable[[Session], str]] = [
    lambda session: reverse("events:session", args=[session.pk]),
    lambda session: reverse("events:register", args=[session.pk]),
    lambda session: reverse("events:session_file", args=[session.pk]),
]


@pytest.mark.parametrize("path", PATHS)
def test_session_and_its_calendar_file(
    session: Session, outsiders: list[Client], path: Callable[[Session], str]
) -> None:
    assert answers(outsiders, path(session)) == [404, 404, 404]
    inside = make_person()
    make_grant(inside, session.training)
    assert signed_in(inside).get(path(session)).status_code == 200


def test_registering_without_access_takes_no_seat(
    session: Session, outsiders: list[Client]
) -> None:
    path = reverse("events:register", args=[session.pk])
    form = {"first_name": "Ana", "last_name": "Rivera", "email": "ana@example.org"}
    assert [client.post(path, form).status_code for client in outsiders] == [404, 404, 404]
    assert session.registrations.count() == 0


def test_public_feed_of_a_restricted_training(
    live: LiveTrainingPage, session: Session, outsiders: list[Client]
) -> None:
    assert answers(outsiders, reverse("calendars:training", args=[live.slug])) == [404, 404, 404]


def test_dates_of_a_restricted_training_on_public_pages(
    live: LiveTrainingPage, session: Session
) -> None:
    date = session.starts_at.astimezone(session.zone_info).strftime("%-d, %Y")
    assert date in text(signed_in(_inside(session)), f"/access/{live.translation_key}/")
    for path in ("/", "/trainings/", live.get_url()):
        assert date not in text(Client(), path)


def _inside(session: Session) -> Person:
    person = make_person()
    make_grant(person, session.training)
    return person


def test_seat_is_kept_and_the_room_closed_when_access_ends(session: Session) -> None:
    person = _inside(session)
    make_seat(session, person, now=datetime.now(UTC))
    now = datetime.now(UTC)
    Session.objects.filter(pk=session.pk).update(
        starts_at=now - timedelta(minutes=5), ends_at=now + timedelta(hours=1)
    )
    client = signed_in(person)
    join = reverse("events:join", args=[session.pk])
    assert client.get(join).status_code == 302
    let_go(person)
    refused = client.get(join)
    assert (refused.status_code, "Your access to this training ended" in str(refused.content)) == (
        409,
        True,
    )
    assert client.get(reverse("events:session", args=[session.pk])).status_code == 200
    token = events.calendar_token(person=person, actor=person).token
    feed = client.get(reverse("calendars:personal", args=[token])).content.decode()
    assert session.join_url not in feed


# --- what a certificate tells ---------------------------------------------------------------------


def test_verification_leads_nowhere_near_the_course(course: CoursePage, insider: Person) -> None:
    enrolment = complete_course(insider, course)
    assert enrolment.completion
    certificate = issue_certificate(completion=enrolment.completion)
    page = text(Client(), reverse("certificates:verified", args=[certificate.code_in_groups]))
    assert SECRET in page  # what was completed is the certificate's point
    for address in (course.get_url(), str(course.translation_key), "/learn/"):
        assert address not in page


# --- the door -------------------------------------------------------------------------------------


def test_door(training: Training, insider: Person, outsiders: list[Client]) -> None:
    path = reverse("access:door", args=[training.key])
    nothing = reverse("access:door", args=["00000000-0000-4000-8000-000000000000"])
    assert answers(outsiders, path) == answers(outsiders, nothing) == [302, 404, 404]
    assert "Go to the course" in text(signed_in(insider), path)


def test_lesson_step_of_a_restricted_course_is_never_served(course: CoursePage) -> None:
    lesson = LessonPage.objects.child_of(course).first()
    assert lesson
    assert lesson_step(lesson)["value"]["key"] == "lesson-1"
    assert lesson.get_url() is None
