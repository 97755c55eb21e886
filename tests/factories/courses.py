"""Small published courses, and people who take them, through the real publishing and services."""

import itertools
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from wagtail.models import Page

from courses import scoring, services
from courses.enums import QuestionKind, QuestionUse, StepKind
from courses.models import (
    AssessmentPage,
    Attempt,
    CoursePage,
    Enrolment,
    LessonFile,
    LessonPage,
    QuestionVersion,
    SurveyPage,
)
from courses.selectors import Step, where
from courses.survey_results import options
from lms.core.time import new_york_today
from lms.pages.models import CataloguePage
from lms.people.models import Organization, Person
from lms.trainings.models import Training
from tests.factories.people import make_office, make_person

CHOOSING = (QuestionKind.SINGLE, QuestionKind.MULTIPLE, QuestionKind.TRUE_FALSE)
_numbers = itertools.count(1)


def make_course(
    *,
    title: str = "",
    lessons: int = 2,
    questions: int = 4,
    pre_test: bool = True,
    pass_percent: int | None = 50,
    draw: int | None = 3,
    attempts: int | None = None,
    rule: dict[str, Any] | None = None,
    pre_test_rule: dict[str, Any] | None = None,
    topics: list[str] | None = None,
    minutes: int = 20,
    office: Organization | None = None,
    approval: dict[str, Any] | None = None,
    publish: bool = True,
    **fields: Any,
) -> CoursePage:
    """A course with a pre-test, lessons and a post-test, published unless told not to.

    `rule` is more of the post-test's rule, `pre_test_rule` of the pre-test's; `topics` are the
    codes its first lesson covers. Of each question, answer "a" is right.
    """
    number = next(_numbers)
    defaults: dict[str, Any] = {
        "title": title or f"Course {number}",
        "slug": f"course-{number}",
        "summary": "What it is about.",
        "office": office or make_office(),
        "audiences": ["public"],
        "minutes": minutes,
        "live": False,
    }
    course = CoursePage(**{**defaults, **fields})
    CataloguePage.objects.get().add_child(instance=course)
    for index in range(questions):
        make_question(course, key=f"question-{index + 1}")
    steps: list[dict[str, Any]] = []
    if pre_test:
        rest = pre_test_rule or {}
        steps.append(make_test_step(StepKind.PRE_TEST, gate="none", draw=2, **rest))
    for index in range(lessons):
        first_gate = "pre_test_taken" if pre_test else "none"
        lesson = make_lesson(course, title=f"Lesson {index + 1}")
        steps.append(
            lesson_step(
                lesson,
                gate="previous" if index else first_gate,
                topics=topics or [] if index == 0 else [],
            )
        )
    steps.append(
        make_test_step(
            StepKind.POST_TEST,
            draw=draw,
            pass_percent=pass_percent,
            attempts=attempts,
            **(rule or {}),
        )
    )
    course.outline = stream(course, "outline", steps)
    if approval:
        course.approval = stream(course, "approval", [{"type": "approval", "value": approval}])
    revision = course.save_revision()
    if publish:
        revision.publish()
        course.refresh_from_db()
    return course


def stream(page: Page, field: str, blocks: list[dict[str, Any]]) -> Any:
    """A stream field's value from raw blocks."""
    return page._meta.get_field(field).to_python(blocks)


def make_lesson(course: CoursePage, *, title: str, text: str = "Words to read.") -> LessonPage:
    """A published lesson below the course."""
    lesson = LessonPage(title=title, live=False)
    lesson.body = stream(lesson, "body", [{"type": "text", "value": f"<p>{text}</p>"}])
    course.add_child(instance=lesson)
    lesson.save_revision().publish()
    return lesson


def make_introduction(course: CoursePage, *, title: str, text: str) -> AssessmentPage:
    """A published introduction to a test, below the course."""
    page = AssessmentPage(title=title, live=False)
    page.body = stream(page, "body", [{"type": "text", "value": f"<p>{text}</p>"}])
    course.add_child(instance=page)
    page.save_revision().publish()
    return page


def republish(course: CoursePage) -> CoursePage:
    """Publish the page as it is now; returns it with its new version."""
    course.save_revision().publish()
    return CoursePage.objects.get(pk=course.pk)


def with_steps(course: CoursePage, *steps: dict[str, Any], at: int = 0) -> CoursePage:
    """The course published anew, with more blocks in its outline from `at` on."""
    blocks = list(course.outline.get_prep_value())
    course.outline = stream(course, "outline", [*blocks[:at], *steps, *blocks[at:]])
    return republish(course)


def module(title: str, summary: str = "") -> dict[str, Any]:
    """A module's block of the outline."""
    return {"type": "module", "value": {"title": title, "summary": summary}}


def make_question(
    course: CoursePage, *, key: str, kind: QuestionKind = QuestionKind.SINGLE, **fields: Any
) -> QuestionVersion:
    """A question of the course's bank, for every test; "a" is right."""
    defaults: dict[str, Any] = {
        "objective": "basics",
        "text": f"What is {key}?",
        "choices": [
            {"text": f"Right {key}", "correct": True, "feedback": "Yes."},
            {"text": "Wrong one", "correct": False, "feedback": "Not this one."},
            {"text": "Wrong two", "correct": False, "feedback": "Nor this one."},
        ],
        "explanation": "So it is.",
        "uses": QuestionUse.values,
    }
    return services.write_question(
        course_key=course.translation_key,
        language=course.locale.language_code,
        key=key,
        kind=kind,
        actor=None,
        **{**defaults, **fields},
    )


def lesson_step(lesson: LessonPage, **value: Any) -> dict[str, Any]:
    """A lesson's block of the outline."""
    defaults = {
        "key": lesson.slug,
        "title": lesson.title,
        "minutes": 5,
        "required": True,
        "gate": "previous",
        "topics": [],
        "page": lesson.pk,
    }
    return {"type": "lesson", "value": {**defaults, **value}}


def make_test_step(kind: StepKind, **value: Any) -> dict[str, Any]:
    """A test's block of the outline."""
    defaults = {
        "key": kind.value.replace("_", "-"),
        "title": kind.label,
        "minutes": 5,
        "required": True,
        "gate": "previous",
        "topics": [],
        "objectives": [],
        "draw": None,
        "pass_percent": None,
        "attempts": None,
    }
    return {"type": kind.value, "value": {**defaults, **value}}


def training_of(course: CoursePage) -> Training:
    """The training of a published course."""
    return Training.objects.get(key=course.translation_key)


def make_enrolment(person: Person, course: CoursePage, **fields: Any) -> Enrolment:
    """The person begins the course."""
    return services.enrol(person=person, training=training_of(course), actor=person, **fields)


def take_test(enrolment: Enrolment, step_key: str, *, right: int | None = None) -> Attempt:
    """Take the test, the first `right` questions rightly (default: all), the others wrongly."""
    attempt = services.start_attempt(enrolment=enrolment, step_key=step_key, actor=enrolment.person)
    wordings = QuestionVersion.objects.in_bulk([item["version"] for item in attempt.items])
    answers: dict[int, list[str]] = {}
    for position, item in enumerate(attempt.items, start=1):
        if item["kind"] == QuestionKind.REFLECTION:
            continue
        answers[position] = scoring.right_response(wordings[item["version"]])
        if right is not None and position > right:
            wrong = [key for key in item["choices"] if key not in answers[position]]
            answers[position] = wrong[:1] if item["kind"] in CHOOSING else []
    services.save_answers(attempt=attempt, answers=answers, actor=enrolment.person)
    return services.hand_in(attempt=attempt, actor=enrolment.person)


def complete_course(person: Person, course: CoursePage) -> Enrolment:
    """The person takes the whole course, as the player would."""
    enrolment = make_enrolment(person, course)
    while (step := where(Enrolment.objects.get(pk=enrolment.pk)).next_step) is not None:
        services.open_step(enrolment=enrolment, step_key=step.key, actor=person)
        do_step(enrolment, step)
    enrolment.refresh_from_db()
    return enrolment


CAPTIONS = b"WEBVTT\n\n00:00:01.000 --> 00:00:04.000\nStay safe, tell, call.\n"
# How files of each kind begin; nobody plays these.
CONTENTS = {
    "mp4": b"\x00\x00\x00\x18ftypisom" + bytes(range(256)) * 40,
    "mp3": b"ID3" + bytes(5000),
    "vtt": CAPTIONS,
    "pdf": b"%PDF-1.7 a few words",
}


def make_lesson_file(
    office: Organization, name: str = "clip.mp4", content: bytes = b"", *, title: str = ""
) -> LessonFile:
    """A file of the office's lessons, kept through the service; its kind follows from `name`."""
    upload = SimpleUploadedFile(name, content or CONTENTS[name.rpartition(".")[2]])
    return services.keep_lesson_file(
        office=office, title=title or name.partition(".")[0].title(), upload=upload, actor=None
    )


def fill_lesson(lesson: LessonPage, blocks: list[dict[str, Any]]) -> LessonPage:
    """The lesson with this content instead, published."""
    lesson.body = stream(lesson, "body", blocks)
    lesson.save_revision().publish()
    return lesson


def do_step(enrolment: Enrolment, step: Step) -> None:
    """Do what the step asks, as the person; of a proof, as the office too."""
    person = enrolment.person
    if step.is_test:
        take_test(enrolment, step.key)
    elif step.kind == StepKind.DOCUMENT and step.document:
        services.sign_document(
            enrolment=enrolment,
            step_key=step.key,
            edition=step.document.edition,
            name="Sam Stone",
            actor=person,
        )
    elif step.kind == StepKind.OUTSIDE:
        proof = services.send_proof(
            enrolment=enrolment,
            step_key=step.key,
            upload=SimpleUploadedFile("proof.pdf", b"%PDF-1.7"),
            finished_on=new_york_today(),
            actor=person,
        )
        services.accept_proof(proof=proof, actor=make_person())
    elif step.kind == StepKind.SURVEY:
        page = SurveyPage.objects.get(translation_key=step.page)
        services.give_survey(
            enrolment=enrolment,
            step_key=step.key,
            answers={page.questions[0].id: [options(page.questions[0])[0][0]]},
            actor=person,
        )
    else:
        services.finish_lesson(enrolment=enrolment, step_key=step.key, actor=person)
