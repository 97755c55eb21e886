"""Editors see a whole test as learners get it, and nothing is written by looking."""

import pytest
from django.test import Client
from django.urls import reverse

from courses.enums import QuestionKind
from courses.models import AssessmentPage, Attempt, CoursePage, Enrolment
from lms.core.models import AuditEntry
from lms.people.enums import Role
from lms.people.models import Person
from tests.courses.reading import text
from tests.factories.courses import make_course, make_introduction, make_question, stream
from tests.factories.people import make_office, make_person, make_with_role

pytestmark = pytest.mark.django_db


@pytest.fixture
def course() -> CoursePage:
    """A course with a pre-test and a post-test with a time limit, three of four questions."""
    return make_course(lessons=0, rule={"time_limit": 30, "review": "right_or_wrong"})


@pytest.fixture
def introduction(course: CoursePage) -> AssessmentPage:
    """What is said before the post-test, in the course's draft."""
    page = make_introduction(course, title="Before you begin", text="Take your time.")
    draft = CoursePage.objects.get(pk=course.pk)
    blocks = list(draft.outline.get_prep_value())
    blocks[-1]["value"]["page"] = page.pk
    draft.outline = stream(draft, "outline", blocks)
    draft.save_revision()
    return page


@pytest.fixture
def editor(client: Client, course: CoursePage) -> Person:
    person = make_with_role(Role.COORDINATOR, course.office)
    client.force_login(person)
    return person


def shown(page: CoursePage | AssessmentPage, mode: str) -> str:
    answer = page.make_preview_request(preview_mode=mode)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_introduction_s_preview_is_the_whole_test_and_writes_nothing(
    introduction: AssessmentPage, editor: Person
) -> None:
    entries = AuditEntry.objects.count()
    page = shown(introduction, "test")
    for words in ("Take your time.", "You have 30 minutes.", "You pass with 50 percent right.",
                  "Question 1 of 3", "Question 3 of 3", "One question at a time"):  # fmt: skip
        assert words in page, words
    for words in ("So it is.", "Right answer", "Not this one.", " checked>"):
        assert words not in page, words
    answered = shown(introduction, "answers")
    assert answered.count("Your answer, and right") == 3
    for words in ("So it is.", "Not this one.", "Nor this one."):
        assert words in answered, words
    assert not Attempt.objects.exists()
    assert not Enrolment.objects.exists()
    assert AuditEntry.objects.count() == entries


def test_introduction_of_no_test_says_what_to_do(course: CoursePage) -> None:
    page = make_introduction(course, title="Alone", text="Nobody chose me.")
    for mode in ("test", "answers"):
        assert "No test has this introduction yet" in shown(page, mode)
    assert "No test has this introduction yet" in shown(AssessmentPage(title="New"), "test")


def test_course_previews_each_of_its_tests(course: CoursePage) -> None:
    make_question(course, key="thought", kind=QuestionKind.REFLECTION, choices=[])
    make_question(
        course, key="pairs", kind=QuestionKind.MATCHING,
        choices=[{"text": "Lock", "match": "Door"}, {"text": "Lid", "match": "Pot"}],
    )  # fmt: skip
    modes = [mode for mode, _label in course.preview_modes]
    assert modes == [
        "", "test:pre-test", "answers:pre-test", "test:post-test", "answers:post-test",
    ]  # fmt: skip
    assert "Question 2 of 2" in shown(course, "test:pre-test")
    course.outline[-1].value["draw"] = None
    whole = shown(course, "test:post-test")
    for words in ("Question 5 of 5", "To think about", "Lock", "Door"):
        assert words in whole, words
    assert shown(course, "answers:post-test").count("answers__item") == 5
    assert not Attempt.objects.exists()


def test_preview_is_for_the_course_s_editors(
    client: Client, course: CoursePage, introduction: AssessmentPage, editor: Person
) -> None:
    path = reverse("wagtailadmin_pages:view_draft", args=[introduction.pk])
    assert "Question 1 of 3" in text(client, path)
    for stranger in (make_person(), make_with_role(Role.COORDINATOR, make_office())):
        client.force_login(stranger)
        answer = client.get(path)
        assert answer.status_code in (302, 403, 404)
        assert b"Question 1 of 3" not in answer.content
