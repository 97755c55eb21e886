"""Publishing freezes a version, or publishes nothing."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db.models import ProtectedError
from django.test import Client
from django.utils import timezone
from wagtail.models import Page

from courses.enums import QuestionKind
from courses.models import CoursePage, LessonPage, Question, QuestionVersion
from courses.selectors import lesson_content
from lms.core.exceptions import Refused
from lms.trainings.models import StepContent, Training, TrainingVersion
from tests.factories.courses import (
    lesson_step,
    make_course,
    make_enrolment,
    make_lesson,
    make_question,
    stream,
    training_of,
)
from tests.factories.people import make_person

pytestmark = pytest.mark.django_db


def publish(course: CoursePage) -> CoursePage:
    course.save_revision().publish()
    return CoursePage.objects.get(pk=course.pk)


def test_publish_freezes_outline_rules_pool_and_topics() -> None:
    course = make_course(topics=["NY205-T1"], lessons=2, pass_percent=80, attempts=3)
    spec = course.version_in_force.spec
    assert [step["key"] for step in spec["outline"]] == [
        "pre-test",
        "lesson-1",
        "lesson-2",
        "post-test",
    ]
    assert spec["topics"] == ["NY205-T1"]
    test = spec["outline"][-1]
    assert (test["draw"], test["pass_percent"], test["attempts"]) == (3, 80, 3)
    assert test["pool"] == list(QuestionVersion.objects.order_by("pk").values_list("pk", flat=True))
    assert spec["approval"] == {}
    assert StepContent.objects.filter(version=course.version_in_force).count() == 2


def test_publish_names_who_approved_the_program() -> None:
    approval = {
        "basis": "state_listed",
        "by": "The state",
        "link": "https://example.org/list",
        "checked_on": "2026-11-01",
    }
    course = make_course(approval=approval)
    assert course.version_in_force.spec["approval"] == approval


def test_publish_unchanged_is_the_same_version() -> None:
    course = make_course()
    again = publish(course)
    assert again.version_in_force == course.version_in_force
    assert TrainingVersion.objects.count() == 1


def test_publish_changed_outline_is_a_new_version_for_new_learners_only() -> None:
    course, person = make_course(), make_person()
    first = make_enrolment(person, course)
    course.outline[1].value["minutes"] = 9
    changed = publish(course)
    assert changed.version_in_force.number == 2
    first.refresh_from_db()
    assert first.version.number == 1
    assert make_enrolment(make_person(), course).version.number == 2


def test_publish_back_to_an_older_outline_gives_that_version_to_new_learners() -> None:
    course = make_course()
    for minutes in (9, 5):
        course.outline[1].value["minutes"] = minutes
        course = publish(course)
    assert course.version_in_force.number == 1
    assert make_enrolment(make_person(), course).version.number == 1


def test_publish_lesson_reaches_those_in_the_present_version() -> None:
    course = make_course()
    enrolment = make_enrolment(make_person(), course)
    lesson = LessonPage.objects.get(slug="lesson-1")
    lesson.title = "Lesson one, spelled well"
    lesson.save_revision().publish()
    assert TrainingVersion.objects.count() == 1
    content = lesson_content(enrolment, "lesson-1")
    assert content is not None
    assert content.title == "Lesson one, spelled well"


def test_publish_lesson_leaves_older_versions_alone() -> None:
    course = make_course()
    enrolment = make_enrolment(make_person(), course)
    course.outline[1].value["minutes"] = 9
    publish(course)
    lesson = LessonPage.objects.get(slug="lesson-1")
    lesson.title = "Another lesson"
    lesson.save_revision().publish()
    content = lesson_content(enrolment, "lesson-1")
    assert content is not None
    assert content.title == "Lesson 1"


def test_publish_later_freezes_then() -> None:
    course = make_course(publish=False)
    course.go_live_at = timezone.now() + timedelta(days=1)
    course.save_revision().publish()
    assert Training.objects.count() == 0
    revision = course.revisions.get(approved_go_live_at__isnull=False)
    past = timezone.now() - timedelta(minutes=1)
    revision.content["go_live_at"] = past.isoformat()
    revision.approved_go_live_at = past
    revision.save()
    call_command("publish_scheduled")
    assert training_of(course).versions.count() == 1


def test_publish_later_of_a_live_course_changes_nothing_now() -> None:
    course = make_course()
    course.outline[1].value["minutes"] = 9
    course.go_live_at = timezone.now() + timedelta(days=1)
    course.save_revision().publish()
    assert TrainingVersion.objects.count() == 1


def test_publish_with_problems_publishes_nothing_and_names_them() -> None:
    course = make_course(questions=1, publish=False)
    with pytest.raises(Refused, match="draws 3 questions, but the bank has 1"):
        course.save_revision().publish()
    course.refresh_from_db()
    assert course.live is False
    assert Training.objects.count() == 0


def test_publish_refuses_the_lesson_of_another_course() -> None:
    other = make_lesson(make_course(), title="Not ours")
    course = make_course()
    course.outline = stream(course, "outline", [lesson_step(other, gate="none")])
    with pytest.raises(Refused, match="choose a page that lies below this course"):
        course.save_revision().publish()


def test_publish_refuses_a_gate_without_its_pre_test() -> None:
    course = make_course(pre_test=False)
    course.outline[0].value["gate"] = "pre_test_taken"
    with pytest.raises(Refused, match="no pre-test comes before it"):
        course.save_revision().publish()


def test_step_key_stays_as_first_published() -> None:
    course = make_course()
    course.outline[1].value["key"] = "other"
    with pytest.raises(ValidationError, match="must stay “lesson-1”"):
        course.full_clean()


def test_step_keys_are_unique() -> None:
    course = make_course(publish=False)
    course.outline[2].value["key"] = "lesson-1"
    block = CoursePage._meta.get_field("outline").stream_block
    with pytest.raises(ValidationError):
        block.clean(course.outline)


def test_new_wording_reaches_the_next_publication_only() -> None:
    course = make_course(questions=3)
    make_question(course, key="question-1", text="Better said?")
    assert course.version_in_force.spec["outline"][-1]["pool"] == list(
        QuestionVersion.objects.filter(number=1).order_by("pk").values_list("pk", flat=True)
    )
    assert publish(course).version_in_force.number == 2


def test_write_question_unchanged_is_no_new_wording() -> None:
    course = make_course(questions=1, publish=False)
    assert make_question(course, key="question-1").number == 1


@pytest.mark.parametrize(
    ("kind", "right", "code"),
    [
        (QuestionKind.SINGLE, [True, True], "one_right"),
        (QuestionKind.SINGLE, [False, False], "one_right"),
        (QuestionKind.MULTIPLE, [False, False], "none_right"),
        (QuestionKind.TRUE_FALSE, [True, False, False], "two_choices"),
        (QuestionKind.SINGLE, [True], "choices"),
    ],
)
def test_write_question_refuses_answers_that_do_not_fit(
    kind: QuestionKind, right: list[bool], code: str
) -> None:
    course = make_course(questions=0, publish=False)
    choices = [{"text": f"Answer {n}", "correct": value} for n, value in enumerate(right)]
    with pytest.raises(Refused) as refusal:
        make_question(course, key="odd", kind=kind, choices=choices)
    assert refusal.value.code == code
    assert Question.objects.count() == 0


def test_lesson_has_no_address_of_its_own(client: Client) -> None:
    course = make_course()
    lesson = LessonPage.objects.get(slug="lesson-1")
    assert lesson.url is None
    assert client.get(f"/trainings/{course.slug}/lesson-1/").status_code == 404
    assert lesson.get_sitemap_urls() == []


def test_lesson_is_found_by_no_search() -> None:
    make_course()
    assert list(Page.objects.live().search("Lesson")) == []


def test_copy_has_its_own_lessons_bank_and_training() -> None:
    course = make_course()
    copied = course.copy(
        recursive=True, keep_live=False, update_attrs={"slug": "copied", "title": "Copied"}
    )
    draft = copied.get_latest_revision_as_object()
    assert copied.version_in_force is None
    for lesson in LessonPage.objects.child_of(copied):
        lesson.save_revision().publish()
    draft.save_revision().publish()
    copied = CoursePage.objects.get(pk=copied.pk)
    assert training_of(copied) != training_of(course)
    ours = Question.objects.filter(course_key=copied.translation_key)
    assert ours.count() == Question.objects.filter(course_key=course.translation_key).count() == 4
    pool = copied.version_in_force.spec["outline"][-1]["pool"]
    assert set(pool) == set(ours.values_list("versions__pk", flat=True))


def test_page_in_use_cannot_be_deleted() -> None:
    course = make_course()
    with pytest.raises(ProtectedError):
        course.delete()
    with pytest.raises(ProtectedError):
        LessonPage.objects.get(slug="lesson-1").delete()


def test_purging_revisions_keeps_what_people_are_pinned_to() -> None:
    course = make_course()
    enrolment = make_enrolment(make_person(), course)
    course.outline[1].value["minutes"] = 9
    publish(course)
    lesson = LessonPage.objects.get(slug="lesson-1")
    for title in ("Second", "Third"):
        lesson.title = title
        lesson.save_revision().publish()
    call_command("purge_revisions")
    content = lesson_content(enrolment, "lesson-1")
    assert content is not None
    assert content.title == "Lesson 1"
