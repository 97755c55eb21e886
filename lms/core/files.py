"""Files that only views may hand out: certificates, proofs, uploads."""

import os

from django.conf import settings
from django.core.files.storage import FileSystemStorage, Storage, storages
from django.core.files.uploadedfile import UploadedFile
from django.utils.deconstruct import deconstructible
from django.utils.translation import gettext as _

from lms.core.exceptions import Refused


@deconstructible
class PrivateStorage(FileSystemStorage):
    """Files below PRIVATE_ROOT, wherever that is now; they have no address of their own."""

    def __init__(self) -> None:
        super().__init__(base_url=None)

    @property
    def base_location(self) -> str:
        return str(settings.PRIVATE_ROOT)

    @property
    def location(self) -> str:
        return os.path.abspath(self.base_location)


def private_storage() -> Storage:
    """The storage for files that need a permission; given as a callable to FileField."""
    return storages["private"]


# How each kind of file begins; what it is called proves nothing.
_BEGINNINGS: dict[str, tuple[bytes, ...]] = {
    "pdf": (b"%PDF-",),
    "png": (b"\x89PNG\r\n\x1a\n",),
    "jpg": (b"\xff\xd8\xff",),
    "jpeg": (b"\xff\xd8\xff",),
    "gif": (b"GIF87a", b"GIF89a"),
    "webp": (b"RIFF",),
    "docx": (b"PK\x03\x04",),
    "xlsx": (b"PK\x03\x04",),
    "pptx": (b"PK\x03\x04",),
    "zip": (b"PK\x03\x04",),
}
_TEXT = {"txt", "csv"}
MAX_UPLOAD_BYTES = 50 * 1024 * 1024


def check_upload(upload: "UploadedFile[bytes]") -> None:
    """Refuse an upload that is too large, empty, or not what its name says; reads only its start.

    Raises Refused with a sentence that says what to do. The file is rewound afterwards.
    """
    name = upload.name or ""
    ending = name.rpartition(".")[2].lower()
    if not upload.size:
        raise Refused(_("The file %(name)s is empty.") % {"name": name}, code="empty")
    if upload.size > MAX_UPLOAD_BYTES:
        raise Refused(
            _("The file %(name)s is larger than 50 MB. Make it smaller and try again.")
            % {"name": name},
            code="too_large",
        )
    upload.seek(0)
    start = upload.read(4096)
    upload.seek(0)
    if ending in _TEXT:
        fits = b"\x00" not in start or start.startswith((b"\xff\xfe", b"\xfe\xff"))
    else:
        fits = ending in _BEGINNINGS and start.startswith(_BEGINNINGS[ending])
    if not fits:
        raise Refused(
            _(
                "The file %(name)s is not what its name says. "
                "Open it, save it again as a PDF, and upload that."
            )
            % {"name": name},
            code="not_what_it_says",
        )
