"""Courses in the editors' pages."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.test.utils.form_data import (
    inline_formset,
    nested_form_data,
    rich_text,
    streamfield,
)

from courses.models import CoursePage, LessonPage, Question, QuestionVersion
from lms.core.models import AuditEntry
from lms.people.enums import Role
from lms.people.models import Person
from lms.trainings.models import StepContent, TrainingVersion
from tests.factories.courses import make_course
from tests.factories.people import make_office, make_person, make_with_role

pytestmark = pytest.mark.django_db

BANK = "/admin/snippets/courses/question/"


@pytest.fixture
def course() -> CoursePage:
    """A published course with one question in its bank."""
    return make_course(title="Our course", questions=1, draw=1, pre_test=False)


@pytest.fixture
def coordinator(client: Client, course: CoursePage) -> Person:
    """Who coordinates for the course's office, signed in."""
    person = make_with_role(Role.COORDINATOR, course.office)
    client.force_login(person)
    return person


@pytest.fixture
def admin(client: Client) -> Person:
    """Who may do everything, signed in."""
    person = make_person(is_superuser=True)
    client.force_login(person)
    return person


def form(course: CoursePage, **changes: Any) -> dict[str, Any]:
    """What the bank's form posts: two answers, the first of them right."""
    answers = {
        "answers-count": "2",
        "answers-0-deleted": "",
        "answers-0-order": "0",
        "answers-0-type": "answer",
        "answers-0-id": "",
        "answers-0-value-text": "Right question-1",
        "answers-0-value-match": "",
        "answers-0-value-correct": "on",
        "answers-0-value-feedback": "Yes.",
        "answers-1-deleted": "",
        "answers-1-order": "1",
        "answers-1-type": "answer",
        "answers-1-id": "",
        "answers-1-value-text": "A new wrong one",
        "answers-1-value-match": "",
        "answers-1-value-feedback": "No.",
    }
    fields = {
        "course": course.pk,
        "objective": "basics",
        "key": "question-1",
        "kind": "single",
        "text": "What is it?",
        "explanation": "Because.",
        "uses": ["post_test"],
    }
    return {**fields, **answers, **changes}


def test_bank_lists_one_s_own_office_s_questions(
    client: Client, course: CoursePage, coordinator: Person
) -> None:
    make_course(title="Not ours")
    page = client.get(BANK).content.decode()
    assert "What is question-1?" in page
    assert "Our course" in page
    assert "Not ours" not in page


def test_bank_adds_a_question(client: Client, course: CoursePage, coordinator: Person) -> None:
    assert "Our course (en)" in client.get(f"{BANK}add/").content.decode()
    response = client.post(f"{BANK}add/", form(course, key="new-one"))
    assert response.status_code == 302
    added = Question.objects.get(key="new-one").versions.get()
    assert (added.number, added.text, added.author) == (1, "What is it?", coordinator)
    assert [choice["key"] for choice in added.choices] == ["a", "b"]


def test_bank_writes_a_change_as_a_new_wording(
    client: Client, course: CoursePage, coordinator: Person
) -> None:
    question = Question.objects.get()
    assert "What is question-1?" in client.get(f"{BANK}edit/{question.pk}/").content.decode()
    response = client.post(f"{BANK}edit/{question.pk}/", form(course))
    assert response.status_code == 302
    first, second = QuestionVersion.objects.order_by("number")
    assert first.text == "What is question-1?"
    assert second.text == "What is it?"
    # The answer whose words stayed keeps its key; the new one takes a key never used before.
    assert [choice["key"] for choice in second.choices] == ["a", "b"]
    assert AuditEntry.objects.filter(action="question.written", actor=coordinator).count() == 1


def test_bank_saved_unchanged_is_no_new_wording(
    client: Client, course: CoursePage, coordinator: Person
) -> None:
    question = Question.objects.get()
    for _twice in range(2):
        client.post(f"{BANK}edit/{question.pk}/", form(course))
    assert QuestionVersion.objects.count() == 2


def test_bank_says_what_does_not_fit(
    client: Client, course: CoursePage, coordinator: Person
) -> None:
    page = client.post(f"{BANK}add/", form(course, key="odd", **{"answers-1-value-correct": "on"}))
    assert "Mark exactly one answer as right." in page.content.decode()
    page = client.post(f"{BANK}add/", form(course))
    assert "already has a question with this key" in page.content.decode()
    assert Question.objects.count() == 1


def test_bank_is_closed_to_other_offices_and_to_learners(
    client: Client, course: CoursePage
) -> None:
    question = Question.objects.get()
    stranger = make_with_role(Role.COORDINATOR, make_office())
    client.force_login(stranger)
    response = client.post(f"{BANK}edit/{question.pk}/", form(course))
    assert response.status_code == 404
    page = client.post(f"{BANK}add/", form(course, key="foreign"))
    assert page.status_code == 200
    assert QuestionVersion.objects.count() == 1


def test_bank_deletes_nothing(client: Client, course: CoursePage, coordinator: Person) -> None:
    question = Question.objects.get()
    client.post(f"{BANK}delete/{question.pk}/")
    assert Question.objects.filter(pk=question.pk).exists()


def test_deleting_a_page_in_use_says_why_not(
    client: Client, course: CoursePage, admin: Person
) -> None:
    lesson = LessonPage.objects.get(slug="lesson-1")
    for page in (course, lesson):
        response = client.post(reverse("wagtailadmin_pages:delete", args=[page.pk]), follow=True)
        assert "It cannot be deleted; unpublish it instead" in response.content.decode()
        assert type(page).objects.filter(pk=page.pk).exists()


def test_deleting_several_pages_deletes_none_in_use(
    client: Client, course: CoursePage, admin: Person
) -> None:
    ids = list(LessonPage.objects.values_list("pk", flat=True))
    path = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "delete"])
    query = "&".join(f"id={pk}" for pk in ids)
    response = client.post(f"{path}?{query}", {"confirm": "true"}, follow=True)
    assert "It cannot be deleted" in response.content.decode()
    assert LessonPage.objects.count() == len(ids)


def test_a_lesson_never_published_can_be_deleted(
    client: Client, course: CoursePage, admin: Person
) -> None:
    draft = LessonPage(title="A thought", live=False)
    course.add_child(instance=draft)
    client.post(reverse("wagtailadmin_pages:delete", args=[draft.pk]))
    assert not LessonPage.objects.filter(pk=draft.pk).exists()


def test_publishing_in_the_editor_says_what_is_missing(
    client: Client, course: CoursePage, admin: Person
) -> None:
    LessonPage.objects.get(slug="lesson-1").move(make_course(lessons=0), pos="last-child")
    path = reverse("wagtailadmin_pages:edit", args=[course.pk])
    response = client.post(path, {**page_form(course), "action-publish": "1"}, follow=True)
    page = response.content.decode()
    assert "Saved as a draft, not published." in page
    assert "choose a page that lies below this course" in page
    assert TrainingVersion.objects.filter(training__key=course.translation_key).count() == 1


def test_copying_in_the_editor_copies_the_bank(
    client: Client, course: CoursePage, admin: Person
) -> None:
    path = reverse("wagtailadmin_pages:copy", args=[course.pk])
    parent = course.get_parent().pk
    client.post(
        path,
        {
            "new_title": "Copied",
            "new_slug": "copied",
            "new_parent_page": parent,
            "copy_subpages": "on",
        },
    )
    copied = CoursePage.objects.get(slug="copied")
    ours = set(LessonPage.objects.child_of(copied).values_list("pk", flat=True))
    assert {step.value["page"].pk for step in copied.outline if step.block_type == "lesson"} == ours
    assert Question.objects.filter(course_key=copied.translation_key).count() == 1


def page_form(course: CoursePage) -> dict[str, Any]:
    """What the editor posts for the course as it is."""
    steps = []
    for step in course.outline:
        value = {**step.block.get_prep_value(step.value)}
        value["objectives"] = nested_list(value.get("objectives", []))
        steps.append((step.block_type, {k: v for k, v in value.items() if v not in (None, False)}))
    fields = nested_form_data(
        {
            "title": course.title,
            "slug": course.slug,
            "summary": course.summary,
            "office": course.office_id,
            "minutes": course.minutes,
            "access": course.access,
            "learn": rich_text(""),
            "credit_lines": streamfield([]),
            "approval": streamfield([]),
            "outline": streamfield(steps),
            "comments": inline_formset([]),
        }
    )
    return {**fields, "audiences": course.audiences}


def nested_list(values: list[str]) -> dict[str, Any]:
    """A list block's form; the tests have no objectives."""
    assert values == []
    return {"count": "0"}


def test_publishing_in_the_editor_freezes_a_version(
    client: Client, course: CoursePage, coordinator: Person
) -> None:
    path = reverse("wagtailadmin_pages:edit", args=[course.pk])
    data = {**page_form(course), "outline-0-value-minutes": "9", "action-publish": "1"}
    response = client.post(path, data)
    assert response.status_code == 302
    course.refresh_from_db()
    assert course.version_in_force.number == 2
    assert course.version_in_force.frozen_by == coordinator
    assert course.version_in_force.spec["outline"][0]["minutes"] == 9


def test_saving_a_draft_in_the_editor_freezes_nothing(
    client: Client, course: CoursePage, coordinator: Person
) -> None:
    path = reverse("wagtailadmin_pages:edit", args=[course.pk])
    client.post(path, {**page_form(course), "outline-0-value-minutes": "9"})
    course.refresh_from_db()
    assert course.get_latest_revision_as_object().outline[0].value["minutes"] == 9
    assert TrainingVersion.objects.count() == 1


def test_publishing_a_lesson_in_the_editor_puts_it_in_force(
    client: Client, course: CoursePage, coordinator: Person
) -> None:
    lesson = LessonPage.objects.get(slug="lesson-1")
    data = nested_form_data(
        {
            "title": "Lesson 1, mended",
            "slug": lesson.slug,
            "body": streamfield([("text", rich_text("<p>Better words.</p>"))]),
            "topics": streamfield([]),
            "comments": inline_formset([]),
        }
    )
    path = reverse("wagtailadmin_pages:edit", args=[lesson.pk])
    client.post(path, {**data, "action-publish": "1"})
    newest = StepContent.objects.order_by("-id").first()
    assert newest is not None
    assert newest.revision.content["title"] == "Lesson 1, mended"
    assert newest.version == course.version_in_force
