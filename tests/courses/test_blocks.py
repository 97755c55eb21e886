"""Each block of a lesson, as it is drawn; and what an editor is told about files and pictures."""

import struct
import zlib
from io import BytesIO
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.test import Client
from PIL import Image as Picture
from wagtail.images import get_image_model

from courses.models import LessonFile, LessonPage
from lms.people.enums import Role
from lms.people.models import Organization
from tests.factories.courses import make_course, make_lesson_file, stream
from tests.factories.pages import make_contact, make_fact
from tests.factories.people import make_office, make_with_role

pytestmark = pytest.mark.django_db

BODY = LessonPage._meta.get_field("body").stream_block


def drawn(kind: str, value: Any) -> str:
    """The block as a lesson shows it, on one line."""
    lesson = LessonPage(title="A lesson")
    return " ".join(str(stream(lesson, "body", [{"type": kind, "value": value}])).split())


def problems(kind: str, value: Any) -> str:
    """What the editor says about the block; fails if it says nothing."""
    lesson = LessonPage(title="A lesson")
    with pytest.raises(ValidationError) as refusal:
        BODY.clean(stream(lesson, "body", [{"type": kind, "value": value}]))
    block = refusal.value.block_errors[0]  # type: ignore[attr-defined]
    return "; ".join(
        f"{name}: {' '.join(error.messages)}" for name, error in block.block_errors.items()
    )


@pytest.fixture
def office() -> Organization:
    return make_office()


def test_text() -> None:
    assert '<div class="prose"><h2>A heading</h2>' in drawn("text", "<h2>A heading</h2>")


def test_callout() -> None:
    html = drawn("callout", {"kind": "warning", "title": "Take care", "html": "<p>Words.</p>"})
    assert "Take care" in html
    assert "Words." in html


def test_myths_and_facts() -> None:
    html = drawn("myth_fact", {"items": [{"myth": "Only abroad.", "fact": "Also in town."}]})
    assert "<dt>Myth</dt><dd>Only abroad.</dd>" in html
    assert "<dt>Fact</dt><dd>Also in town.</dd>" in html


def test_do_and_do_not() -> None:
    html = drawn("do_dont", {"do": ["Call."], "dont": ["Confront."]})
    assert html.index("Do</h2>") < html.index("Call.") < html.index("Do not</h2>")
    assert html.index("Do not</h2>") < html.index("Confront.")


def test_indicators_always_say_that_one_alone_is_not_proof() -> None:
    html = drawn("indicators", {"title": "At the desk", "items": ["Pays cash."]})
    assert "One indicator alone is not proof." in html
    assert html.index("not proof") < html.index("Pays cash.")


def test_accordion_opens_without_script() -> None:
    html = drawn("accordion", {"items": [{"title": "Front desk", "html": "<p>Signs.</p>"}]})
    assert "<details" in html
    assert "<span>Front desk</span>" in html
    assert "Signs." in html


def test_scenario_shows_what_each_choice_leads_to() -> None:
    choices = [
        {"text": "Ask him.", "consequence": "He would know who spoke.", "best": False},
        {"text": "Call.", "consequence": "Somebody helps.", "best": True},
    ]
    html = drawn("scenario", {"title": "At the door", "html": "<p>It is.</p>", "choices": choices})
    assert html.index("Ask him.") < html.index("Think again") < html.index("He would know")
    assert html.index("Call.") < html.index("A good choice") < html.index("Somebody helps.")
    assert "Nothing is scored or kept." in html


def test_scenario_needs_two_choices() -> None:
    one = [{"text": "Ask.", "consequence": "So.", "best": False}]
    assert "choices" in problems("scenario", {"title": "T", "html": "<p>x</p>", "choices": one})


def test_table_has_its_caption_and_headings() -> None:
    table = {
        "caption": "Who to call",
        "columns": [{"type": "text", "heading": "When"}, {"type": "text", "heading": "Who"}],
        "rows": [{"values": ["In danger", "911"]}],
    }
    html = drawn("table", table)
    assert "Who to call</caption>" in html
    assert '<th scope="col">When</th>' in html
    assert '<th scope="row">In danger</th>' in html


def test_content_note_says_what_is_coming() -> None:
    html = drawn("content_note", {"text": "It describes recruitment."})
    assert "Before you read" in html
    assert "It describes recruitment." in html


def test_credit_line() -> None:
    assert "After the state&#x27;s guide" in drawn("credit", {"text": "After the state's guide"})


def test_figure_and_contacts_come_from_dated_data() -> None:
    make_fact(key="one-in-seven", statement="One in seven.")
    make_contact(situation="danger", name="The line for danger")
    assert "One in seven." in drawn("fact", {"key": "one-in-seven"})
    assert "The line for danger" in drawn("contacts", {"situation": "danger"})


def make_image() -> Any:
    out = BytesIO()
    Picture.new("RGB", (40, 30), "white").save(out, "PNG")
    upload = SimpleUploadedFile("hall.png", out.getvalue(), "image/png")
    return get_image_model().objects.create(title="A hall", file=upload)


# Wagtail leaves the temporary file of a new rendition to the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_image_has_its_words_and_its_size() -> None:
    html = drawn("image", {"image": make_image().pk, "alt": "A door ajar", "caption": ""})
    assert 'width="40" height="30" alt="A door ajar"' in html


def test_image_needs_its_words() -> None:
    said = problems("image", {"image": make_image().pk, "alt": " ", "caption": ""})
    assert said == "alt: This field is required."


def media(file: LessonFile, captions: LessonFile | None, transcript: str = "<p>Words.</p>") -> Any:
    return {
        "title": "Watch this",
        "file": file.pk,
        "captions": captions and captions.pk,
        "transcript": transcript,
    }


def test_video_plays_with_captions_and_its_words_below(office: Organization) -> None:
    video, words = make_lesson_file(office), make_lesson_file(office, "words.vtt")
    html = drawn("media", media(video, words))
    assert f'<source src="/admin/lesson-files/{video.pk}/" type="video/mp4">' in html
    assert f'<track kind="captions" src="/admin/lesson-files/{words.pk}/"' in html
    assert html.index("<video") < html.index("Transcript</span>") < html.index("Words.")


def test_sound_plays_with_its_words_below(office: Organization) -> None:
    html = drawn("media", media(make_lesson_file(office, "talk.mp3"), None))
    assert "<audio" in html
    assert "<track" not in html
    assert "Words." in html


def test_video_needs_captions_and_everything_needs_its_words(office: Organization) -> None:
    video, sound = make_lesson_file(office), make_lesson_file(office, "talk.mp3")
    document = make_lesson_file(office, "sheet.pdf")
    assert "captions: A video needs captions." in problems("media", media(video, None))
    assert "captions: Choose a WebVTT file" in problems("media", media(video, sound))
    assert "file: Choose a video" in problems("media", media(document, None))
    assert "transcript: This field is required." in problems("media", media(sound, None, ""))
    BODY.clean(stream(LessonPage(), "body", [{"type": "media", "value": media(sound, None)}]))


def test_download_says_kind_and_size(office: Organization) -> None:
    sheet = make_lesson_file(office, "sheet.pdf", title="Help sheet")
    html = drawn("download", {"file": sheet.pk, "text": "To hang up."})
    assert f'<a href="/admin/lesson-files/{sheet.pk}/">Help sheet</a>' in html
    assert "(PDF, 20 bytes)" in html
    assert "To hang up." in html
    video = make_lesson_file(office)
    assert "Choose a document" in problems("download", {"file": video.pk, "text": ""})


def upload_image(client: Client, upload: Any) -> str:
    """What the editors' pages say to the upload."""
    collection = get_image_model()._meta.get_field("collection").get_default()
    form = {"title": "A picture", "file": upload, "collection": collection}
    return str(client.post("/admin/images/add/", form).content.decode())


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(make_with_role(Role.EDITOR, make_course().office))
    return client


def bomb(side: int) -> bytes:
    """A small PNG that says it is `side` by `side` points."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\x00" * 1000)
    start = b"\x89PNG\r\n\x1a\n"
    return start + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def test_an_image_of_200_megabytes_is_refused(editor: Client) -> None:
    upload = TemporaryUploadedFile("large.png", "image/png", 0, None)
    upload.write(bomb(1000))
    upload.truncate(200 * 1024 * 1024)
    upload.size = 200 * 1024 * 1024
    upload.seek(0)
    field = editor_form_field()
    with pytest.raises(ValidationError, match=r"too big .*200.*Maximum filesize 10"):
        field.clean(upload)
    upload.close()


def editor_form_field() -> Any:
    from wagtail.images.forms import get_image_form

    return get_image_form(get_image_model())().fields["file"]


@pytest.mark.parametrize("side", [10_000, 30_000, 400_000])
def test_an_image_that_would_unfold_to_gigabytes_is_refused(editor: Client, side: int) -> None:
    page = upload_image(editor, SimpleUploadedFile("bomb.png", bomb(side), "image/png"))
    assert "This picture has more than 40 million pixels." in page
    assert get_image_model().objects.count() == 0
