"""The player of a restricted course: shut to outsiders, and to those whose access has ended."""

from itertools import product

import pytest
from django.test import Client
from django.urls import reverse

from courses import services as courses
from courses.models import CoursePage, Enrolment, LearningClock, LessonPage
from courses.services.plans import join_plan
from lms.certificates.services import issue_certificate
from lms.core.exceptions import Refused
from lms.people.models import Person
from lms.trainings.models import Training
from tests.courses.reading import costs, running, text
from tests.factories.access import make_grant
from tests.factories.courses import (
    complete_course,
    fill_lesson,
    make_course,
    make_enrolment,
    make_lesson_file,
)
from tests.factories.people import make_person
from tests.factories.plans import make_plan, part_elsewhere, send_part_proof, training_of_plan
from tests.restricted.reading import SECRET, answer, answers, let_go, signed_in

pytestmark = pytest.mark.django_db


def test_start(training: Training, insider: Person, outsiders: list[Client]) -> None:
    path = reverse("courses:start", args=[training.key])
    assert answers(outsiders, path) == [302, 404, 404]  # the first is asked to sign in
    assert [client.post(path).status_code for client in outsiders] == [302, 404, 404]
    assert Enrolment.objects.count() == 0
    client = signed_in(insider)
    assert (client.get(path).status_code, client.post(path).status_code) == (200, 302)


# The player's addresses of something, and of nothing.
NO_KEY, NO_NUMBER = "00000000-0000-4000-8000-000000000000", 999_999_999
PLAYER = [
    "/learn/start/{key}/",
    "/learn/plan/{key}/",
    "/learn/plan/{key}/{key}/",
    "/access/{key}/",
    "/access/{key}/ask/",
    "/learn/proofs/{pk}/",
    "/learn/{pk}/",
    "/learn/{pk}/own-word/give/",
    "/learn/{pk}/pre-test/",
    "/learn/{pk}/pre-test/answers/",
    "/learn/{pk}/pre-test/{attempt}/1/image/",
    "/learn/{pk}/pre-test/time/",
    "/learn/{pk}/lesson-1/files/1/",
]


@pytest.mark.parametrize("method", ["get", "post"])
def test_player_answers_outsiders_as_if_there_were_nothing(
    course: CoursePage, insider: Person, outsiders: list[Client], method: str
) -> None:
    enrolment = make_enrolment(insider, course)
    attempt = running(enrolment, "pre-test")
    there = {"key": course.translation_key, "pk": enrolment.pk, "attempt": attempt.pk}
    nowhere = {"key": NO_KEY, "pk": NO_NUMBER, "attempt": NO_NUMBER}
    addresses = [f"{language}{address}" for address in PLAYER for language in ("", "/es")]
    for client, address in product(outsiders, addresses):
        found, missing = (
            getattr(client, method)(address.format(**names)) for names in (there, nowhere)
        )
        assert found.status_code == missing.status_code, address
        if client is outsiders[0] and found.status_code == 302:
            # Signed out: asked to sign in, whatever is or is not there.
            assert found["Location"].startswith("/accounts/login/?next=/")
            assert missing["Location"].startswith("/accounts/login/?next=/")
        else:
            assert found.status_code in ({401, 405} if client is outsiders[0] else {404, 405})
        assert SECRET not in found.content.decode()


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


def test_plan_closes_when_access_ends(insider: Person) -> None:
    said = {"title": "Basics elsewhere", "address": "https://example.org/secret"}
    plan = make_plan([make_course(), said], access="approval", is_hidden=True)
    training = training_of_plan(plan)
    make_grant(insider, training)
    enrolment = join_plan(person=insider, training=training, actor=insider)
    part = part_elsewhere(plan)
    path = reverse("courses:plan", args=[training.key])
    inner = reverse("courses:plan_part", args=[training.key, part.key])
    client = signed_in(insider)
    assert "Basics elsewhere" in text(client, path)
    assert client.get(inner).status_code == 200
    let_go(insider)
    page = text(client, path)
    assert "This plan is not open to you now" in page
    assert "Basics elsewhere" not in page
    assert "secret" not in page
    assert client.get(inner).status_code == 404
    with pytest.raises(Refused, match="ended"):
        send_part_proof(enrolment, part)


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


def begun(person: Person, course: CoursePage) -> Enrolment:
    """The person is through with the pre-test and the first lesson."""
    enrolment = make_enrolment(person, course)
    courses.hand_in(attempt=running(enrolment, "pre-test"), actor=person)
    courses.open_step(enrolment=enrolment, step_key="lesson-1", actor=person)
    courses.finish_lesson(enrolment=enrolment, step_key="lesson-1", actor=person)
    return enrolment


STEPS = ("pre-test", "lesson-1", "lesson-2", "post-test")
TITLES = ("Pre-test", "Lesson 1", "Lesson 2", "Post-test")


@pytest.mark.parametrize("language", ["", "/es"])
def test_when_access_ends_the_course_says_so_and_shows_nothing_of_itself(
    course: CoursePage, training: Training, insider: Person, language: str
) -> None:
    enrolment = begun(insider, course)
    client = signed_in(insider)
    outline = f"{language}/learn/{enrolment.pk}/"
    before = text(client, outline)
    assert "Lesson 1" in before
    let_go(insider)
    for key in STEPS:
        for path in (f"{outline}{key}/", f"{outline}{key}/time/", f"{outline}own-word/give/"):
            assert client.post(path, {"confirmed": "yes"}).status_code == 404
        assert answer(client, f"{outline}{key}/") == 404
    after = text(client, outline)
    assert "ended on" in after or "terminó el" in after
    assert str(training.owner) in after  # it is hidden, so its own page cannot say whom to ask
    assert reverse("access:door", args=[training.key]) not in after
    assert "2 of 4 done" in after or "2 de 4" in after
    assert [title for title in TITLES if title in after] == []
    my = text(client, "/my/")
    assert "Your access to this training ended" in my
    assert [title for title in TITLES if title in my] == []
    start = reverse("courses:start", args=[training.key])
    assert client.get(start)["Location"] == client.post(start)["Location"]
    assert client.get(start)["Location"].endswith(f"/learn/{enrolment.pk}/")


def test_when_access_ends_to_a_course_that_is_not_hidden_its_door_says_how_to_ask() -> None:
    page = make_course(access="approval")
    person = make_person()
    make_grant(person, Training.objects.get(key=page.translation_key))
    enrolment = begun(person, page)
    let_go(person)
    door = reverse("access:door", args=[page.translation_key])
    ended = text(signed_in(person), reverse("courses:outline", args=[enrolment.pk]))
    assert (door in ended, "Ask for access" in text(signed_in(person), door)) == (True, True)


def test_what_was_completed_stays_when_access_ends(course: CoursePage, insider: Person) -> None:
    enrolment = complete_course(insider, course)
    assert enrolment.completion
    certificate = issue_certificate(completion=enrolment.completion)
    let_go(insider)
    client = signed_in(insider)
    ended = text(client, reverse("courses:outline", args=[enrolment.pk]))
    assert "You completed this course on" in ended
    assert [title for title in TITLES if title in ended] == []
    for path in ("/my/", "/my/transcript/"):
        assert SECRET in text(client, path)
    assert SECRET in text(
        Client(), reverse("certificates:verified", args=[certificate.code_in_groups])
    )


def test_time_stops_when_access_ends(course: CoursePage, insider: Person) -> None:
    enrolment = begun(insider, course)
    client = signed_in(insider)
    path = reverse("courses:time", args=[enrolment.pk, "lesson-1"])
    assert client.post(path).status_code == 200
    let_go(insider)
    clock = LearningClock.objects.get(person=insider).seen_at
    assert client.post(path).status_code == 404
    assert answer(client, reverse("courses:step", args=[enrolment.pk, "lesson-1"])) == 404
    assert LearningClock.objects.get(person=insider).seen_at == clock


def test_answers_stop_when_access_ends_and_go_on_when_it_is_back(
    course: CoursePage, insider: Person, training: Training
) -> None:
    enrolment = make_enrolment(insider, course)
    attempt = running(enrolment, "pre-test")
    path = reverse("courses:answers", args=[enrolment.pk, "pre-test"])
    answer = {"attempt": attempt.pk, "position": 1, "choice": attempt.items[0]["choices"][0]}
    let_go(insider)
    refused = signed_in(insider).post(path, answer)
    assert (refused.status_code, "ended" in refused.json()["error"]) == (404, True)
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
