"""Lessons' files: what is taken, and who gets them by which door."""

from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client

from courses import services
from courses.enums import FileKind
from courses.models import CoursePage, Enrolment, LessonFile, LessonPage
from lms.core import ranges
from lms.core.exceptions import Refused
from lms.core.models import AuditEntry
from lms.people.enums import Role
from lms.people.models import Person
from tests.courses.reading import costs, text
from tests.factories.courses import (
    CONTENTS,
    fill_lesson,
    make_course,
    make_enrolment,
    make_lesson_file,
)
from tests.factories.people import make_office, make_person, make_with_role

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("name", "kind", "content_type"),
    [
        ("a.MP4", FileKind.VIDEO, "video/mp4"),
        ("a.mp3", FileKind.AUDIO, "audio/mpeg"),
        ("a.vtt", FileKind.CAPTIONS, "text/vtt; charset=utf-8"),
        ("a.pdf", FileKind.DOCUMENT, "application/pdf"),
    ],
)
def test_keep_lesson_file_knows_what_it_is(name: str, kind: FileKind, content_type: str) -> None:
    content = CONTENTS[name.rpartition(".")[2].lower()]
    kept = make_lesson_file(make_office(), name, content)
    assert (kept.kind, kept.content_type, kept.size) == (kind, content_type, len(content))
    assert AuditEntry.objects.get(action="lesson_file.kept").data == {"kind": kind.value}
    # Below the private folder, which no address leads to.
    assert kept.file.path.startswith(f"{settings.PRIVATE_ROOT}/lesson-files/")


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.exe", b"MZ", "We cannot use a.exe. Choose one of these kinds: mp4, webm"),
        ("a.mp4", b"<html>", "a.mp4 is not what its name says"),
        ("a.pdf", b"<html>", "a.pdf is not what its name says"),
        ("a.mp4", b"", "a.mp4 is empty"),
        ("a.vtt", b"1\n00:00:01,000 --> 00:00:02,000\n", "its first line must be WEBVTT"),
        ("a.vtt", b"WEBVTT\n\n00:01 --> 00:02\nHi\n", "Line 3 of a.vtt is no span of time"),
        ("a.vtt", b"WEBVTT\n\n00:05.000 --> 00:02.000\nHi\n", "Line 3 of a.vtt"),
        ("a.vtt", b"WEBVTT\n\nHi\n", "has no captions in it"),
        ("a.vtt", b"\xff\xfe\x00WEBVTT", "its first line must be WEBVTT"),
    ],
)
def test_keep_lesson_file_refuses_what_no_lesson_can_use(
    name: str, content: bytes, said: str
) -> None:
    with pytest.raises(Refused, match=said.replace(".", r"\.")):
        services.keep_lesson_file(
            office=make_office(), title="No", upload=SimpleUploadedFile(name, content), actor=None
        )
    assert LessonFile.objects.count() == 0


def test_keep_lesson_file_refuses_what_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "LMS_MAX_MEDIA_BYTES", 1000)
    with pytest.raises(Refused, match="Make it smaller or shorter"):
        make_lesson_file(make_office())


def test_the_database_refuses_an_empty_file_and_an_unknown_kind() -> None:
    kept = make_lesson_file(make_office())
    for change in ({"size": 0}, {"kind": "film"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            LessonFile.objects.filter(pk=kept.pk).update(**change)


@pytest.fixture
def course() -> CoursePage:
    """Two lessons, each with a video; no pre-test."""
    course = make_course(pre_test=False)
    captions = make_lesson_file(course.office, "words.vtt")
    for number in (1, 2):
        video = make_lesson_file(course.office, f"clip{number}.mp4")
        fill_lesson(LessonPage.objects.get(slug=f"lesson-{number}"), [media(video, captions)])
    return course


def media(file: LessonFile, captions: LessonFile | None = None) -> dict[str, Any]:
    value = {
        "title": "Watch this",
        "file": file.pk,
        "captions": captions and captions.pk,
        "transcript": "<p>All that is said.</p>",
    }
    return {"type": "media", "value": value}


def address(enrolment: Enrolment, step: str, file: LessonFile) -> str:
    return f"/learn/{enrolment.pk}/{step}/files/{file.pk}/"


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def test_player_serves_the_video_and_its_captions(
    client: Client, learner: Person, course: CoursePage
) -> None:
    enrolment = make_enrolment(learner, course)
    page = text(client, f"/learn/{enrolment.pk}/lesson-1/")
    video, words = LessonFile.objects.get(name="clip1.mp4"), LessonFile.objects.get(kind="captions")
    assert f'<source src="{address(enrolment, "lesson-1", video)}" type="video/mp4">' in page
    assert f'src="{address(enrolment, "lesson-1", words)}" srclang="en"' in page
    assert "All that is said." in page
    response = client.get(address(enrolment, "lesson-1", video))
    assert (response.status_code, body(response)) == (200, CONTENTS["mp4"])
    assert response["Content-Type"] == "video/mp4"
    assert response["Cache-Control"] == "private, no-cache"
    captions = client.get(address(enrolment, "lesson-1", words))
    assert body(captions) == CONTENTS["vtt"]


def test_a_file_is_nobody_else_s(client: Client, course: CoursePage) -> None:
    enrolment = make_enrolment(make_person(), course)
    path = address(enrolment, "lesson-1", LessonFile.objects.get(name="clip1.mp4"))
    assert client.get(path).status_code == 302
    outsiders = [
        make_person(),
        make_enrolment(make_person(), course).person,
        make_with_role(Role.COORDINATOR, course.office),
    ]
    for outsider in outsiders:
        client.force_login(outsider)
        assert client.get(path).status_code == 404
    client.force_login(enrolment.person)
    assert client.get(path).status_code == 200


def test_a_file_of_a_lesson_not_open_yet_or_of_another_lesson_is_not_served(
    client: Client, learner: Person, course: CoursePage
) -> None:
    enrolment = make_enrolment(learner, course)
    second = LessonFile.objects.get(name="clip2.mp4")
    assert client.get(address(enrolment, "lesson-2", second)).status_code == 404
    assert client.get(address(enrolment, "lesson-1", second)).status_code == 404
    assert client.get(address(enrolment, "no-step", second)).status_code == 404
    services.finish_lesson(enrolment=enrolment, step_key="lesson-1", actor=learner)
    assert client.get(address(enrolment, "lesson-2", second)).status_code == 200


def test_a_file_stays_with_the_version_one_began_with(
    client: Client, learner: Person, course: CoursePage
) -> None:
    enrolment = make_enrolment(learner, course)
    old = LessonFile.objects.get(name="clip1.mp4")
    course.outline[0].value["minutes"] = 9
    course.save_revision().publish()
    new = make_lesson_file(course.office, "better.mp4")
    words = LessonFile.objects.get(kind="captions")
    fill_lesson(LessonPage.objects.get(slug="lesson-1"), [media(new, words)])
    assert client.get(address(enrolment, "lesson-1", old)).status_code == 200
    assert client.get(address(enrolment, "lesson-1", new)).status_code == 404


def test_parts_are_served_as_players_ask(
    client: Client, learner: Person, course: CoursePage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ranges, "MOST_AT_ONCE", 1000)
    path = address(make_enrolment(learner, course), "lesson-1", LessonFile.objects.earliest("pk"))
    path = path.replace(
        f"/{LessonFile.objects.earliest('pk').pk}/",
        f"/{LessonFile.objects.get(name='clip1.mp4').pk}/",
    )
    whole = CONTENTS["mp4"]
    size = len(whole)

    def asked(part: str, **headers: str) -> tuple[int, str, bytes]:
        response = client.get(path, headers={"Range": part, **headers})
        content = body(response) if response.streaming else response.content
        if response.has_header("Content-Length"):
            assert int(response["Content-Length"]) == len(content)
        return response.status_code, response.get("Content-Range", ""), content

    assert asked("bytes=10-19") == (206, f"bytes 10-19/{size}", whole[10:20])
    assert asked("bytes=0-") == (206, f"bytes 0-999/{size}", whole[:1000])
    assert asked(f"bytes={size - 5}-") == (206, f"bytes {size - 5}-{size - 1}/{size}", whole[-5:])
    assert asked("bytes=-5") == (206, f"bytes {size - 5}-{size - 1}/{size}", whole[-5:])
    assert asked(f"bytes=5-{size * 9}") == (206, f"bytes 5-{size - 1}/{size}", whole[5:])
    assert asked(f"bytes={size}-") == (416, f"bytes */{size}", b"")
    for odd in ("bytes=9-3", "bytes=-", "bytes=0-1,5-6", "lines=1-2"):
        assert asked(odd) == (200, "", whole), odd
    etag = client.get(path)["ETag"]
    assert asked("bytes=0-9", **{"If-Range": etag})[0] == 206
    assert asked("bytes=0-9", **{"If-Range": '"older"'})[0] == 200
    assert client.get(path, headers={"If-None-Match": etag}).status_code == 304


def test_serving_a_file_costs_no_more_with_more_files(
    client: Client, learner: Person, course: CoursePage
) -> None:
    enrolment = make_enrolment(learner, course)
    video, words = LessonFile.objects.get(name="clip1.mp4"), LessonFile.objects.get(kind="captions")
    client.get(address(enrolment, "lesson-1", video))
    assert costs(lambda: client.get(address(enrolment, "lesson-1", video))) == 7
    page = f"/learn/{enrolment.pk}/lesson-1/"
    client.get(page)
    before = costs(lambda: client.get(page))
    fill_lesson(LessonPage.objects.get(slug="lesson-1"), [media(video, words)] * 3)
    assert costs(lambda: client.get(page)) == before


def test_editors_see_files_of_their_own_office(client: Client, course: CoursePage) -> None:
    path = f"/admin/lesson-files/{LessonFile.objects.get(name='clip1.mp4').pk}/"
    client.force_login(make_with_role(Role.EDITOR, course.office))
    assert client.get(path).status_code == 200
    client.force_login(make_with_role(Role.EDITOR, make_office()))
    assert client.get(path).status_code == 404
    client.force_login(make_person())
    assert client.get(path).status_code == 404


def test_preview_plays_the_file_by_the_editors_address(client: Client, course: CoursePage) -> None:
    client.force_login(make_with_role(Role.EDITOR, course.office))
    lesson = LessonPage.objects.get(slug="lesson-1")
    client.get(f"/admin/pages/{lesson.pk}/edit/")
    request = lesson.make_preview_request()
    assert f"/admin/lesson-files/{LessonFile.objects.get(name='clip1.mp4').pk}/" in (
        request.content.decode()
    )


FILES = "/admin/snippets/courses/lessonfile/"


def test_editors_upload_list_and_rename(client: Client, course: CoursePage) -> None:
    editor = make_with_role(Role.EDITOR, course.office)
    client.force_login(editor)
    form = {
        "office": course.office.pk,
        "title": "A clip",
        "upload": SimpleUploadedFile("new.mp4", CONTENTS["mp4"]),
    }
    assert client.post(f"{FILES}add/", form).status_code == 302
    kept = LessonFile.objects.get(name="new.mp4")
    assert (kept.title, kept.office, kept.uploaded_by) == ("A clip", course.office, editor)
    make_lesson_file(make_office(), title="Not ours")
    page = client.get(FILES).content.decode()
    assert "A clip" in page
    assert "Not ours" not in page
    client.post(f"{FILES}edit/{kept.pk}/", {"title": "A better name", "office": course.office.pk})
    kept.refresh_from_db()
    assert (kept.title, kept.name) == ("A better name", "new.mp4")
    client.post(f"{FILES}delete/{kept.pk}/")
    assert LessonFile.objects.filter(pk=kept.pk).exists()


def test_upload_says_what_is_wrong(client: Client, course: CoursePage) -> None:
    client.force_login(make_with_role(Role.EDITOR, course.office))
    form = {
        "office": course.office.pk,
        "title": "A clip",
        "upload": SimpleUploadedFile("new.mp4", b"no video"),
    }
    page = client.post(f"{FILES}add/", form).content.decode()
    assert "The file new.mp4 is not what its name says." in page
    foreign = {**form, "office": make_office().pk, "upload": SimpleUploadedFile("n.mp4", b"x")}
    assert client.post(f"{FILES}add/", foreign).status_code == 200
    assert not LessonFile.objects.filter(title="A clip").exists()


def test_chooser_shows_and_takes_one_s_own_files(client: Client, course: CoursePage) -> None:
    client.force_login(make_with_role(Role.EDITOR, course.office))
    other = make_lesson_file(make_office(), title="Not ours")
    chooser = "/admin/snippets/choose/courses/lessonfile/"
    page = client.get(chooser).json()["html"]
    assert "Clip1" in page
    assert "Not ours" not in page
    assert 'name="upload"' in page
    form = {"office": course.office.pk, "title": "Chosen at once"}
    made = client.post(
        f"{chooser}create/", {**form, "upload": SimpleUploadedFile("n.mp3", CONTENTS["mp3"])}
    ).json()
    assert made["step"] == "chosen"
    assert LessonFile.objects.get(name="n.mp3").title == "Chosen at once"
    client.force_login(make_with_role(Role.EDITOR, make_office()))
    assert client.get(f"{FILES}edit/{other.pk}/").status_code == 404
