"""A file somebody was shown, compared with what was issued. Nothing of it is kept.

Bytes that we drew are known by their hash. Everything else may be a scan or a copy that a program
saved again, so that different bytes prove nothing: whoever asks is led to the facts, to compare.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import MemoryFileUploadHandler, StopUpload
from django.utils.translation import gettext as _

from lms.certificates import codes
from lms.certificates.models import Certificate, CertificateRevision
from lms.certificates.selectors import Standing, standing
from lms.core.exceptions import Refused
from lms.core.file_contents import PDF, look_into

MAX_BYTES = 10 * 1024 * 1024
# A certificate is one sheet, two at most; whoever scans a pile gets an answer on its first pages.
PAGES_READ = 3
CODES_TRIED = 5
_MOST_TEXT = 200_000
# As printed and as in the address: three groups, whatever a reader makes of the dashes. Looked for
# at every place, since a word before a code may look like a group of it.
_CODE = re.compile(r"(?<![A-Z0-9])(?=([A-Z0-9]{4}(?:[-‐‑–—−\s]{1,2}[A-Z0-9]{4}){2})(?![A-Z0-9]))")


class MemoryOnly(MemoryFileUploadHandler):
    """Takes an upload into memory and never to a disk; one that is too large is cut off."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.taken = 0

    def handle_raw_input(self, *args: Any, **kwargs: Any) -> None:
        self.activated = True

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        self.taken += len(raw_data)
        if self.taken > MAX_BYTES:
            raise StopUpload(connection_reset=True)
        received: bytes | None = super().receive_data_chunk(raw_data, start)
        return received


@dataclass(frozen=True)
class Comparison:
    """What an uploaded file turned out to be, and what was issued.

    `same`: the bytes are those we drew; then `replaced` says that a newer revision counts. With
    neither, the file names the certificate and is to be compared with its facts.
    """

    standing: Standing
    same: bool
    replaced: bool = False


def compare(upload: "UploadedFile[bytes]", *, typed: str = "") -> Comparison | None:
    """What the file is; None if neither it nor what was typed names a certificate of ours.

    Raises Refused, in a sentence for the reader, for what is no PDF, too large, locked, broken, or
    carries scripts.
    """
    if (upload.size or 0) > MAX_BYTES:
        raise too_large()
    content = upload.read()
    upload.seek(0)
    if found := _drawn_by_us(content):
        return found
    look_into(upload, kinds=(PDF,))
    for code in _codes(upload, typed):
        certificate = (
            Certificate.objects.by_code(code).select_related("completion__revocation").first()
        )
        if certificate:
            return Comparison(standing(certificate), same=False)
    return None


def too_large() -> Refused:
    """What is said of a file that is too large to be a certificate."""
    return Refused(
        _(
            "The file is larger than 10 MB, and a certificate is much smaller. "
            "Type its code instead."
        ),
        code="too_large",
    )


def _drawn_by_us(content: bytes) -> Comparison | None:
    revision = (
        CertificateRevision.objects.filter(file_hash=hashlib.sha256(content).hexdigest())
        .select_related("certificate__completion__revocation")
        .first()
    )
    if revision is None:
        return None
    found = standing(revision.certificate)
    return Comparison(found, same=True, replaced=found.revision.pk != revision.pk)


def _codes(upload: "UploadedFile[bytes]", typed: str) -> Iterator[str]:
    """What may be a code: what was typed, then what stands in the file's own text."""
    if typed:
        yield typed
    seen = []
    for found in _CODE.finditer(_text(upload)):
        code = codes.read(found[1])
        if code and code not in seen:
            seen.append(code)
            yield code
        if len(seen) == CODES_TRIED:
            return


def _text(upload: "UploadedFile[bytes]") -> str:
    """The text of the first pages; a scan has none."""
    from pypdf import PdfReader  # noqa: PLC0415 - only this needs it
    from pypdf.errors import PyPdfError  # noqa: PLC0415

    text = ""
    try:
        for page in PdfReader(upload).pages[:PAGES_READ]:
            text += page.extract_text() + "\n"
            if len(text) > _MOST_TEXT:
                break
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, OSError, RecursionError):
        return text  # a broken page has no text either; the code can be typed
    return text[:_MOST_TEXT]
