"""Lessons name the topics they cover with the place; a version freezes the map of them."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from courses.models import CoursePage, LessonPage
from courses.topics import headings, map_in
from courses.wording import topics_covered
from lms.people.enums import Role
from lms.people.models import Person
from lms.portal.demo import load_courses as demo
from lms.trainings.models import Topic, TrainingVersion
from tests.courses.reading import costs, text
from tests.factories.courses import complete_course, make_course, stream
from tests.factories.people import make_office, make_person, make_with_role

pytestmark = pytest.mark.django_db

T1, T2 = "NY205-T1", "NY205-T2"


def name_topics(lesson: LessonPage, *rows: tuple[str, str]) -> LessonPage:
    """The lesson, published with these (topic, place)."""
    lesson.topics = stream(
        lesson,
        "topics",
        [{"type": "topic", "value": {"topic": code, "place": place}} for code, place in rows],
    )
    lesson.save_revision().publish()
    return lesson


def republish(course: CoursePage) -> CoursePage:
    CoursePage.objects.get(pk=course.pk).save_revision().publish()
    return CoursePage.objects.get(pk=course.pk)


def test_publishing_computes_the_topic_map_from_the_lessons() -> None:
    course = make_course(topics=[])
    name_topics(LessonPage.objects.get(slug="lesson-1"), (T2, "A heading"), (T1, ""))
    name_topics(LessonPage.objects.get(slug="lesson-2"), (T2, "Another"))
    spec = republish(course).version_in_force.spec
    assert spec["topics"] == [T1, T2]
    assert spec["topic_map"] == {
        T1: [{"step": "lesson-1", "place": ""}],
        T2: [
            {"step": "lesson-1", "place": "A heading"},
            {"step": "lesson-2", "place": "Another"},
        ],
    }
    assert [step["topics"] for step in spec["outline"]] == [[], [T1, T2], [T2], []]


def test_a_version_whose_steps_name_topics_reads_as_before() -> None:
    """Versions frozen before lessons named topics: the same spec, the whole step as the place."""
    course = make_course(topics=[T1])
    spec = course.version_in_force.spec
    assert "topic_map" not in spec
    assert spec["topics"] == [T1]
    assert map_in(spec) == {T1: [{"step": "lesson-1", "place": ""}]}
    republish(course)
    assert TrainingVersion.objects.count() == 1


def test_completion_carries_the_topics_of_the_lessons() -> None:
    course = make_course()
    name_topics(LessonPage.objects.get(slug="lesson-2"), (T1, ""))
    completion = complete_course(make_person(), republish(course)).completion
    assert completion is not None
    assert completion.topics == [T1]


def test_changed_topics_of_a_lesson_wait_for_the_course(client: Client) -> None:
    course = make_course(pre_test=False)
    client.force_login(make_with_role(Role.COORDINATOR, course.office))
    lesson = LessonPage.objects.get(slug="lesson-1")
    data = lesson_form(lesson, topics=[(T1, "")])
    page = client.post(f"/admin/pages/{lesson.pk}/edit/", data, follow=True).content.decode()
    assert "They count from the next time you publish the course itself." in page
    assert CoursePage.objects.get(pk=course.pk).version_in_force.spec["topics"] == []
    republish(course)
    again = client.post(f"/admin/pages/{lesson.pk}/edit/", data, follow=True).content.decode()
    assert "They count from the next time" not in again


def lesson_form(lesson: LessonPage, *, topics: list[tuple[str, str]]) -> dict[str, Any]:
    """What the editor posts to publish the lesson with one heading and these topics."""
    rows = [("topic", {"topic": code, "place": place}) for code, place in topics]
    return {
        **nested_form_data(
            {
                "title": lesson.title,
                "slug": lesson.slug,
                "body": streamfield([("text", rich_text("<h2>What it is</h2><p>Words.</p>"))]),
                "topics": streamfield(rows),
                "comments": inline_formset([]),
            }
        ),
        "action-publish": "1",
    }


def test_the_editor_refuses_a_place_the_lesson_does_not_have(client: Client) -> None:
    course = make_course(pre_test=False)
    client.force_login(make_with_role(Role.COORDINATOR, course.office))
    lesson = LessonPage.objects.get(slug="lesson-1")
    page = client.post(
        f"/admin/pages/{lesson.pk}/edit/", lesson_form(lesson, topics=[(T1, "Elsewhere")])
    ).content.decode()
    assert "The lesson has no such heading. Its headings: What it is." in page
    lesson.refresh_from_db()
    assert len(lesson.topics) == 0
    client.post(f"/admin/pages/{lesson.pk}/edit/", lesson_form(lesson, topics=[(T1, "What it is")]))
    lesson.refresh_from_db()
    assert lesson.topics[0].value["place"] == "What it is"


def test_course_page_shows_which_place_covers_what(client: Client) -> None:
    Topic.objects.update_or_create(code=T1, defaults={"name": "What trafficking is"})
    course = make_course(title="Covered")
    assert "where this course covers it" not in text(client, course.url)
    name_topics(LessonPage.objects.get(slug="lesson-2"), (T1, "Two kinds"))
    course = republish(course)
    page = text(client, course.url)
    assert "What the law asks for, and where this course covers it" in page
    assert "What trafficking is" in page
    assert "Lesson 2: Two kinds" in page
    spec = course.version_in_force.spec
    assert costs(lambda: topics_covered(spec)) == 1


def test_demo_places_are_headings_of_their_lessons() -> None:
    for key in ("city-office", "state-office"):
        make_office(key=key)
    admin: Person = make_person(is_superuser=True)
    demo.load_courses(Path(demo.__file__).parent, admin=admin)
    named = 0
    for lesson in LessonPage.objects.all():
        for row in lesson.topics:
            named += 1
            assert row.value["place"] in {"", *headings(lesson.body)}, lesson.slug
    assert named == 14
    spec = CoursePage.objects.get(slug="gbl205-lodging").version_in_force.spec
    assert sorted(spec["topic_map"]) == spec["topics"]
