"""Pictures of a restricted training's lessons: no address of /media/ hands them to outsiders."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image as Picture
from wagtail.documents.models import Document
from wagtail.images import get_image_model

from courses.images import keep_image
from courses.models import CoursePage, LessonPage
from lms.people.enums import Role
from lms.people.models import Person
from lms.trainings.models import Training
from tests.courses.reading import running
from tests.factories.access import make_grant
from tests.factories.courses import fill_lesson, make_course, make_enrolment, make_question
from tests.factories.people import make_office, make_with_role
from tests.restricted.reading import answer, answers, let_go, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def image(settings: Any, tmp_path: Path) -> Any:
    settings.MEDIA_ROOT = tmp_path
    out = BytesIO()
    Picture.new("RGB", (40, 30), "white").save(out, "PNG")
    upload = SimpleUploadedFile("hall.png", out.getvalue(), "image/png")
    return get_image_model().objects.create(title="A hall", file=upload)


def shown_in(course: CoursePage, image: Any) -> str:
    """The course's first lesson shows the picture; returns where the page says it lies."""
    lesson = LessonPage.objects.child_of(course).first()
    assert lesson
    value = {"image": image.pk, "alt": "A hall", "caption": ""}
    fill_lesson(lesson, [{"type": "image", "value": value}])
    return str(image.get_rendition("max-1200x900").url)


leaves_a_file = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


@leaves_a_file
def test_picture_of_a_restricted_course(
    course: CoursePage, insider: Person, outsiders: list[Client], image: Any
) -> None:
    path = shown_in(course, image)
    assert path.startswith("/media/images/")
    assert answers(outsiders, path) == [404, 404, 404]
    assert answers(outsiders, image.file.url) == [404, 404, 404]
    editor = make_with_role(Role.EDITOR, course.office)
    assert answers([signed_in(insider), signed_in(editor)], path) == [200, 200]
    assert "private" in signed_in(insider).get(path)["Cache-Control"]
    thumbnail = image.get_rendition("max-165x165").url
    assert answers(outsiders, thumbnail) == [404, 404, 404]
    let_go(insider)
    assert answer(signed_in(insider), path) == 404


@leaves_a_file
def test_picture_that_only_pinned_learners_still_see_stays_closed(
    course: CoursePage, outsiders: list[Client], insider: Person, image: Any
) -> None:
    path = shown_in(course, image)
    lesson = LessonPage.objects.child_of(course).first()
    assert lesson
    fill_lesson(lesson, [{"type": "text", "value": "<p>Without it.</p>"}])
    assert answers(outsiders, path) == [404, 404, 404]
    assert answer(signed_in(insider), path) == 200


@leaves_a_file
def test_picture_that_an_open_course_shows_is_public(
    course: CoursePage, outsiders: list[Client], image: Any
) -> None:
    path = shown_in(course, image)
    opened = make_course()
    shown_in(opened, image)
    assert answers(outsiders, path) == [200, 200, 200]
    assert "public" in Client().get(path)["Cache-Control"]
    # Whoever is pinned to the open course's older lesson sees it on.
    lesson = LessonPage.objects.child_of(opened).first()
    assert lesson
    fill_lesson(lesson, [{"type": "text", "value": "<p>Without it.</p>"}])
    assert answers(outsiders, path) == [200, 200, 200]


@leaves_a_file
def test_picture_that_no_page_shows_is_the_editors_alone(
    outsiders: list[Client], image: Any
) -> None:
    path = image.get_rendition("max-165x165").url
    assert answers(outsiders[:2], path) == [404, 404]
    editor = make_with_role(Role.EDITOR, make_office())
    assert answers([signed_in(editor)], path) == [200]
    assert answers([signed_in(editor)], image.file.url) == [200]


def test_picture_that_only_a_question_shows(
    insider: Person, outsiders: list[Client], image: Any
) -> None:
    course = make_course(access="approval", is_hidden=True, publish=False, questions=0)
    with open(image.file.path, "rb") as file:
        kept = keep_image(SimpleUploadedFile("hall.png", file.read(), "image/png"))
    worded = make_question(course, key="seen", image=kept, image_alt="A hall")
    for key in ("one", "two"):
        make_question(course, key=key, image=kept, image_alt="A hall")
    course.save_revision().publish()
    course.refresh_from_db()
    make_grant(insider, Training.objects.get(key=course.translation_key))
    enrolment = make_enrolment(insider, course)
    attempt = running(enrolment, "pre-test")
    editor = make_with_role(Role.EDITOR, course.office)
    for language in ("", "/es"):
        path = f"{language}/learn/{enrolment.pk}/pre-test/{attempt.pk}/1/image/"
        assert answers(outsiders, path) == [302, 404, 404]  # the first is asked to sign in
        assert answers([signed_in(insider), signed_in(editor)], path) == [200, 404]
    bank = f"/admin/snippets/courses/question/picture/{worded.question_id}/1/"
    assert answers([*outsiders, signed_in(insider), signed_in(editor)], bank) == [
        302,
        *[404] * 3,
        200,
    ]
    # The private file itself has no address.
    assert answers([*outsiders, signed_in(insider)], f"/media/{kept}") == [404] * 4
    let_go(insider)
    assert answer(signed_in(insider), path) == 404


def test_nothing_else_of_the_folder_is_handed_out(
    outsiders: list[Client], file: Document, insider: Person
) -> None:
    for path in (f"/media/{file.file.name}", "/media/images/", "/media/../secret-key"):
        assert answers([*outsiders, signed_in(insider)], path) == [404] * 4
