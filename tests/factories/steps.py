"""Courses with documents to sign, courses taken elsewhere, and what people do in them."""

import uuid
from datetime import date
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from courses import services
from courses.models import (
    CoursePage,
    DocumentPage,
    DocumentSignature,
    Enrolment,
    OutsideCoursePage,
    OutsideProof,
    StepPage,
    SurveyPage,
)
from courses.selectors import where
from tests.factories.courses import make_course, republish, stream


def add_step(course: CoursePage, page: StepPage, kind: str, **value: Any) -> CoursePage:
    """The page published below the course, as its last step; returns the course published anew."""
    page.live = False
    course.add_child(instance=page)
    page.save_revision().publish()
    defaults = {
        "key": page.slug,
        "title": page.title,
        "minutes": 5,
        "required": True,
        "gate": "previous",
        "topics": [],
        "page": page.pk,
    }
    blocks = [*course.outline.get_prep_value(), {"type": kind, "value": {**defaults, **value}}]
    course.outline = stream(course, "outline", blocks)
    return republish(course)


def make_document_course(**fields: Any) -> CoursePage:
    """A course of one test and, after it, a policy to sign under the key "policy"."""
    course = make_course(pre_test=False, lessons=0, **fields)
    page = DocumentPage(title="Policy", slug="policy", statement="I will follow it.")
    page.body = stream(page, "body", [{"type": "text", "value": "<p>First wording.</p>"}])
    return add_step(course, page, "document")


def new_edition(*, number: int, text: str = "Second wording.", changed: str = "") -> DocumentPage:
    """The policy published anew with this number."""
    page = DocumentPage.objects.get(slug="policy")
    page.number, page.what_changed = number, changed
    page.body = stream(page, "body", [{"type": "text", "value": f"<p>{text}</p>"}])
    page.save_revision().publish()
    return page


def sign(enrolment: Enrolment, *, name: str = "Sam Stone") -> DocumentSignature:
    """The person signs the version in force."""
    step = where(Enrolment.objects.get(pk=enrolment.pk)).step("policy")
    assert step is not None
    assert step.document is not None
    return services.sign_document(
        enrolment=enrolment,
        step_key="policy",
        edition=step.document.edition,
        name=name,
        actor=enrolment.person,
    )


def make_outside_course(**page_fields: Any) -> CoursePage:
    """A course of one test and, after it, a course taken elsewhere under the key "elsewhere"."""
    course = make_course(pre_test=False, lessons=0)
    page = OutsideCoursePage(
        title="Basics elsewhere",
        slug="elsewhere",
        provider="The State",
        address="https://example.org/course",
        **page_fields,
    )
    return add_step(course, page, "outside", gate="none")


def pdf(name: str = "proof.pdf", content: bytes = b"") -> SimpleUploadedFile:
    """A file that begins like a PDF; each its own unless told what it holds."""
    return SimpleUploadedFile(name, b"%PDF-1.7 " + (content or uuid.uuid4().bytes))


def send_proof(enrolment: Enrolment, **fields: Any) -> OutsideProof:
    """The person sends a proof."""
    defaults = {"upload": pdf(), "finished_on": date(2026, 11, 1), "actor": enrolment.person}
    return services.send_proof(enrolment=enrolment, step_key="elsewhere", **{**defaults, **fields})


def make_survey_course(*, required: bool = False, comment: str = "What else?") -> CoursePage:
    """A course of one test and, after it, a survey under the key "survey"."""
    course = make_course(pre_test=False, lessons=0)
    page = SurveyPage(title="How was it?", slug="survey", comment=comment)
    answers = ["On a phone", "On a computer"]
    page.questions = stream(
        page,
        "questions",
        [
            {"type": "rating", "value": {"text": "Useful?", "low": "no", "high": "very"}},
            {"type": "choice", "value": {"text": "How?", "several": True, "answers": answers}},
        ],
    )
    return add_step(course, page, "survey", required=required, gate="none")


def survey_questions() -> list[Any]:
    """The questions of the one survey there is."""
    return list(SurveyPage.objects.get().questions)


def give(enrolment: Enrolment, *, rating: str = "4", comment: str = "") -> Enrolment:
    """The person gives the survey."""
    return services.give_survey(
        enrolment=enrolment,
        step_key="survey",
        answers={survey_questions()[0].id: [rating]},
        comment=comment,
        actor=enrolment.person,
    )
