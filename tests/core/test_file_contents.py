"""What an uploaded file really is, whatever it is called."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from pypdf import PdfReader, PdfWriter

from lms.core import file_contents
from lms.core.exceptions import Refused
from lms.core.file_contents import DOCUMENTS, SCANS, look_into
from tests.factories.worksheets import packed, pdf

OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600
MP4 = b"\x00\x00\x00\x18ftypisom" + b"\x00" * 64


def old(*words: str) -> bytes:
    """A file of the old Office kind with these names in its folder."""
    return OLD + b"".join(word.encode("utf-16-le") for word in words)


def picture(kind: str) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (20, 20), "white").save(written, kind)
    return written.getvalue()


def refusal(content: bytes, name: str = "x.pdf", kinds: tuple[str, ...] = DOCUMENTS) -> str:
    with pytest.raises(Refused) as refused:
        look_into(SimpleUploadedFile(name, content), kinds=kinds)
    return refused.value.code


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (pdf(), "pdf"),
        (packed(ppt__presentation="<p/>"), "pptx"),
        (packed(word__document="<w/>"), "docx"),
        (old("WordDocument"), "doc"),
        (old("PowerPoint Document"), "ppt"),
        (MP4, "mp4"),
        (picture("PNG"), "png"),
        (picture("JPEG"), "jpg"),
    ],
)
def test_the_content_says_what_a_file_is(content: bytes, kind: str) -> None:
    upload = SimpleUploadedFile("anything.exe", content)
    found = look_into(upload, kinds=(*DOCUMENTS, *SCANS))
    assert (found.kind, found.size) == (kind, len(content))
    assert upload.read() == content  # rewound


@pytest.mark.parametrize(
    "content",
    [b"<html></html>", b"MZ\x90", b"PK\x03\x04 no zip", packed(xl__workbook="<x/>"), OLD],
)
def test_anything_else_is_refused(content: bytes) -> None:
    assert refusal(content) == "kind"


def test_a_film_is_no_proof() -> None:
    assert refusal(MP4, kinds=SCANS) == "kind"


def test_empty_and_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    assert refusal(b"") == "empty"
    monkeypatch.setattr(file_contents, "MAX_DOCUMENT_BYTES", 100)
    assert refusal(pdf()) == "too_large"


def disguised() -> bytes:
    """A script whose names are spelled with escapes, where a search of the bytes fails."""
    return (
        pdf(script="app.alert(1)")
        .replace(b"/JavaScript", b"/Java#53cript")
        .replace(b"/JS", b"/J#53")
    )


def with_attachment() -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf())))
    writer.add_attachment("run.exe", b"MZ")
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def with_macro() -> bytes:
    written = io.BytesIO(packed(ppt__presentation="<p/>"))
    with zipfile.ZipFile(written, "a") as file:
        file.writestr("ppt/vbaProject.bin", b"x")
    return written.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        pdf(script="app.alert(1)"),
        disguised(),
        with_attachment(),
        with_macro(),
        old("WordDocument", "_VBA_PROJECT"),
    ],
)
def test_what_does_something_is_refused(content: bytes) -> None:
    assert refusal(content) == "active"


def test_locked_and_broken() -> None:
    assert refusal(pdf(password="secret")) == "locked"
    assert refusal(pdf()[:60]) == "unreadable"
    assert refusal(picture("PNG")[:40], kinds=SCANS) == "unreadable"
