"""An editor changes a published course while people are in it, and chooses what they do."""

from typing import Any

import pytest

from courses import services
from courses.models import CoursePage, Enrolment, EnrolmentMove
from lms.people.enums import Role
from tests.browser import Reader, axe_violations, sign_in
from tests.factories.courses import make_course, make_enrolment
from tests.factories.people import make_person, make_with_role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def course(db: None) -> CoursePage:
    """Two lessons and a test."""
    return make_course(title="Signs and steps", pre_test=False)


@pytest.fixture
def learner(course: CoursePage) -> Enrolment:
    """Somebody who has done the first lesson."""
    enrolment = make_enrolment(make_person(), course)
    services.finish_lesson(enrolment=enrolment, step_key="lesson-1", actor=enrolment.person)
    return enrolment


@pytest.fixture
def editor(course: CoursePage, reader: Reader, live_server: Any) -> Reader:
    """Who coordinates for the course's office, at a desk."""
    sign_in(reader, make_with_role(Role.COORDINATOR, course.office), live_server.url)
    return reader


@pytest.fixture
def learner_at(phone: Reader, learner: Enrolment, live_server: Any) -> Reader:
    """The learner, on a phone."""
    sign_in(phone, learner.person, live_server.url)
    return phone


def open_editor(editor: Reader, course: CoursePage) -> None:
    editor.page.goto(f"/admin/pages/{course.pk}/edit/")


def remove_second_lesson(editor: Reader) -> None:
    title = editor.page.locator("[name='outline-1-value-title']")
    block = editor.page.locator("[data-streamfield-child]").filter(has=title)
    block.get_by_role("button", name="Delete", exact=True).click()
    title.wait_for(state="hidden")


def publish(editor: Reader) -> None:
    """As editors do: the arrow beside "Save draft", then "Publish"."""
    editor.page.get_by_role("button", name="More actions").last.click()
    editor.page.get_by_role("button", name="Publish", exact=True).click()
    editor.page.wait_for_load_state()


def editor_checks(editor: Reader) -> None:
    """Our own page among the editors': what is ours in it, since the frame is Wagtail's."""
    # Wagtail's messages fade in, and axe would judge their colours half way.
    found = axe_violations(editor.page, within={"include": "#main", "exclude": ".messages"})
    assert found == []


def next_step(reader: Reader, enrolment: Enrolment) -> str:
    """What the course offers next, on a page looked at as every other."""
    reader.go(f"/learn/{enrolment.pk}/")
    return str(reader.page.locator(".next-step h2").text_content()).strip()


def test_taken_across_keeps_what_was_done_and_can_be_undone(
    *, editor: Reader, learner_at: Reader, course: CoursePage, learner: Enrolment
) -> None:
    assert next_step(learner_at, learner) == "Lesson 2"
    open_editor(editor, course)
    remove_second_lesson(editor)
    publish(editor)
    editor_checks(editor)
    assert editor.sees("“Lesson 2” is gone.")
    assert editor.sees("1 person is in the middle of this course")
    assert next_step(learner_at, learner) == "Lesson 2", "nothing is published before the choice"
    editor.page.get_by_label("They go on in the new one.").check()
    editor.press("Publish", exact=True)
    assert editor.sees("1 person goes on in the new version; you can undo this for a day.")
    editor_checks(editor)

    # The lesson that was done stays done, the one that is gone is not asked for.
    assert next_step(learner_at, learner) == "Post-test"
    assert learner_at.sees("1 of 2 done")

    editor.press("Undo: back to the version they came from")
    assert editor.sees("1 person is back in the version they came from.")
    assert next_step(learner_at, learner) == "Lesson 2"
    assert learner_at.sees("1 of 3 done")


def test_who_finishes_the_old_goes_on_as_before(
    *, editor: Reader, learner_at: Reader, course: CoursePage, learner: Enrolment
) -> None:
    open_editor(editor, course)
    remove_second_lesson(editor)
    publish(editor)
    # The gentler way is chosen unless the editor says otherwise.
    editor.press("Publish", exact=True)
    assert editor.sees("“Signs and steps” is published.")
    assert next_step(learner_at, learner) == "Lesson 2"
    newcomer = make_enrolment(make_person(), course)
    assert [step["key"] for step in newcomer.version.spec["outline"]] == ["lesson-1", "post-test"]
    # Looked up later, they can still be taken across.
    editor.page.goto(f"/admin/courses/{course.pk}/under-way/")
    editor_checks(editor)
    editor.press("Take them across to the version published now")
    assert editor.sees("1 person goes on in the new version")
    assert next_step(learner_at, learner) == "Post-test"


def test_spelling_asks_nothing_and_changes_nothing(
    *, editor: Reader, learner_at: Reader, course: CoursePage, learner: Enrolment
) -> None:
    open_editor(editor, course)
    editor.page.locator("[name='outline-1-value-title']").fill("Lesson two")
    editor.page.locator("[name='summary']").fill("What it is really about.")
    publish(editor)
    assert "/under-way/" not in editor.page.url
    assert editor.sees("published")
    fresh = CoursePage.objects.get(pk=course.pk)
    assert fresh.summary == "What it is really about."
    learner.refresh_from_db()
    # Neither another version nor anything else for the one who is under way.
    assert not EnrolmentMove.objects.exists()
    assert learner.version_id == course.version_in_force_id
    assert learner_at.page.goto(f"/learn/{learner.pk}/")
    assert learner_at.sees("1 of 3 done")
