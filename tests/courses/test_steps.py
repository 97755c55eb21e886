"""Modules, knowledge checks and introductions: from the outline to the player."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from wagtail.models import Locale

from courses import services
from courses.enums import EnrolmentStatus, StepKind, StepState
from courses.kinds import KINDS
from courses.models import (
    AssessmentPage,
    CoursePage,
    DocumentEdition,
    DocumentPage,
    Enrolment,
    StepPage,
)
from courses.outline import MODULE
from courses.selectors import where
from courses.views_steps import step_view
from courses.wording import modules, what_will_happen
from lms.completions.models import Completion
from lms.core.exceptions import Refused
from lms.people.models import Person
from tests.courses.reading import text
from tests.factories.courses import (
    complete_course,
    make_course,
    make_enrolment,
    make_introduction,
    make_test_step,
    module,
    republish,
    stream,
    take_test,
    with_steps,
)
from tests.factories.people import make_person
from tests.factories.steps import make_document_course, make_outside_course, make_survey_course

pytestmark = pytest.mark.django_db


def fresh(enrolment: Enrolment) -> Enrolment:
    return Enrolment.objects.get(pk=enrolment.pk)


def in_modules() -> CoursePage:
    """Pre-test; first part: lesson 1; second part: lesson 2 and the post-test."""
    course = make_course(lessons=2)
    course = with_steps(course, module("Second part"), at=2)
    return with_steps(course, module("First part", "Where to begin."), at=1)


def test_every_kind_has_its_block_its_rules_and_its_view() -> None:
    blocks = set(CoursePage._meta.get_field("outline").stream_block.child_blocks) - {MODULE}
    assert blocks == set(KINDS) == set(StepKind)
    for kind in StepKind:
        assert step_view(kind)


def test_every_page_of_a_step_may_lie_below_a_course_and_has_no_address(client: Client) -> None:
    below = {model._meta.label for model in CoursePage.allowed_subpage_models()}
    assert below == {model._meta.label for model in StepPage.__subclasses__()}
    course = make_course()
    needed = {"provider": "The State", "address": "https://example.org/"}
    for model in StepPage.__subclasses__():
        fields = {name: value for name, value in needed.items() if hasattr(model, name)}
        page = model(title=f"A {model._meta.model_name}", slug="page", **fields)
        course.add_child(instance=page)
        assert page.url is None
        assert page.get_sitemap_urls() == []
        assert client.get(f"{course.url}page/").status_code == 404
        page.delete()


def test_modules_are_frozen_with_the_steps_and_are_no_steps() -> None:
    course = in_modules()
    outline = course.version_in_force.spec["outline"]
    assert [step["key"] for step in outline] == ["pre-test", "lesson-1", "lesson-2", "post-test"]
    first = {"title": "First part", "summary": "Where to begin."}
    second = {"title": "Second part", "summary": ""}
    assert [step.get("module") for step in outline] == [None, first, second, second]
    assert what_will_happen({"outline": outline})[1] == "2 lessons"
    assert modules(outline) == [
        {**first, "parts": ["Lesson 1"]},
        {**second, "parts": ["Lesson 2", "Post-test, 3 questions"]},
    ]


def test_modules_change_nothing_for_a_course_without_them() -> None:
    course = make_course()
    assert not any("module" in step for step in course.version_in_force.spec["outline"])
    assert modules(course.version_in_force.spec["outline"]) == []


def test_modules_alone_are_no_course() -> None:
    course = make_course(publish=False)
    course.outline = stream(course, "outline", [module("Empty")])
    with pytest.raises(Refused, match="Add at least one step"):
        republish(course)


def test_outline_with_modules_still_asks_for_unique_keys() -> None:
    course = make_course(publish=False)
    blocks = course.outline.get_prep_value()
    block = CoursePage._meta.get_field("outline").stream_block
    twice = stream(course, "outline", [module("One"), blocks[1], module("Two"), blocks[1]])
    with pytest.raises(ValidationError):
        block.clean(twice)


def test_player_and_course_page_group_the_steps(client: Client, learner: Person) -> None:
    course = in_modules()
    page = text(client, course.url)
    assert page.index("First part") < page.index("Where to begin.") < page.index("Second part")
    enrolment = make_enrolment(learner, course)
    page = text(client, f"/learn/{enrolment.pk}/")
    order = ["Pre-test", "First part", "Lesson 1", "Second part", "Lesson 2", "Post-test"]
    places = [page.index(f">{name}<") for name in order]
    assert places == sorted(places)


def test_knowledge_check_holds_up_nobody_and_gives_feedback(
    client: Client, learner: Person
) -> None:
    course = make_course(lessons=1, pre_test=False)
    check = make_test_step(StepKind.KNOWLEDGE_CHECK, required=False, draw=2)
    course = with_steps(course, check, at=1)
    enrolment = make_enrolment(learner, course)
    services.finish_lesson(enrolment=enrolment, step_key="lesson-1", actor=learner)
    assert [step.state for step in where(fresh(enrolment)).steps] == [
        StepState.DONE,
        StepState.OPEN,
        StepState.OPEN,
    ]
    take_test(enrolment, "knowledge-check", right=1)
    assert "So it is." in text(client, f"/learn/{enrolment.pk}/knowledge-check/")
    assert "1 of 2 right" in text(client, f"/learn/{enrolment.pk}/")
    take_test(enrolment, "post-test")
    assert fresh(enrolment).status == EnrolmentStatus.COMPLETED
    assert (
        Completion.objects.get()
        .evidence["why"]
        .startswith("Finished 1 lesson and passed the test with 3 of 3 on ")
    )


def test_knowledge_check_draws_only_what_is_marked_for_it() -> None:
    course = make_course(publish=False)
    check = make_test_step(StepKind.KNOWLEDGE_CHECK, draw=9)
    with pytest.raises(Refused, match="draws 9 questions, but the bank has 4 for it"):
        with_steps(course, check, at=1)


def test_why_of_a_course_without_lessons_counts_none() -> None:
    course = make_course(lessons=0, pre_test=False)
    complete_course(make_person(), course)
    assert Completion.objects.get().evidence["why"].startswith("Passed the test with 3 of 3 on ")


def test_introduction_is_said_before_the_test_begins(client: Client, learner: Person) -> None:
    course = make_course(lessons=1, pre_test=False)
    page = make_introduction(course, title="Before you begin", text="Have the policy at hand.")
    course.outline[1].value["page"] = page
    course = republish(course)
    enrolment = make_enrolment(learner, course)
    answer = client.post(f"/learn/{enrolment.pk}/lesson-1/", follow=True)
    assert "Have the policy at hand." in answer.content.decode()
    assert enrolment.attempts.count() == 0
    client.post(f"/learn/{enrolment.pk}/post-test/", {"action": "start"})
    assert enrolment.attempts.count() == 1


def test_introduction_reaches_readers_in_its_published_wording(
    client: Client, learner: Person
) -> None:
    course = make_course(lessons=0, pre_test=False)
    page = make_introduction(course, title="Before you begin", text="First wording.")
    course.outline[0].value["page"] = page
    course = republish(course)
    enrolment = make_enrolment(learner, course)
    page.body = stream(page, "body", [{"type": "text", "value": "<p>Second wording.</p>"}])
    page.save_revision()
    assert "First wording." in text(client, f"/learn/{enrolment.pk}/post-test/")
    page.get_latest_revision().publish()
    assert "Second wording." in text(client, f"/learn/{enrolment.pk}/post-test/")


def test_introduction_that_is_a_draft_keeps_the_course_from_being_published() -> None:
    course = make_course()
    page = AssessmentPage(title="Not ready", live=False)
    course.add_child(instance=page)
    course.outline[-1].value["page"] = page
    with pytest.raises(Refused, match="Publish “Not ready” first"):
        republish(course)


def test_introduction_in_use_cannot_be_deleted(admin_client: Client) -> None:
    course = make_course(lessons=0, pre_test=False)
    page = make_introduction(course, title="Before you begin", text="Words.")
    course.outline[0].value["page"] = page
    republish(course)
    admin_client.post(f"/admin/pages/{page.pk}/delete/")
    assert AssessmentPage.objects.filter(pk=page.pk).exists()


@pytest.mark.parametrize("kind", ["document", "outside", "survey"])
def test_pages_of_steps_are_translated_and_shown_in_the_readers_language(
    client: Client, kind: str
) -> None:
    make = {
        "document": make_document_course,
        "outside": make_outside_course,
        "survey": make_survey_course,
    }[kind]
    course = make()
    spanish, _created = Locale.objects.get_or_create(language_code="es")
    page = course.get_children().get().specific
    client.force_login(make_person(is_superuser=True))
    client.post(
        f"/admin/localize/submit/page/{page.pk}/",
        {"locales": [spanish.pk], "include_related_objects": "on"},
    )
    translated = page.get_translation(spanish)
    assert type(translated) is type(page)
    if kind == "document":
        assert translated.number == page.number
    if kind == "outside":
        assert translated.address == page.address
    if kind == "survey":
        assert [question.id for question in translated.questions] == [
            question.id for question in page.questions
        ]
    ours = CoursePage.objects.get(locale=spanish)
    assert ours.page_for(course.outline[-1].value) == translated


def test_page_of_a_step_is_scheduled_like_any_page() -> None:
    make_document_course()
    page = DocumentPage.objects.get()
    page.number, page.go_live_at = 2, timezone.now() + timedelta(days=1)
    page.save_revision().publish()
    assert DocumentEdition.objects.count() == 1
    revision = page.revisions.get(approved_go_live_at__isnull=False)
    past = timezone.now() - timedelta(minutes=1)
    revision.content["go_live_at"] = past.isoformat()
    revision.approved_go_live_at = past
    revision.save()
    call_command("publish_scheduled")
    assert DocumentEdition.objects.latest("pk").number == 2
