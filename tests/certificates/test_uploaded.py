"""A file somebody was sent, compared: never called forged, never kept."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject
from reportlab.pdfgen.canvas import Canvas

from lms.certificates import services, uploaded
from lms.certificates.models import Certificate
from lms.certificates.views import WRONG_CODES
from lms.certificates.views_uploaded import UPLOADS
from lms.completions.services import revoke_completion
from tests.factories.completions import make_completion
from tests.factories.people import make_person

pytestmark = pytest.mark.django_db

FORBIDDEN = ["forged", "fake", "fraud"]


def issue(name: str = "Ana Rivera") -> tuple[Certificate, bytes]:
    certificate = services.issue_certificate(completion=make_completion(make_person(name=name)))
    return certificate, document(certificate)


def document(certificate: Certificate) -> bytes:
    revision = services.draw(revision_id=certificate.revisions.latest("number").pk)
    with revision.file.open() as file:
        content: bytes = file.read()
    return content


def saved_again(content: bytes) -> bytes:
    """The same pages in other bytes, as another program writes them."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(content)))
    writer.add_metadata({"/Producer": "Another program"})
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def written(text: str, size: int = 0) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pageCompression=0)
    canvas.drawString(50, 700, text)
    canvas.drawString(50, 50, "x" * size)
    canvas.save()
    return out.getvalue()


def scripted() -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(written("Certificate"))))
    action = DictionaryObject(
        {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("1")}
    )
    writer.root_object[NameObject("/OpenAction")] = action
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def send(client: Client, content: bytes, **also: str) -> Any:
    return client.post(
        "/verify/file/", {"file": SimpleUploadedFile("certificate.pdf", content), **also}
    )


def text(response: Any) -> str:
    page = " ".join(response.content.decode().split())
    assert not any(word in page.lower() for word in FORBIDDEN)
    assert "no-store" in response["Cache-Control"]
    assert not response.cookies
    return page


def test_the_very_document_is_known(client: Client) -> None:
    certificate, content = issue()
    page = text(send(client, content))
    assert "This is the very document that we issued" in page
    assert "Ana Rivera" in page
    assert certificate.code_in_groups in page


def test_a_copy_saved_again_is_to_be_compared(client: Client) -> None:
    certificate, content = issue()
    response = send(client, saved_again(content))
    page = text(response)
    assert response.status_code == 200
    assert "It may be a scan, or a copy that a program saved again" in page
    assert "the very document that we issued. Not a byte" not in page
    assert certificate.code_in_groups in page


def test_an_edited_one_shows_the_facts_that_were_issued(client: Client) -> None:
    certificate, _content = issue()
    edited = written(f"Bob Stone, Certificate code {certificate.code_in_groups}")
    page = text(send(client, edited))
    assert "Ana Rivera" in page
    assert "Bob Stone" not in page
    assert "Compare the file with these facts" in page


@pytest.mark.parametrize("dash", ["-", "–", " "])
def test_the_code_is_read_from_the_file_whatever_became_of_its_dashes(
    client: Client, dash: str
) -> None:
    certificate, _content = issue()
    code = (
        certificate.code_in_groups.replace("-", dash).encode("cp1252", "replace").decode("cp1252")
    )
    assert "Ana Rivera" in text(send(client, written(f"Code {code} Issued on")))


def test_an_earlier_revision_was_replaced(client: Client) -> None:
    certificate, content = issue()
    services.reissue(certificate=certificate, name="Ana Cruz", reason="Divorce", actor=None)
    page = text(send(client, content))
    assert "This file was replaced" in page
    assert "Ana Cruz" in page
    assert "Rivera" not in page
    assert "This is the very document" in text(send(client, document(certificate)))


def test_a_revoked_one_says_so_though_its_bytes_are_ours(client: Client) -> None:
    certificate, content = issue()
    revoke_completion(completion=certificate.completion, reason="Private", actor=None)
    page = text(send(client, content))
    assert "This certificate was revoked" in page
    assert "Not a byte of it has changed, but it was revoked since." in page
    assert "Private" not in page


def test_a_scan_without_text_is_compared_by_the_code_of_its_page(client: Client) -> None:
    certificate, _content = issue()
    scan = written("")
    response = send(client, scan)
    assert response.status_code == 404
    assert "Type the code above" in text(response)
    page = text(send(client, scan, code=certificate.code))
    assert "Compare the file with these facts" in page
    shown = client.get(f"/verify/{certificate.code_in_groups}/").content.decode()
    assert f'name="code" value="{certificate.code}"' in shown


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"PK\x03\x04 not a PDF", "none of these kinds of file: pdf"),
        (b"", "is empty"),
        (b"%PDF-1.7 broken", "We cannot read"),
        (scripted(), "carries a script"),
    ],
)
def test_what_cannot_be_compared_is_said_in_words(
    client: Client, content: bytes, said: str
) -> None:
    response = send(client, content)
    assert response.status_code == 400
    assert said in text(response)


def test_too_large_a_file_is_not_read(client: Client) -> None:
    content = written("Certificate", uploaded.MAX_BYTES + 100_000)
    response = send(client, content)
    assert response.status_code == 400
    assert "larger than 10 MB" in text(response)


def test_no_file_is_asked_for(client: Client) -> None:
    response = client.post("/verify/file/", {})
    assert "Choose the file first" in text(response)
    assert client.get("/verify/file/")["Location"] == "/verify/"


@pytest.mark.parametrize("size", [0, 6_000_000])
def test_nothing_of_an_upload_is_kept(client: Client, settings: Any, size: int) -> None:
    """Neither in storage nor on the way there: a temporary file would have nowhere to be."""
    settings.FILE_UPLOAD_TEMP_DIR = "/nowhere"
    certificate, _content = issue()
    before = files(settings)
    content = written(f"Code {certificate.code_in_groups}", size)
    assert "Compare the file" in text(send(client, content))
    assert send(client, scripted()).status_code == 400
    assert files(settings) == before


def files(settings: Any) -> set[Path]:
    return {
        path
        for root in (settings.PRIVATE_ROOT, settings.MEDIA_ROOT)
        for path in Path(root).rglob("*")
        if path.is_file()
    }


def test_uploads_are_limited_and_count_as_guesses(client: Client) -> None:
    _certificate, content = issue()
    for _try in range(UPLOADS.tries):
        assert send(client, content).status_code == 200
    assert send(client, content).status_code == 429
    other = {"REMOTE_ADDR": "192.0.2.9"}
    for _try in range(WRONG_CODES.tries):
        client.get("/verify/CCCC-CCCC-CCCC/", **other)
    upload = {"file": SimpleUploadedFile("certificate.pdf", content)}
    assert client.post("/verify/file/", upload, **other).status_code == 429


def test_comparing_bytes_costs_two_queries(client: Client, django_assert_num_queries: Any) -> None:
    _certificate, content = issue()
    send(client, content)
    with django_assert_num_queries(2):
        send(client, content)
