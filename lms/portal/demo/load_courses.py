"""The demo's courses: pages, lessons and question banks from readable files, published for real."""

from pathlib import Path
from typing import Any

import yaml
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils.html import format_html, format_html_join
from django.utils.text import slugify
from wagtail.models import Locale

from courses.enums import QuestionKind, StepKind
from courses.models import CoursePage, LessonFile, LessonPage
from courses.services import keep_lesson_file, write_question
from lms.pages.models import CataloguePage
from lms.people.models import Organization, Person

MEDIA = Path(__file__).parent / "media"


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
        choices=question["choices"],
        explanation=question["explanation"],
        uses=question["in"],
        actor=admin,
    )


def _step(
    course: CoursePage, step: dict[str, Any], data: dict[str, Any], admin: Person
) -> dict[str, Any]:
    """A step of the outline; a lesson's page is made and published first."""
    value: dict[str, Any] = {
        "key": step["key"],
        "title": step["title"],
        "minutes": step["minutes"],
        "required": True,
        "gate": step["gate"],
        "topics": [] if step["kind"] == StepKind.LESSON else step["topics"],
    }
    if step["kind"] == StepKind.LESSON:
        value["page"] = _publish_lesson(course, step, admin).pk
    else:
        rule = data["assessments"][step["kind"]]
        value |= {
            "objectives": [],
            "draw": rule["draw"],
            "pass_percent": rule.get("pass_percent"),
            "attempts": rule.get("attempts"),
        }
    return {"type": step["kind"], "value": value}


def _publish_lesson(course: CoursePage, step: dict[str, Any], admin: Person) -> LessonPage:
    lesson = LessonPage(
        title=step["title"], slug=slugify(step["key"]), live=False, locale=course.locale
    )
    blocks = [_block(block, course, admin) for block in step["blocks"]]
    if step["content_note"]:
        blocks.insert(0, {"type": "content_note", "value": {"text": step["content_note"]}})
    lesson.body = _stream(lesson, "body", blocks)
    lesson.topics = _stream(
        lesson, "topics", [{"type": "topic", "value": row} for row in step["topics"]]
    )
    course.add_child(instance=lesson)
    lesson.save_revision(user=admin).publish(user=admin)
    return lesson


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


def _stream(page: CoursePage | LessonPage, field: str, blocks: list[dict[str, Any]]) -> Any:
    """A stream field's value from raw blocks."""
    return page._meta.get_field(field).to_python(blocks)  # noqa: SLF001 - Django's own name
