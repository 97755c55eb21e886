"""The demo's courses load through the real publishing, and once."""

from pathlib import Path

import pytest
from django.test import RequestFactory
from django.utils.html import strip_tags

from courses.enums import StepKind
from courses.models import CoursePage, LessonPage, Question
from courses.services import give_own_word
from lms.people.models import Person
from lms.portal.demo import load_courses as demo
from lms.trainings.models import TrainingVersion
from tests.factories.access import make_grant
from tests.factories.courses import complete_course, training_of
from tests.factories.pages import make_contact, make_fact
from tests.factories.people import make_office, make_person

pytestmark = pytest.mark.django_db

FOLDER = Path(demo.__file__).parent


@pytest.fixture
def admin() -> Person:
    """Whoever runs the trial, with the offices that own its courses."""
    for key in ("city-office", "state-office"):
        make_office(key=key)
    return make_person(is_superuser=True)


def test_demo_courses_are_published_with_gates_and_topics(admin: Person) -> None:
    demo.load_courses(FOLDER, admin=admin)
    elearning = CoursePage.objects.get(slug="ctdb-elearning").version_in_force.spec
    assert elearning["outline"][0]["kind"] == "pre_test"
    assert elearning["outline"][0]["draw"] == 5
    assert elearning["outline"][1]["gate"] == "pre_test_taken"
    assert (elearning["outline"][-1]["draw"], elearning["outline"][-1]["pass_percent"]) == (10, 80)
    lodging = CoursePage.objects.get(slug="gbl205-lodging").version_in_force.spec
    assert lodging["topics"] == [
        "NY205-T1",
        "NY205-T2",
        "NY205-T3",
        "NY205-T4",
        "NY205-T4A",
        "NY205-T4B",
    ]
    assert lodging["approval"] == {}


def test_demo_courses_load_once(admin: Person) -> None:
    demo.load_courses(FOLDER, admin=admin)
    before = (Question.objects.count(), LessonPage.objects.count(), TrainingVersion.objects.count())
    demo.load_courses(FOLDER, admin=admin)
    after = (Question.objects.count(), LessonPage.objects.count(), TrainingVersion.objects.count())
    assert before == after
    assert before[2] == 5


def test_demo_course_can_be_completed(admin: Person) -> None:
    demo.load_courses(FOLDER, admin=admin)
    for course in CoursePage.objects.all():
        person = make_person()
        if training_of(course).is_restricted:
            make_grant(person, training_of(course))
        enrolment = complete_course(person, course)
        if course.min_active_minutes:
            enrolment.progress.filter(step_key="final-test").update(active_seconds=300)
        if course.asks_own_word:
            enrolment = give_own_word(enrolment=enrolment, actor=person)
        assert enrolment.completion is not None, course.slug


def test_demo_has_a_course_of_every_kind_of_step(admin: Person) -> None:
    demo.load_courses(FOLDER, admin=admin)
    outlines = [course.version_in_force.spec["outline"] for course in CoursePage.objects.all()]
    assert {step["kind"] for outline in outlines for step in outline} == set(StepKind)
    assert any("module" in step for outline in outlines for step in outline)


def test_demo_lessons_show_their_blocks(admin: Person, rf: RequestFactory) -> None:
    make_fact(key="ncmec-care-2024", statement="A figure with its year.")
    make_contact(situation="missing_child", name="Line for missing children")
    demo.load_courses(FOLDER, admin=admin)
    shown = {}
    for lesson in LessonPage.objects.all():
        response = lesson.make_preview_request(rf.get("/", SERVER_NAME="testserver"))
        assert response.status_code == 200, lesson.slug
        shown[lesson.slug] = strip_tags(response.content.decode())
    assert "A figure with its year." in shown["why-we-screen"]
    assert "Line for missing children" in shown["federal-duties"]
    assert "One indicator alone is not proof" in shown["signs-at-your-post"]
    assert "Which number when" in shown["who-to-contact"]
