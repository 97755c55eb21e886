"""Uploads: a file is what its beginning says, not what it is called."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from wagtail.documents import get_document_model

from lms.core.exceptions import Refused
from lms.core.files import check_upload

PDF = b"%PDF-1.7\n1 0 obj\n"


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("proof.pdf", b"<html><script>alert(1)</script>", "not_what_it_says"),
        ("photo.png", PDF, "not_what_it_says"),
        ("roster.csv", b"MZ\x90\x00\x03", "not_what_it_says"),
        ("program.exe", b"MZ\x90\x00\x03", "not_what_it_says"),
        ("empty.pdf", b"", "empty"),
    ],
)
def test_an_upload_that_is_not_what_it_says_is_refused(
    name: str, content: bytes, code: str
) -> None:
    with pytest.raises(Refused) as refusal:
        check_upload(SimpleUploadedFile(name, content))
    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.pdf", PDF), ("a.csv", "name,é\n".encode()), ("webex.csv", b"\xff\xfeM\x00e\x00")],
)
def test_an_honest_upload_is_taken_and_rewound(name: str, content: bytes) -> None:
    upload = SimpleUploadedFile(name, content)
    check_upload(upload)
    assert upload.read() == content


@pytest.mark.django_db
def test_the_editor_refuses_a_document_that_is_not_what_it_says(admin_client: Any) -> None:
    answer = admin_client.post(
        "/admin/documents/add/",
        {"title": "Flyer", "file": SimpleUploadedFile("flyer.pdf", b"<html></html>")},
    )
    assert "is not what its name says" in answer.content.decode()
    assert get_document_model().objects.count() == 0
