"""Outside its audience a restricted training is nowhere: a test for each channel."""

from typing import Any

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse
from wagtail.documents.models import Document
from wagtail.models import Locale

from courses.models import CoursePage, LessonPage
from lms.certificates.services import issue_certificate
from lms.people.enums import Role
from lms.people.models import Person
from lms.trainings.models import Training
from tests.courses.reading import text
from tests.factories.courses import (
    complete_course,
    lesson_step,
    make_course,
)
from tests.factories.people import make_with_role
from tests.restricted.reading import SECRET, answers, signed_in

pytestmark = pytest.mark.django_db


# --- the training's page, its translations, lists -------------------------------------------------


def test_page_of_a_hidden_training(
    course: CoursePage, insider: Person, outsiders: list[Client]
) -> None:
    address = course.get_url()
    assert answers(outsiders, address) == [404, 404, 404]
    inside = signed_in(insider).get(address)
    assert (inside.status_code, "no-store" in inside["Cache-Control"]) == (200, True)


def test_page_of_a_restricted_training_that_is_not_hidden_says_how_to_get_in() -> None:
    page = make_course(title="By approval", access="approval")
    shown = text(Client(), page.get_url())
    door = reverse("access:door", args=[page.translation_key])
    assert "This training is not for everybody" in shown
    assert (door in shown, "/learn/start/" in shown) == (True, False)


def test_translations_of_a_hidden_training(
    course: CoursePage, insider: Person, outsiders: list[Client]
) -> None:
    spanish = Locale.objects.get_or_create(language_code="es")[0]
    translated = course.copy_for_translation(spanish, copy_parents=True)
    # Whatever the translation's own fields say: the main language's page decides.
    CoursePage.objects.filter(pk=translated.pk).update(live=True, access="open", is_hidden=False)
    address = translated.get_url()
    assert address.startswith("/es/")
    assert answers(outsiders, address) == [404, 404, 404]
    assert signed_in(insider).get(address).status_code == 200


def test_former_address_leads_only_those_inside_to_the_new_one(
    course: CoursePage,
    insider: Person,
    outsiders: list[Client],
    django_capture_on_commit_callbacks: Any,
) -> None:
    former = course.get_url()
    with django_capture_on_commit_callbacks(execute=True):
        course.slug = "secret-name"
        course.save_revision().publish()
    assert CoursePage.objects.get(pk=course.pk).get_url() != former
    assert answers(outsiders, former) == [404, 404, 404]
    assert signed_in(insider).get(former)["Location"].endswith("/secret-name/")


def test_catalogue_and_its_search(course: CoursePage, outsiders: list[Client]) -> None:
    make_course(title="Casework for all")
    for client in outsiders:
        shown = text(client, "/trainings/")
        assert ("Casework for all" in shown, SECRET in shown) == (True, False)
        found = text(client, "/trainings/?q=casework")
        assert ("Casework for all" in found, SECRET in found) == (True, False)


def test_no_other_search_sitemap_or_api_exists(outsiders: list[Client]) -> None:
    for path in ("/search/?q=casework", "/sitemap.xml", "/api/v2/pages/"):
        assert answers(outsiders, path) == [404, 404, 404]
    with pytest.raises(NoReverseMatch):
        reverse("wagtailapi:pages:listing")


def test_sitemap_lines_of_a_hidden_training(course: CoursePage) -> None:
    assert CoursePage.objects.get(pk=course.pk).get_sitemap_urls() == []
    lesson = LessonPage.objects.child_of(course).first()
    assert lesson
    assert lesson.get_sitemap_urls() == []


def test_previews_and_drafts(course: CoursePage, outsiders: list[Client]) -> None:
    lesson = LessonPage.objects.child_of(course).first()
    assert lesson
    for page in (course, lesson):
        for view in ("view_draft", "edit", "preview_on_edit", "revisions_index", "history"):
            path = reverse(f"wagtailadmin_pages:{view}", args=[page.pk])
            # Signed out: asked to sign in, as at every address there (test_editors).
            assert answers(outsiders, path) == [302, 404, 404]


# --- files ----------------------------------------------------------------------------------------


def named_in(course: CoursePage, file: Document) -> LessonPage:
    """The course's first lesson links to the file."""
    lesson = LessonPage.objects.child_of(course).first()
    assert lesson
    body = f'<p><a linktype="document" id="{file.pk}">Handout</a></p>'
    lesson.body = [("text", body)]
    lesson.save_revision().publish()
    return lesson


def test_document_of_a_restricted_course(
    course: CoursePage, insider: Person, outsiders: list[Client], file: Document
) -> None:
    assert answers(outsiders, file.url) == [200, 200, 200]
    named_in(course, file)
    assert answers(outsiders, file.url) == [404, 404, 404]
    editor = make_with_role(Role.EDITOR, course.office)
    assert answers([signed_in(insider), signed_in(editor)], file.url) == [200, 200]


def test_document_that_only_pinned_learners_still_see_stays_closed(
    course: CoursePage, outsiders: list[Client], file: Document
) -> None:
    lesson = named_in(course, file)
    lesson.body = [("text", "<p>Without the link.</p>")]
    lesson.save_revision().publish()
    assert answers(outsiders, file.url) == [404, 404, 404]


def test_document_that_a_public_page_names_too_is_public(
    course: CoursePage, outsiders: list[Client], file: Document
) -> None:
    named_in(course, file)
    named_in(make_course(), file)
    assert answers(outsiders, file.url) == [200, 200, 200]


# --- what a certificate tells ---------------------------------------------------------------------


def test_verification_leads_nowhere_near_the_course(course: CoursePage, insider: Person) -> None:
    enrolment = complete_course(insider, course)
    assert enrolment.completion
    certificate = issue_certificate(completion=enrolment.completion)
    page = text(Client(), reverse("certificates:verified", args=[certificate.code_in_groups]))
    assert SECRET in page  # what was completed is the certificate's point
    for address in (course.get_url(), str(course.translation_key), "/learn/"):
        assert address not in page


# --- the door -------------------------------------------------------------------------------------


def test_door(training: Training, insider: Person, outsiders: list[Client]) -> None:
    path = reverse("access:door", args=[training.key])
    nothing = reverse("access:door", args=["00000000-0000-4000-8000-000000000000"])
    assert answers(outsiders, path) == answers(outsiders, nothing) == [302, 404, 404]
    assert "Go to the course" in text(signed_in(insider), path)


def test_lesson_step_of_a_restricted_course_is_never_served(course: CoursePage) -> None:
    lesson = LessonPage.objects.child_of(course).first()
    assert lesson
    assert lesson_step(lesson)["value"]["key"] == "lesson-1"
    assert lesson.get_url() is None
