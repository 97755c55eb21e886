"""The bank in the editors' pages: finding, looking at, changing, resting and copying questions."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError
from django.test import Client
from PIL import Image

from courses import services
from courses.enums import QuestionKind
from courses.images import keep_image
from courses.models import CoursePage, Question, QuestionVersion
from lms.core.exceptions import Refused
from lms.core.files import private_storage
from lms.people.enums import Role
from lms.people.models import Person
from lms.trainings.models import Topic
from tests.courses.reading import costs, only_a_test, running, text
from tests.courses.test_admin import BANK, form
from tests.courses.test_scoring import LINES, PAIRS
from tests.factories.courses import make_course, make_enrolment, make_question
from tests.factories.people import make_office, make_person, make_with_role

pytestmark = pytest.mark.django_db


@pytest.fixture
def course() -> CoursePage:
    """A published course with one question in its bank."""
    return make_course(title="Our course", questions=1, draw=1, pre_test=False)


@pytest.fixture
def coordinator(client: Client, course: CoursePage) -> Person:
    """Who coordinates for the course's office, signed in."""
    person = make_with_role(Role.COORDINATOR, course.office)
    client.force_login(person)
    return person


def png(size: tuple[int, int] = (40, 30), kind: str = "PNG") -> SimpleUploadedFile:
    """A small picture."""
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, kind)
    return SimpleUploadedFile(f"sign.{kind.lower()}", out.getvalue())


def with_picture(course: CoursePage, **fields: Any) -> QuestionVersion:
    return make_question(
        course, key="seen", image=keep_image(png()), image_alt="A sign on a door", **fields
    )


def test_list_is_filtered_by_kind_topic_use_and_course(
    client: Client, course: CoursePage, coordinator: Person
) -> None:
    topic = Topic.objects.earliest("pk").code
    make_question(course, key="ordered", kind=QuestionKind.ORDERING, choices=LINES, uses=[])
    make_question(course, key="covered", topics=[topic], uses=["pre_test"])
    other = make_course(title="Another of ours", office=course.office, publish=False, questions=0)
    make_question(other, key="elsewhere")
    for query, keys in (
        ("kind=ordering", {"ordered"}),
        (f"topic={topic}", {"covered"}),
        ("use=null", {"ordered"}),
        ("use=pre_test", {"question-1", "covered", "elsewhere"}),
        (f"course={other.translation_key}", {"elsewhere"}),
        ("q=ordered", {"ordered"}),
    ):
        page = client.get(f"{BANK}?{query}").content.decode()
        listed = {
            k for k in ("question-1", "ordered", "covered", "elsewhere") if f"What is {k}?" in page
        }
        assert listed == keys, query


@pytest.mark.parametrize("count", [1, 3])
def test_list_costs_the_same_however_long(
    client: Client, course: CoursePage, coordinator: Person, count: int
) -> None:
    for number in range(count):
        make_question(course, key=f"more-{number}")
    client.get(BANK)
    assert costs(lambda: client.get(BANK)) == LIST_QUERIES


LIST_QUERIES = 15


def test_form_writes_every_kind(client: Client, course: CoursePage, coordinator: Person) -> None:
    topic = Topic.objects.earliest("pk").code
    matching = form(
        course,
        key="pairs",
        kind="matching",
        topics=[topic],
        **{"answers-0-value-match": "One", "answers-1-value-match": "Two"},
    )
    assert client.post(f"{BANK}add/", matching).status_code == 302
    written = QuestionVersion.objects.get(question__key="pairs")
    assert [choice["match"] for choice in written.choices] == ["One", "Two"]
    assert written.question.topics == [topic]
    page = client.get(f"{BANK}edit/{written.question_id}/").content.decode()
    assert "One" in page
    reflection = form(course, key="thought", kind="reflection", **{"answers-count": "0"})
    assert client.post(f"{BANK}add/", reflection).status_code == 302
    assert QuestionVersion.objects.get(question__key="thought").choices == []


def test_form_keeps_a_picture_and_asks_for_words(
    client: Client, course: CoursePage, coordinator: Person
) -> None:
    page = client.post(f"{BANK}add/", form(course, key="seen", image=png()))
    assert "Say in words what the picture shows." in page.content.decode()
    client.post(f"{BANK}add/", form(course, key="seen", image=png(), image_alt="A sign"))
    first = QuestionVersion.objects.get(question__key="seen")
    assert first.image.name.startswith("questions/")
    # Saved again without a new upload, the picture stays; taken away, it is gone.
    edit = f"{BANK}edit/{first.question_id}/"
    client.post(edit, form(course, image_alt="A sign on a door"))
    client.post(edit, form(course, image_alt="A sign on a door", remove_image="on"))
    found = first.question.versions.values_list("image", "image_alt")
    assert list(found) == [
        (first.image.name, "A sign"),
        (first.image.name, "A sign on a door"),
        ("", ""),
    ]


def test_picture_is_kept_once_and_without_what_the_camera_wrote() -> None:
    photo = Image.new("RGB", (3000, 200), "teal")
    exif = photo.getexif()
    exif[0x010F] = "A camera"
    out = io.BytesIO()
    photo.save(out, "JPEG", exif=exif)
    name = keep_image(SimpleUploadedFile("photo.jpg", out.getvalue()))
    assert name == keep_image(SimpleUploadedFile("again.jpg", out.getvalue()))
    with private_storage().open(name) as kept:
        drawn = Image.open(kept)
        assert (drawn.width, dict(drawn.getexif())) == (1600, {})


@pytest.mark.parametrize(
    "content", [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"\x89PNG\r\n\x1a\n broken"]
)
def test_file_that_is_no_picture_is_refused(content: bytes) -> None:
    with pytest.raises(Refused, match="no picture"):
        keep_image(SimpleUploadedFile("sign.png", content))


def test_picture_of_too_many_pixels_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 100)
    with pytest.raises(Refused, match="too many pixels"):
        keep_image(png())


def test_database_refuses_a_picture_without_words(course: CoursePage) -> None:
    with pytest.raises(DatabaseError, match="courses_questionversion_image_has_alt"):
        QuestionVersion.objects.create(
            question=Question.objects.get(), number=9, kind="single", choices=[], image="a.png"
        )


def test_picture_is_shown_to_who_takes_the_test_and_to_nobody_else(client: Client) -> None:
    course = only_a_test(questions=0, draw=1, publish=False)
    with_picture(course)
    course.save_revision().publish()
    learner = make_person()
    client.force_login(learner)
    attempt = running(make_enrolment(learner, course))
    page = text(client, f"/learn/{attempt.enrolment_id}/post-test/")
    path = f"/learn/{attempt.enrolment_id}/post-test/{attempt.pk}/1/image/"
    assert f'src="{path}" alt="A sign on a door"' in page
    answer = client.get(path)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    assert "private" in answer["Cache-Control"]
    assert client.get(path.replace("/1/image", "/2/image")).status_code == 404
    other = make_person()
    make_enrolment(other, course)
    client.force_login(other)
    assert client.get(path).status_code == 404
    client.logout()
    assert client.get(path).status_code == 302


def test_question_shows_history_use_and_preview(
    client: Client, course: CoursePage, coordinator: Person
) -> None:
    question = Question.objects.get()
    client.post(f"{BANK}edit/{question.pk}/", form(course))
    page = text(client, f"{BANK}inspect/{question.pk}/")
    for words in ("What is it?", "What is question-1?", str(coordinator), "Post-test", "in force"):
        assert words in page, words
    assert "Not fair? Decide at the desk" in page
    page = text(client, f"{BANK}preview/{question.pk}/1/")
    assert "What is question-1?" in page
    assert "Question 1 of 1" in page
    assert "Your answer, and right" in page


@pytest.mark.parametrize("kind", [QuestionKind.MATCHING, QuestionKind.ORDERING])
def test_preview_shows_both_rules(
    client: Client, course: CoursePage, coordinator: Person, kind: QuestionKind
) -> None:
    choices = PAIRS if kind == QuestionKind.MATCHING else LINES
    worded = make_question(course, key="parts", kind=kind, choices=choices)
    path = f"{BANK}preview/{worded.question_id}/1/"
    assert "earns a part" not in text(client, path)
    assert "earns a part" in text(client, f"{path}?scoring=partial")


def test_resting_question_is_drawn_no_more_and_can_come_back(
    client: Client, course: CoursePage, coordinator: Person
) -> None:
    question = Question.objects.get()
    for _twice in range(2):
        response = client.post(f"{BANK}rest/{question.pk}/", follow=True)
        assert "The question rests" in response.content.decode()
    first, second = question.versions.values_list("uses", flat=True)
    assert (len(first), second) == (3, [])
    assert "It rests" in text(client, f"{BANK}inspect/{question.pk}/")
    assert any("draws 1 questions" in said for said in services.publication_problems(course))


def test_question_is_copied_to_another_course_once(
    client: Client, course: CoursePage, coordinator: Person
) -> None:
    question = Question.objects.get()
    other = make_course(office=course.office, publish=False, questions=0)
    for _twice in range(2):
        client.post(f"{BANK}copy-to/{question.pk}/", {"course": other.pk})
    copied = Question.objects.get(course_key=other.translation_key)
    assert copied.versions.get().text == "What is question-1?"
    services.write_question(
        course_key=other.translation_key,
        language="en",
        key="question-1",
        objective="basics",
        kind=QuestionKind.REFLECTION,
        text="Something else",
        choices=[],
        actor=None,
    )
    response = client.post(f"{BANK}copy-to/{question.pk}/", {"course": other.pk}, follow=True)
    assert "already has another question with the key" in response.content.decode()


def test_bank_s_pages_are_closed_to_other_offices(client: Client, course: CoursePage) -> None:
    worded = with_picture(course)
    pk = worded.question_id
    client.force_login(make_with_role(Role.COORDINATOR, make_office()))
    for path in (f"inspect/{pk}/", f"preview/{pk}/1/", f"picture/{pk}/1/"):
        assert client.get(f"{BANK}{path}").status_code == 404, path
    foreign = make_course(questions=0, publish=False)
    for path in (f"rest/{pk}/", f"copy-to/{pk}/"):
        assert client.post(f"{BANK}{path}", {"course": foreign.pk}).status_code == 404, path
    client.force_login(make_with_role(Role.COORDINATOR, course.office))
    assert client.post(f"{BANK}copy-to/{pk}/", {"course": foreign.pk}).status_code == 404
    assert client.get(f"{BANK}picture/{pk}/1/").status_code == 200
    assert QuestionVersion.objects.filter(question=pk).count() == 1
    client.force_login(make_person())
    assert client.get(f"{BANK}inspect/{pk}/").status_code == 404
