"""Courses in the reader's hands: what is shown, what is refused, what it costs."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from courses.models import Attempt, AttemptAnswer, Enrolment, LessonPage, StepProgress
from lms.people.models import Person
from tests.courses.reading import costs, only_a_test, running, text
from tests.factories.courses import (
    complete_course,
    make_course,
    make_enrolment,
    stream,
    take_test,
)
from tests.factories.pages import make_contact, make_fact
from tests.factories.people import make_person

pytestmark = pytest.mark.django_db


# --- a course's page -------------------------------------------------------------------------


def test_course_page_says_what_it_is_and_what_will_happen(client: Client) -> None:
    course = make_course(before="Nothing at all", contact_email="ask@example.org", minutes=60)
    page = text(client, course.url)
    for words in (
        "Pre-test, 2 questions",
        "2 lessons",
        "Post-test, 3 questions",
        "About 1 hour.",
        "No continuing-education credit",
        "Nothing at all",
        "ask@example.org",
        course.office.name,
        reverse("courses:start", args=[course.translation_key]),
    ):
        assert words in page, words


def test_course_page_does_not_know_how_far_its_reader_is(client: Client, learner: Person) -> None:
    course = make_course()
    complete_course(learner, course)
    other = Client()
    other.force_login(make_person())

    def without_token(page: str) -> str:
        return re.sub(r'(name="csrfmiddlewaretoken" value=)"\w+"', r"\1", page)

    assert without_token(text(client, course.url)) == without_token(text(other, course.url))


def test_course_page_without_a_version_offers_no_start(client: Client) -> None:
    course = make_course()
    copied = course.copy(recursive=True, keep_live=True, update_attrs={"slug": "copied"})
    assert "This course is not open yet" in text(client, copied.url)


# --- beginning -------------------------------------------------------------------------------


def test_course_page_begins_at_once_for_who_is_signed_in_and_says_what_is_kept(
    client: Client, learner: Person
) -> None:
    course = make_course()
    path = reverse("courses:start", args=[course.translation_key])
    page = text(client, course.url)
    assert f'<form method="post" action="{path}?page"><input type="hidden" name="csrf' in page
    assert "We keep which steps you finished and how your tests went" in page
    assert Enrolment.objects.count() == 0
    assert client.post(f"{path}?page")["Location"].endswith("/pre-test/")


@pytest.mark.parametrize("without_account", [False, True])
def test_who_was_signed_out_meanwhile_is_asked_and_begins_nothing(
    client: Client, without_account: bool
) -> None:
    course = make_course(without_account=without_account)
    path = reverse("courses:start", args=[course.translation_key])
    response = client.post(f"{path}?page")
    assert response["Location"].endswith(path)
    assert Enrolment.objects.count() == 0


def test_course_page_leads_strangers_to_the_door_and_sets_no_cookie(client: Client) -> None:
    course = make_course()
    response = client.get(course.url)
    path = reverse("courses:start", args=[course.translation_key])
    assert f'href="{path}"' in response.content.decode()
    assert f'action="{path}' not in response.content.decode()
    assert (dict(response.cookies), "cookie" in response.get("Vary", "").lower()) == ({}, False)


def test_start_sends_strangers_to_sign_in_and_back(client: Client) -> None:
    path = reverse("courses:start", args=[make_course().translation_key])
    response = client.get(path)
    assert response.status_code == 302
    assert response["Location"].endswith(f"?next={path}")


def test_start_asks_and_records_nothing_yet(client: Client, learner: Person) -> None:
    course = make_course()
    assert "Begin now" in text(client, reverse("courses:start", args=[course.translation_key]))
    assert Enrolment.objects.count() == 0


def test_start_posted_twice_is_one_enrolment_and_leads_to_the_first_step(
    client: Client, learner: Person
) -> None:
    path = reverse("courses:start", args=[make_course().translation_key])
    responses = [client.post(path), client.post(path)]
    enrolment = Enrolment.objects.get(person=learner)
    assert {response["Location"] for response in responses} == {f"/learn/{enrolment.pk}/pre-test/"}


def test_start_leads_on_whoever_is_in_the_middle(client: Client, learner: Person) -> None:
    course = make_course()
    enrolment = make_enrolment(learner, course)
    response = client.get(reverse("courses:start", args=[course.translation_key]))
    assert response["Location"] == f"/learn/{enrolment.pk}/"


def test_start_after_completing_asks_before_taking_it_again(
    client: Client, learner: Person
) -> None:
    course = make_course()
    done = complete_course(learner, course)
    path = reverse("courses:start", args=[course.translation_key])
    assert "You have completed this course already" in text(client, path)
    asked = client.post(path, follow=True)
    assert asked.redirect_chain == [(path, 302)]
    assert f'href="/learn/{done.pk}/"' in asked.content.decode()
    client.post(path, {"again": "yes"})
    assert Enrolment.objects.filter(person=learner).count() == 2


def test_start_of_a_course_that_is_not_open_is_not_found(client: Client, learner: Person) -> None:
    course = make_course()
    course.unpublish()
    path = reverse("courses:start", args=[course.translation_key])
    assert client.get(path).status_code == 404
    assert client.post(path).status_code == 409


# --- who may look ----------------------------------------------------------------------------


@pytest.mark.parametrize("step", ["", "pre-test/", "lesson-1/", "nothing/"])
def test_player_is_not_found_for_outsiders_and_asks_strangers_to_sign_in(
    client: Client, step: str
) -> None:
    enrolment = make_enrolment(make_person(), make_course())
    path = f"/learn/{enrolment.pk}/{step}"
    assert "/accounts/login/" in client.get(path)["Location"]
    for outsider in (make_person(), make_person(is_superuser=True)):
        client.force_login(outsider)
        assert client.get(path).status_code == 404
        if step:
            assert client.post(path).status_code == 404
    assert StepProgress.objects.count() == 0


def test_answers_of_somebody_else_cannot_be_given(client: Client) -> None:
    attempt = running(make_enrolment(make_person(), only_a_test()))
    path = f"/learn/{attempt.enrolment_id}/post-test/answers/"
    body = {"attempt": attempt.pk, "position": 1, "choice": "a"}
    assert client.post(path, body).status_code == 401
    client.force_login(make_person())
    assert client.post(path, body).status_code == 404
    assert AttemptAnswer.objects.count() == 0


# --- steps -----------------------------------------------------------------------------------


def test_lesson_before_the_pre_test_says_why_and_where_to_go(
    client: Client, learner: Person
) -> None:
    enrolment = make_enrolment(learner, make_course())
    page = text(client, f"/learn/{enrolment.pk}/lesson-1/", status=409)
    assert "“Lesson 1” is not open yet" in page
    assert "First take the “Pre-test”: this opens as soon as you hand it in." in page
    assert f'href="/learn/{enrolment.pk}/pre-test/"' in page
    assert "Words to read." not in page
    assert client.post(f"/learn/{enrolment.pk}/lesson-1/").status_code == 409
    assert StepProgress.objects.count() == 0


def test_step_that_is_not_there_is_not_found(client: Client, learner: Person) -> None:
    enrolment = make_enrolment(learner, make_course())
    assert "There is no such step" in text(client, f"/learn/{enrolment.pk}/nothing/", status=404)


def test_lesson_is_shown_as_pinned_and_finished_by_next(client: Client, learner: Person) -> None:
    course = make_course(pre_test=False)
    enrolment = make_enrolment(learner, course)
    path = f"/learn/{enrolment.pk}/lesson-1/"
    assert "Words to read." in text(client, path)
    assert StepProgress.objects.get().done_at is None
    response = client.post(path)
    assert response["Location"] == f"/learn/{enrolment.pk}/lesson-2/"
    assert StepProgress.objects.get().done_at is not None
    assert client.post(path)["Location"] == response["Location"]


def test_lesson_changed_in_a_new_version_stays_for_who_began_before(
    client: Client, learner: Person
) -> None:
    course = make_course(pre_test=False)
    enrolment = make_enrolment(learner, course)
    course.outline[0].value["minutes"] = 9
    course.save_revision().publish()
    lesson = LessonPage.objects.get(slug="lesson-1")
    lesson.body = stream(lesson, "body", [{"type": "text", "value": "<p>Other words.</p>"}])
    lesson.save_revision().publish()
    page = text(client, f"/learn/{enrolment.pk}/lesson-1/")
    assert "Words to read." in page
    assert "Other words." not in page


def test_last_lesson_before_a_test_starts_it(client: Client, learner: Person) -> None:
    enrolment = make_enrolment(learner, make_course(pre_test=False, lessons=1))
    client.post(f"/learn/{enrolment.pk}/lesson-1/")
    assert Attempt.objects.get().step_key == "post-test"


def test_last_lesson_before_a_test_with_counted_tries_asks_first(
    client: Client, learner: Person
) -> None:
    enrolment = make_enrolment(learner, make_course(pre_test=False, lessons=1, attempts=2))
    client.post(f"/learn/{enrolment.pk}/lesson-1/")
    assert Attempt.objects.count() == 0
    page = text(client, f"/learn/{enrolment.pk}/post-test/")
    assert "You have 2 tries; each counts from its start." in page


def test_outline_shows_where_one_stands(client: Client, learner: Person) -> None:
    enrolment = make_enrolment(learner, make_course())
    page = text(client, f"/learn/{enrolment.pk}/")
    assert "Begin with" in page
    assert "0 of 4 done" in page
    take_test(enrolment, "pre-test")
    page = text(client, f"/learn/{enrolment.pk}/")
    assert "Go on with" in page
    assert f'href="/learn/{enrolment.pk}/lesson-1/"' in page
    assert "About 15 minutes left" in page


def test_outline_without_a_try_left_says_whom_to_ask(client: Client, learner: Person) -> None:
    course = only_a_test(attempts=1)
    enrolment = make_enrolment(learner, course)
    take_test(enrolment, "post-test", right=0)
    assert f"ask {course.office} how to go on" in text(client, f"/learn/{enrolment.pk}/")
    assert client.post(f"/learn/{enrolment.pk}/post-test/", {"action": "start"}).status_code == 409


# --- what it costs ---------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 3])
def test_lesson_costs_the_same_however_much_it_names(
    client: Client, learner: Person, count: int
) -> None:
    course = make_course(pre_test=False, lessons=count)
    situations = ["danger", "trafficking", "labor"][:count]
    facts = [make_fact(key=f"figure-{n}") for n in range(count)]
    for situation in situations:
        make_contact(situation=situation)
    lesson = LessonPage.objects.get(slug="lesson-1")
    blocks = [{"type": "fact", "value": {"key": fact.key}} for fact in facts]
    blocks += [{"type": "contacts", "value": {"situation": value}} for value in situations]
    lesson.body = stream(lesson, "body", blocks)
    lesson.save_revision().publish()
    path = f"/learn/{make_enrolment(learner, course).pk}/lesson-1/"
    page = text(client, path)
    assert page.count("Whom to call:") == count
    assert costs(lambda: client.get(path)) == 11


def test_outline_costs_five_queries(client: Client, learner: Person) -> None:
    path = f"/learn/{make_enrolment(learner, make_course()).pk}/"
    text(client, path)
    assert costs(lambda: client.get(path)) == 5


def test_course_page_costs_at_most_eight_more_than_its_routing(client: Client) -> None:
    course = make_course()
    text(client, course.url)
    assert costs(lambda: client.get(course.url)) <= 8 + 8
