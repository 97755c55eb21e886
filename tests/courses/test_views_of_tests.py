"""Tests in the reader's hands: answers, windows, results."""

import re

import pytest
from django.test import Client

from courses import services
from courses.models import Attempt, AttemptAnswer, StepProgress
from lms.completions.models import Completion
from lms.people.models import Person
from tests.courses.reading import costs, only_a_test, running, text
from tests.factories.courses import (
    complete_course,
    make_course,
    make_enrolment,
    make_question,
    take_test,
)

pytestmark = pytest.mark.django_db


def test_test_is_started_by_posting_only(client: Client, learner: Person) -> None:
    enrolment = make_enrolment(learner, make_course())
    path = f"/learn/{enrolment.pk}/pre-test/"
    assert "Start the test" in text(client, path)
    assert Attempt.objects.count() == 0
    client.post(path, {"action": "start"})
    assert "Question 1 of 2" in text(client, path)


def test_answer_is_saved_when_given_and_shown_on_any_device(
    client: Client, learner: Person
) -> None:
    attempt = running(make_enrolment(learner, only_a_test()))
    path = f"/learn/{attempt.enrolment_id}/post-test/"
    response = client.post(f"{path}answers/", {"attempt": attempt.pk, "position": 2, "choice": "b"})
    assert re.fullmatch(r"Saved \d+(:\d\d)? [ap]\.m\.", response.json()["saved"])
    other_device = Client()
    other_device.force_login(learner)
    page = text(other_device, path)
    assert re.search(r'name="q-2" value="b" checked', page)
    assert page.count("checked>") == 1


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"position": "9", "choice": "a"}, 409),
        ({"position": "1", "choice": "z"}, 409),
        ({"position": "first", "choice": "a"}, 409),
        ({"position": "1", "choice": ["a", "b"]}, 409),
        ({"attempt": "0", "position": "1", "choice": "a"}, 404),
        ({"attempt": "x" * 50, "position": "1", "choice": "a"}, 404),
    ],
)
def test_answer_that_was_not_asked_for_is_refused(
    client: Client, learner: Person, body: dict[str, object], status: int
) -> None:
    attempt = running(make_enrolment(learner, only_a_test()))
    path = f"/learn/{attempt.enrolment_id}/post-test/answers/"
    response = client.post(path, {"attempt": attempt.pk, **body})
    assert response.status_code == status
    assert AttemptAnswer.objects.count() == 0


def test_answer_from_a_window_that_does_not_know_of_handing_in_is_refused(
    client: Client, learner: Person
) -> None:
    attempt = running(make_enrolment(learner, only_a_test()))
    services.hand_in(attempt=attempt, actor=None)
    response = client.post(
        f"/learn/{attempt.enrolment_id}/post-test/answers/",
        {"attempt": attempt.pk, "position": 1, "choice": "a"},
    )
    assert response.status_code == 409
    assert "has been handed in" in response.json()["error"]


def test_handing_in_with_questions_open_asks_first_and_keeps_the_answers(
    client: Client, learner: Person
) -> None:
    attempt = running(make_enrolment(learner, only_a_test()))
    path = f"/learn/{attempt.enrolment_id}/post-test/"
    response = client.post(path, {"action": "hand_in", "q-1": "a"})
    page = response.content.decode()
    assert "2 questions have no answer yet" in page
    assert f"{path}#question-2" in page
    assert AttemptAnswer.objects.get().position == 1
    client.post(path, {"action": "hand_in_anyway"})
    attempt.refresh_from_db()
    assert attempt.score_points == 1


def test_test_works_as_one_form_without_script(client: Client, learner: Person) -> None:
    enrolment = make_enrolment(learner, only_a_test())
    path = f"/learn/{enrolment.pk}/post-test/"
    client.post(path, {"action": "start"})
    page = client.post(
        path, {"action": "hand_in", "q-1": "a", "q-2": "a", "q-3": "a"}, follow=True
    ).content.decode()
    assert "You passed" in page
    assert "3 of 3 right" in page
    assert Completion.objects.get().person == learner


def test_other_window_does_not_take_back_answers_it_never_saw(
    client: Client, learner: Person
) -> None:
    course = only_a_test(questions=0, draw=None, publish=False)
    choices = [{"text": f"Choice {n}", "correct": n < 2} for n in range(3)]
    for key in ("one", "two"):
        make_question(course, key=key, kind="multiple", choices=choices)  # type: ignore[arg-type]
    course.save_revision().publish()
    attempt = running(make_enrolment(learner, course))
    path = f"/learn/{attempt.enrolment_id}/post-test/"
    services.save_answers(attempt=attempt, answers={1: ["a", "b"], 2: ["a"]}, actor=None)
    # This window was drawn before question 1 was answered; in question 2 all was unticked.
    client.post(path, {"action": "pause", "was-1": "", "was-2": "a"})
    assert dict(attempt.answers.values_list("position", "response")) == {1: ["a", "b"], 2: []}


def test_pausing_saves_and_leads_to_the_outline(client: Client, learner: Person) -> None:
    attempt = running(make_enrolment(learner, only_a_test()))
    path = f"/learn/{attempt.enrolment_id}/post-test/"
    response = client.post(path, {"action": "pause", "q-1": "b"}, follow=True)
    assert "Your answers are saved." in response.content.decode()
    assert AttemptAnswer.objects.get().response == ["b"]


def test_handing_in_replayed_shows_the_same_result(client: Client, learner: Person) -> None:
    attempt = running(make_enrolment(learner, only_a_test()))
    path = f"/learn/{attempt.enrolment_id}/post-test/"
    body = {"action": "hand_in", "q-1": "a", "q-2": "a", "q-3": "a"}
    client.post(path, body)
    response = client.post(path, {**body, "q-1": "b"}, follow=True)
    assert "3 of 3 right" in response.content.decode()
    assert Completion.objects.count() == 1


def test_pre_test_thanks_and_shows_no_result(client: Client, learner: Person) -> None:
    enrolment = make_enrolment(learner, make_course())
    take_test(enrolment, "pre-test", right=1)
    page = text(client, f"/learn/{enrolment.pk}/pre-test/")
    assert "Thank you" in page
    assert "of 2 right" not in page
    assert "So it is." not in page


def test_failed_test_teaches_and_can_be_tried_again(client: Client, learner: Person) -> None:
    enrolment = make_enrolment(learner, only_a_test())
    take_test(enrolment, "post-test", right=1)
    path = f"/learn/{enrolment.pk}/post-test/"
    page = text(client, path)
    for words in ("Not passed this time", "1 of 3 right", "So it is.", " this one.", "Try again"):
        assert words in page, words
    client.post(path, {"action": "start"})
    assert "Question 1 of 3" in text(client, path)
    assert Attempt.objects.count() == 2


def test_completed_course_says_why_and_can_be_read_again(client: Client, learner: Person) -> None:
    enrolment = complete_course(learner, make_course())
    page = text(client, f"/learn/{enrolment.pk}/")
    assert "You have completed this course" in page
    assert "Finished 2 lessons and passed the test with 3 of 3" in page
    assert "Before: 2 of 2 right. After: 3 of 3 right." in page
    progress = list(StepProgress.objects.values())
    assert "Words to read." in text(client, f"/learn/{enrolment.pk}/lesson-1/")
    client.post(f"/learn/{enrolment.pk}/lesson-1/")
    assert list(StepProgress.objects.values()) == progress


@pytest.mark.parametrize("count", [1, 3])
def test_test_page_costs_the_same_however_many_questions(
    client: Client, learner: Person, count: int
) -> None:
    attempt = running(make_enrolment(learner, only_a_test(draw=count)))
    path = f"/learn/{attempt.enrolment_id}/post-test/"
    text(client, path)
    assert costs(lambda: client.get(path)) == 10


def test_saving_an_answer_costs_five_queries(client: Client, learner: Person) -> None:
    attempt = running(make_enrolment(learner, only_a_test()))
    path = f"/learn/{attempt.enrolment_id}/post-test/answers/"
    body = {"attempt": attempt.pk, "position": 1, "choice": "a"}
    assert costs(lambda: client.post(path, body)) == 5
