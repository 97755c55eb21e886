"""Wagtail's pages: an editor of another office meets nothing of a restricted training there.

The addresses come from the URL configuration, so that what a later Wagtail adds is asked too.
"""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone
from PIL import Image as Picture
from wagtail.documents.models import Document
from wagtail.images import get_image_model
from wagtail.log_actions import log
from wagtail.models import Locale, Page, Revision
from wagtail_localize.models import Translation, TranslationSource

from courses.models import CoursePage, LessonPage, Question
from lms.people.enums import Role
from lms.people.models import Person
from lms.people.services import end_role, grant_role
from lms.trainings.closed import closed_pages
from lms.trainings.models import Training
from tests.factories.access import make_grant
from tests.factories.courses import fill_lesson, make_course, make_lesson_file, make_question
from tests.factories.people import make_office, make_person, make_with_role
from tests.restricted.reading import SECRET, signed_in

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
ADMIN = "admin/"
# The title of everything that belongs to the training, and how its slugs and names begin.
MARKS = (SECRET, "secret-")
# Kwargs that name a page of the training.
PAGES = {"page_id", "parent_page_id", "page_to_move_id", "destination_id", "page_pk"}
NOT_OF_TRAININGS = (
    *("admin/users/", "admin/groups/", "admin/password_reset/", "admin/sites/", "admin/locales/"),
    *("admin/snippets/pages/", "admin/snippets/choose/pages/", "failwhale"),
)
# Where an administrator reads the training's title, or its files': so the test's rows are met.
SHOWN = {
    "admin/",
    "admin/pages/<int:parent_page_id>/",
    "admin/pages/search/",
    "admin/pages/<int:page_id>/edit/",
    "admin/pages/<int:page_id>/history/",
    "admin/pages/<int:page_id>/usage/",
    "admin/pages/<int:page_id>/copy/",
    "admin/pages/usage/<slug:content_type_app_name>/<slug:content_type_model_name>/",
    "admin/choose-page/<int:parent_page_id>/",
    "admin/choose-page/search/",
    "admin/choose-page/chosen-multiple/",
    "admin/bulk/<str:app_label>/<str:model_name>/<str:action>/",
    "admin/api/main/^pages/",
    "admin/api/main/^pages/<int:pk>/",
    "admin/api/main/^images/",
    "admin/api/main/^documents/",
    "admin/images/",
    "admin/images/chooser/",
    "admin/documents/",
    "admin/documents/chooser/",
    "admin/reports/site-history/",
    "admin/reports/page-types-usage/",
    "admin/reports/locked/",
    "admin/localize/reports/translations/",
    "admin/snippets/courses/question/",
    "admin/snippets/choose/courses/question/",
    "admin/snippets/courses/lessonfile/",
    "admin/snippets/choose/courses/lessonfile/",
}


@pytest.fixture
def outsider() -> Person:
    """Another office's coordinator, with a course of their own."""
    office = make_office()
    make_course(title="A course of ours", office=office)
    return make_with_role(Role.COORDINATOR, office)


@pytest.fixture
def rows(course: CoursePage, settings: Any, tmp_path: Path) -> dict[str, Any]:
    """What belongs to the training, each with its title, by the name an address gives it."""
    settings.MEDIA_ROOT = tmp_path
    lesson = LessonPage.objects.child_of(course).first()
    assert lesson
    out = BytesIO()
    Picture.new("RGB", (40, 30), "white").save(out, "PNG")
    upload = SimpleUploadedFile("hall.png", out.getvalue(), "image/png")
    image = get_image_model().objects.create(title=f"{SECRET} hall", file=upload)
    paper = Document.objects.create(
        title=f"{SECRET} paper", file=ContentFile(b"text", "secret-paper.txt")
    )
    lesson.title = f"{SECRET} lesson"
    link = f'<p><a linktype="document" id="{paper.pk}">Paper</a></p>'
    fill_lesson(
        lesson,
        [
            {"type": "image", "value": {"image": image.pk, "alt": "A hall", "caption": ""}},
            {"type": "text", "value": link},
        ],
    )
    clip = make_lesson_file(course.office, title=f"{SECRET} clip")
    make_question(course, key="secret-question", text=f"{SECRET} question?")
    source, _created = TranslationSource.get_or_create_from_instance(course)
    spanish = Locale.objects.get_or_create(language_code="es")[0]
    translation = Translation.objects.create(source=source, target_locale=spanish, enabled=True)
    course.copy_for_translation(spanish, copy_parents=True)
    owner = make_person(is_superuser=True)
    log(instance=course, action="wagtail.edit", user=owner)
    Page.objects.filter(pk=course.pk).update(locked=True, locked_by=owner, locked_at=timezone.now())
    return {
        "owner": owner,
        "page": course.pk,
        # Of a training's certificate: the address of its look.
        "office": course.office.key,
        "training": course.translation_key,
        "lesson": lesson.pk,
        "image_id": image.pk,
        "document_id": paper.pk,
        "question": Question.objects.get(key="secret-question").pk,
        "lessonfile": clip.pk,
        "file": clip.pk,
        "translation_id": translation.pk,
        "translation_source_id": source.pk,
        "source_id": source.pk,
        "revision_id": Revision.page_revisions.filter(object_id=str(lesson.pk)).latest("pk").pk,
    }


def routes(patterns: Any = None, prefix: str = "") -> Iterator[tuple[str, dict[str, Any], str]]:
    """The routes below /admin/, with their converters, and the module that answers."""
    for pattern in patterns or get_resolver().url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            if ADMIN.startswith(route) or route.startswith(ADMIN) or not route:
                yield from routes(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern) and route.startswith(ADMIN):
            yield route, dict(pattern.pattern.converters), pattern.callback.__module__


def filled(route: str, names: Any, rows: dict[str, Any]) -> list[str]:
    """The addresses of a route that name something of the training, or nothing at all."""
    if "(" in route:
        if "compare" not in route:
            return []
        return [f"admin/pages/{rows['lesson']}/revisions/compare/earliest...latest/"]
    about = next((what for what in ("question", "lessonfile") if f"/{what}/" in route), "")
    about = about or ("image_id" if "images" in route else "document_id")
    values = {
        "app_label": "courses",
        "model_name": "coursepage",
        "content_type_app_name": "courses",
        "content_type_model_name": "coursepage",
        "action": "delete",
        "action_name": "copy",
        "number": 1,
        "form": "gift",
        "course": rows["page"],
        "mode": "",
        "pk": rows[about],
        "filter_spec": "max-165x165",
        "object_id": rows["page"],
        **dict.fromkeys(("session_id", "task_state_id", "workflow_state_id", "task_id"), 1),
        **rows,
    }
    if "bulk" in route:
        values |= {"app_label": "wagtailcore", "model_name": "page"}
    if "^pages/" in route or "under-way" in route:
        values["pk"] = rows["page"]
    found = []
    for page in (rows["page"], rows["lesson"]) if PAGES & set(names) else (0,):
        address = route.replace("^", "")
        for name, converter in names.items():
            value = page if name in PAGES else values.get(name, 1)
            address = address.replace(f"<{converter_name(converter)}:{name}>", str(value))
            address = address.replace(f"<{name}>", str(value))
        found.append(address)
    return found


def converter_name(converter: Any) -> str:
    names = {"Int": "int", "Slug": "slug", "String": "str", "UUID": "uuid"}
    return names[type(converter).__name__.removesuffix("Converter")]


def asked(route: str, rows: dict[str, Any]) -> list[str]:
    """What is asked besides: words to search, pages to take together, a list by script."""
    parent = Page.objects.get(pk=rows["page"]).get_parent().pk
    if "bulk" in route:
        return [f"?id={rows['page']}", f"?id=all&childOf={parent}"]
    if "chosen-multiple" in route:
        kinds = {"pages": "page", "images": "image_id", "documents": "document_id"}
        kinds |= {"question": "question", "lessonfile": "lessonfile", "choose-page": "page"}
        named = next((name for part, name in kinds.items() if f"/{part}/" in route), "page")
        return [f"?id={rows[named]}"]
    if "^pages/" in route:
        return ["", f"?child_of={parent}&for_explorer=1"]
    if "search" in route or "chooser" in route or "choose" in route:
        return ["", "?q=advanced"]
    return [""]


def addresses(rows: dict[str, Any]) -> Iterator[tuple[str, bool, str]]:
    """Each route, whether it names a page or a file of the training, and an address of it."""
    direct = PAGES | {"image_id", "document_id", "translation_id", "translation_source_id"}
    for route, names, module in routes():
        # The last breaks on purpose.
        if module.startswith("lms.people") or any(part in route for part in NOT_OF_TRAININGS):
            continue
        for address in filled(route, names, rows):
            for query in asked(route, rows):
                yield route, bool(direct & set(names)), f"/{address}{query}"
    parent = Page.objects.get(pk=rows["page"]).get_parent().pk
    yield "admin/pages/<int:parent_page_id>/", False, f"/admin/pages/{parent}/"
    yield "admin/pages/<int:parent_page_id>/", False, f"/admin/pages/{parent}/?q=advanced"
    yield "admin/choose-page/<int:parent_page_id>/", False, f"/admin/choose-page/{parent}/"


def words(response: Any) -> str:
    if response.streaming:
        return b"".join(response.streaming_content).decode(errors="replace")
    return str(response.content.decode(errors="replace"))


def test_other_offices_editor_meets_nothing_of_a_restricted_training(
    outsider: Person, rows: dict[str, Any]
) -> None:
    client, admin = signed_in(outsider), signed_in(rows["owner"])
    shown, met, open_ = set(), set(), set()
    for route, direct, address in addresses(rows):
        answer = client.get(address)
        if any(word in words(answer) + answer.get("Location", "") for word in MARKS):
            met.add(address)
        if direct and (answer.status_code, client.post(address).status_code) != (404, 404):
            open_.add((answer.status_code, address))
        if route in SHOWN - shown and any(word in words(admin.get(address)) for word in MARKS):
            shown.add(route)
    assert (met, open_) == (set(), set())
    assert shown == SHOWN
    assert CoursePage.objects.filter(title=SECRET, live=True).count() == 1


def listed(person: Person) -> str:
    """The catalogue as the person's explorer shows it."""
    parent = CoursePage.objects.first().get_parent()
    return words(signed_in(person).get(f"/admin/pages/{parent.pk}/"))


def test_own_editors_meet_it_and_open_trainings_are_met_by_all(
    course: CoursePage, outsider: Person
) -> None:
    make_course(title="Open to all")
    own = make_with_role(Role.EDITOR, course.office)
    assert (SECRET in listed(own), "Open to all" in listed(own)) == (True, True)
    assert (SECRET in listed(outsider), "Open to all" in listed(outsider)) == (False, True)
    edit = f"/admin/pages/{course.pk}/edit/"
    assert signed_in(own).get(edit).status_code == 200


def test_drafts_never_published_and_translations_are_closed_too(outsider: Person) -> None:
    draft = make_course(title="A draft", access="invitation", publish=False)
    opened = make_course(title="Opened since", access="invitation")
    Training.objects.filter(key=opened.translation_key).update(access="open")
    shut = make_course(title="Shut since")
    Training.objects.filter(key=shut.translation_key).update(access="approval")
    spanish = Locale.objects.get_or_create(language_code="es")[0]
    translated = shut.copy_for_translation(spanish, copy_parents=True)
    closed = set(closed_pages(outsider).filter(depth=shut.depth).values_list("pk", flat=True))
    assert closed == {draft.pk, shut.pk, translated.pk}
    lesson = LessonPage.objects.child_of(draft).first()
    assert lesson
    assert closed_pages(outsider).filter(pk=lesson.pk).exists()


def test_taking_a_course_is_no_right_to_its_editors_pages(
    course: CoursePage, training: Training, outsider: Person
) -> None:
    make_grant(outsider, training)
    client = signed_in(outsider)
    assert client.get(course.get_url()).status_code == 200
    assert client.get(f"/admin/pages/{course.pk}/view_draft/").status_code == 404


def test_dashboard_forgets_what_a_former_editor_worked_on(course: CoursePage) -> None:
    former = make_with_role(Role.EDITOR, make_office())
    assignment = grant_role(person=former, role=Role.EDITOR, organization=course.office, actor=None)
    log(instance=course, action="wagtail.edit", user=former)
    Page.objects.filter(pk=course.pk).update(
        locked=True, locked_by=former, locked_at=timezone.now()
    )
    assert words(signed_in(former).get("/admin/")).count(SECRET) >= 2
    end_role(assignment=assignment, actor=None)
    assert SECRET not in words(signed_in(former).get("/admin/"))


def test_files_that_others_use_too_stay_in_every_editors_lists(
    outsider: Person, rows: dict[str, Any]
) -> None:
    images = "/admin/images/"
    client = signed_in(outsider)
    assert SECRET not in words(client.get(images))
    ours = CoursePage.objects.get(title="A course of ours")
    lesson = LessonPage.objects.child_of(ours).first()
    assert lesson
    value = {"image": rows["image_id"], "alt": "A hall", "caption": ""}
    fill_lesson(lesson, [{"type": "image", "value": value}])
    assert f"{SECRET} hall" in words(client.get(images))


def test_who_is_no_editor_finds_nothing_behind_the_editors_door(course: CoursePage) -> None:
    addresses = [
        f"/admin/pages/{pk}/{view}/"
        for pk in (course.pk, 999_999)
        for view in ("edit", "view_draft", "edit/preview", "history", "usage", "copy", "move")
    ]
    stranger = signed_in(make_person())
    assert {stranger.get(address).status_code for address in addresses} == {404}
    assert {stranger.post(address).status_code for address in addresses} == {404}
    # Signed out: asked to sign in, whatever the address names.
    for address in addresses:
        assert Client().get(address)["Location"] == f"/accounts/login/?next={address}"
    # The front door itself says whom to ask.
    assert "does not open the editors" in words(stranger.get("/admin/", follow=True))
