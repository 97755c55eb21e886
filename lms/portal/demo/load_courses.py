"""The demo's courses: pages, lessons and question banks from readable files, published for real."""

from pathlib import Path
from typing import Any

import yaml
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils.html import format_html, format_html_join
from django.utils.text import slugify
from wagtail.models import Locale

from courses.enums import QuestionKind, Scoring, StepKind
from courses.models import (
    CoursePage,
    DocumentPage,
    LessonFile,
    LessonPage,
    OutsideCoursePage,
    StepPage,
    SurveyPage,
)
from courses.outline import MODULE
from courses.services import keep_lesson_file, write_question
from lms.pages.models import CataloguePage
from lms.people.models import Organization, Person
from lms.trainings.enums import Access

MEDIA = Path(__file__).parent / "media"
# The page of each kind of step that has one, and what of it stands in the files by its own name.
PAGES: dict[StepKind, type[StepPage]] = {
    StepKind.LESSON: LessonPage,
    StepKind.DOCUMENT: DocumentPage,
    StepKind.OUTSIDE: OutsideCoursePage,
    StepKind.SURVEY: SurveyPage,
}
OWN_FIELDS = (
    "number",
    "statement",
    "provider",
    "address",
    "proof",
    "provider_approves",
    "approval_note",
    "comment",
)


def load_courses(folder: Path, *, admin: Person) -> None:
    """Publish each course of `folder`/courses that is not there yet; leave the others alone."""
    for path in sorted((folder / "courses").glob("*.yaml")):
        load_course(yaml.safe_load(path.read_text()), admin=admin)


@transaction.atomic
def load_course(data: dict[str, Any], *, admin: Person) -> CoursePage:
    """The published course; made whole or not at all, and never changed by a second run."""
    locale = Locale.objects.get(language_code=data["language"])
    catalogue = CataloguePage.objects.get(locale=locale)
    there = CoursePage.objects.child_of(catalogue).filter(slug=data["slug"]).first()
    if there:
        return there
    course = CoursePage(
        title=data["title"],
        slug=data["slug"],
        summary=data["summary"],
        office=Organization.objects.get(key=data["owner"]),
        audiences=data["audiences"],
        minutes=data["minutes"],
        learn=_bullets(data["learn"]),
        before=data["before"],
        credit_lines=[("credit", line) for line in data["credit"]],
        credit_note=data["credit_note"],
        contact_email=data["contact_email"],
        is_sample=bool(data["sample_notice"]),
        access=data.get("access", Access.OPEN.value),
        min_active_minutes=data.get("min_active_minutes"),
        asks_own_word=data.get("asks_own_word", False),
        without_account=data.get("without_account", False),
        show_in_menus=False,
        live=False,
        locale=locale,
        owner=admin,
    )
    catalogue.add_child(instance=course)
    for question in data["questions"]:
        _write_question(course, question, admin)
    course.outline = _stream(
        course, "outline", [_step(course, step, data, admin) for step in data["outline"]]
    )
    course.save_revision(user=admin).publish(user=admin)
    return CoursePage.objects.get(pk=course.pk)


def _write_question(course: CoursePage, question: dict[str, Any], admin: Person) -> None:
    write_question(
        course_key=course.translation_key,
        language=course.locale.language_code,
        key=question["key"],
        objective=question["objective"],
        kind=QuestionKind(question["kind"]),
        text=question["text"],
        choices=question.get("choices", []),
        explanation=question.get("explanation", ""),
        uses=question["in"],
        actor=admin,
    )


def _step(
    course: CoursePage, step: dict[str, Any], data: dict[str, Any], admin: Person
) -> dict[str, Any]:
    """A step of the outline, or a module's heading; a step's page is made and published first."""
    if step["kind"] == MODULE:
        return {"type": MODULE, "value": {name: step[name] for name in ("title", "summary")}}
    kind = StepKind(step["kind"])
    value: dict[str, Any] = {
        "key": step["key"],
        "title": step["title"],
        "minutes": step["minutes"],
        "required": kind not in (StepKind.KNOWLEDGE_CHECK, StepKind.SURVEY),
        "gate": step["gate"],
        "topics": [] if kind == StepKind.LESSON else step["topics"],
    }
    if kind.is_test:
        rule = data["assessments"][kind]
        value |= {
            "objectives": [],
            "draw": rule["draw"],
            "pass_percent": rule.get("pass_percent"),
            "attempts": rule.get("attempts"),
            "scoring": rule.get("scoring", Scoring.ALL_OR_NOTHING.value),
            "time_limit": rule.get("time_limit"),
        }
    else:
        value["page"] = _publish_page(course, step, admin).pk
    return {"type": kind.value, "value": value}


def _publish_page(course: CoursePage, step: dict[str, Any], admin: Person) -> StepPage:
    """The page below the course that the step shows, published."""
    page = PAGES[StepKind(step["kind"])](
        title=step["title"], slug=slugify(step["key"]), live=False, locale=course.locale
    )
    blocks = [_block(block, course, admin) for block in step["blocks"]]
    if step.get("content_note"):
        blocks.insert(0, {"type": "content_note", "value": {"text": step["content_note"]}})
    page.body = _stream(page, "body", blocks)
    if isinstance(page, LessonPage):
        page.topics = _stream(
            page, "topics", [{"type": "topic", "value": row} for row in step["topics"]]
        )
    if isinstance(page, SurveyPage):
        page.questions = _stream(page, "questions", step["survey"])
    for name in OWN_FIELDS:
        if name in step:
            setattr(page, name, step[name])
    course.add_child(instance=page)
    page.save_revision(user=admin).publish(user=admin)
    return page


def _block(block: dict[str, Any], course: CoursePage, admin: Person) -> dict[str, Any]:
    """A block as the stream field keeps it; the files it names are kept first."""
    kind = block["type"]
    if kind == "media":
        files = {
            name: _keep(block[name], block["title"], course, admin).pk
            for name in ("file", "captions")
        }
        words = {"title": block["title"], "transcript": block["transcript"]}
        return {"type": kind, "value": {**words, **files}}
    if kind == "download":
        kept = _keep(block["file"], block["title"], course, admin)
        return {"type": kind, "value": {"file": kept.pk, "text": block["text"]}}
    if kind == "text":
        return {"type": kind, "value": _raised(block["html"])}
    if kind == "table":
        return {"type": kind, "value": _table(block)}
    return {"type": kind, "value": {name: part for name, part in block.items() if name != "type"}}


def _keep(name: str, title: str, course: CoursePage, admin: Person) -> LessonFile:
    """A file of the folder media, kept for the course's office."""
    upload = SimpleUploadedFile(name, (MEDIA / name).read_bytes())
    return keep_lesson_file(office=course.office, title=title, upload=upload, actor=admin)


def _raised(html: str) -> str:
    """The files' first headings are h3; in a lesson they come right below its title, the h1."""
    for level in (3, 4):
        html = html.replace(f"<h{level}>", f"<h{level - 1}>")
        html = html.replace(f"</h{level}>", f"</h{level - 1}>")
    return html


def _table(block: dict[str, Any]) -> dict[str, Any]:
    return {
        "caption": block["caption"],
        "columns": [{"type": "text", "heading": heading} for heading in block["header"]],
        "rows": [{"values": [str(cell) for cell in row]} for row in block["rows"]],
    }


def _bullets(items: list[str]) -> str:
    return format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", ((i,) for i in items)))


def _stream(page: CoursePage | StepPage, field: str, blocks: list[dict[str, Any]]) -> Any:
    """A stream field's value from raw blocks."""
    return page._meta.get_field(field).to_python(blocks)  # noqa: SLF001 - Django's own name
