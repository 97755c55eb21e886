"""What an uploaded file really is, by what is in it; what it is called proves nothing.

Documents that carry programs are refused: scripts and actions in a PDF, macros and controls in
Office files. This is no virus scanner: it refuses the kinds of content no proof and no training
material needs.
"""

import hashlib
import zipfile
from collections.abc import Collection
from dataclasses import dataclass
from typing import IO, Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from lms.core.exceptions import Refused

MAX_DOCUMENT_BYTES = 50 * 1024 * 1024
MAX_PICTURE_BYTES = 15 * 1024 * 1024
# An Office file is a packed folder; unpacked it may not be more than this.
_MAX_PARTS = 10_000
_MAX_UNPACKED = 1024 * 1024 * 1024
_MAX_PDF_OBJECTS = 300_000
_MAX_PIXELS = 100_000_000

PDF, WORD, SLIDES, OLD_WORD, OLD_SLIDES = "pdf", "docx", "pptx", "doc", "ppt"
MP4, PNG, JPEG = "mp4", "png", "jpg"
DOCUMENTS = (PDF, SLIDES, WORD, OLD_WORD, OLD_SLIDES, MP4)
SCANS = (PDF, PNG, JPEG)
CONTENT_TYPES = {
    PDF: "application/pdf",
    WORD: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    SLIDES: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    OLD_WORD: "application/msword",
    OLD_SLIDES: "application/vnd.ms-powerpoint",
    MP4: "video/mp4",
    PNG: "image/png",
    JPEG: "image/jpeg",
}
_BEGINNINGS = {b"%PDF-": PDF, b"\x89PNG\r\n\x1a\n": PNG, b"\xff\xd8\xff": JPEG}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True)
class Content:
    """What a file is: its kind (a name's usual ending), its size in bytes and its hash."""

    kind: str
    size: int
    sha256: str

    @property
    def content_type(self) -> str:
        """What it is sent as."""
        return CONTENT_TYPES[self.kind]


def look_into(upload: "UploadedFile[bytes]", *, kinds: Collection[str]) -> Content:
    """What the upload is, one of `kinds`, whatever its name says. The file is rewound afterwards.

    Raises Refused, in a sentence that says what to do, for anything else: empty, too large, of
    another kind, broken, locked with a password, or carrying scripts or macros.
    """
    name = upload.name or ""
    if not upload.size:
        raise Refused(_("The file %(name)s is empty.") % {"name": name}, code="empty")
    upload.seek(0)
    kind = _kind_of(upload)
    if kind not in kinds:
        raise Refused(
            _("We cannot use %(name)s: inside it is none of these kinds of file: %(kinds)s.")
            % {"name": name, "kinds": ", ".join(kinds)},
            code="kind",
        )
    limit = _limit(kind)
    if upload.size > limit:
        raise Refused(
            _("The file %(name)s has %(size)s; the limit is %(limit)s. Make it smaller or shorter.")
            % {"name": name, "size": filesizeformat(upload.size), "limit": filesizeformat(limit)},
            code="too_large",
        )
    if kind == PDF:
        _check_pdf(upload, name)
    elif kind in (WORD, SLIDES):
        _check_office(upload, name)
    elif kind in (OLD_WORD, OLD_SLIDES):
        _check_old_office(upload, name)
    elif kind in (PNG, JPEG):
        _check_picture(upload, name)
    return Content(kind=kind, size=upload.size, sha256=_hash_of(upload))


def _limit(kind: str) -> int:
    if kind == MP4:
        limit: int = settings.LMS_MAX_MEDIA_BYTES
        return limit
    return MAX_PICTURE_BYTES if kind in (PNG, JPEG) else MAX_DOCUMENT_BYTES


def _kind_of(file: IO[Any]) -> str:
    """The kind by the file's first bytes, and for packed folders by what lies in them."""
    start = file.read(64)
    file.seek(0)
    if start.startswith(_OLE):
        return _kind_of_old_office(file)
    if start.startswith(b"PK\x03\x04"):
        return _kind_of_office(file)
    if start[4:8] == b"ftyp":
        return MP4
    return next((kind for begins, kind in _BEGINNINGS.items() if start.startswith(begins)), "")


def _kind_of_office(file: IO[Any]) -> str:
    try:
        with zipfile.ZipFile(file) as packed:
            names = set(packed.namelist())
    except (zipfile.BadZipFile, ValueError, OSError):
        return ""
    finally:
        file.seek(0)
    if "[Content_Types].xml" not in names:
        return ""
    kinds = {"word/document.xml": WORD, "ppt/presentation.xml": SLIDES}
    return next((kind for name, kind in kinds.items() if name in names), "")


def _kind_of_old_office(file: IO[Any]) -> str:
    """The old formats name their parts in UTF-16."""
    if _holds(file, "WordDocument"):
        return OLD_WORD
    return OLD_SLIDES if _holds(file, "PowerPoint Document") else ""


def _holds(file: IO[Any], *words: str) -> bool:
    """Whether any of the words stands in the file as UTF-16; read in pieces, then rewound."""
    wanted = [word.encode("utf-16-le") for word in words]
    keep = max(len(word) for word in wanted)
    rest = b""
    file.seek(0)
    try:
        while piece := file.read(1024 * 1024):
            window = rest + piece
            if any(word in window for word in wanted):
                return True
            rest = window[-keep:]
        return False
    finally:
        file.seek(0)


def _unreadable(name: str) -> Refused:
    return Refused(
        _("We cannot read %(name)s. Open it, save it again, and upload that.") % {"name": name},
        code="unreadable",
    )


def _active(name: str) -> Refused:
    return Refused(
        _(
            "The file %(name)s carries a script, a macro or another file inside. "
            "Print it to a new PDF, and upload that."
        )
        % {"name": name},
        code="active",
    )


def _check_office(file: IO[Any], name: str) -> None:
    try:
        with zipfile.ZipFile(file) as packed:
            parts = packed.infolist()
            if len(parts) > _MAX_PARTS or sum(part.file_size for part in parts) > _MAX_UNPACKED:
                raise _unreadable(name)
            paths = [part.filename.lower() for part in parts]
            types = packed.read("[Content_Types].xml").lower()
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, RuntimeError) as error:
        raise _unreadable(name) from error
    finally:
        file.seek(0)
    if b"macroenabled" in types or b"vbaproject" in types or any(map(_is_active, paths)):
        raise _active(name)


def _is_active(path: str) -> bool:
    """A macro project, a control, or an object of another program; charts' tables are none."""
    return (
        path.endswith(("vbaproject.bin", "vbadata.xml"))
        or "/activex/" in path
        or ("/embeddings/" in path and path.endswith((".bin", ".exe", ".js", ".vbs")))
    )


def _check_old_office(file: IO[Any], name: str) -> None:
    if _holds(file, "_VBA_PROJECT", "Macros", "ObjectPool"):
        raise _active(name)


def _check_picture(file: IO[Any], name: str) -> None:
    from PIL import Image  # noqa: PLC0415 - a process that looks at no pictures need not load it

    try:
        with Image.open(file) as picture:
            if picture.width * picture.height > _MAX_PIXELS:
                raise _unreadable(name)
            picture.verify()
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise _unreadable(name) from error
    finally:
        file.seek(0)


# What makes a PDF do something, or hides a file in it (ISO 32000-1, 7.11.4, 12.6, 12.7.8, 13.2).
_ACTIVE_KEYS = {"/JS", "/JavaScript", "/EmbeddedFiles", "/EF", "/XFA", "/RichMediaContent"}
_ACTIVE_ACTIONS = {"/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/GoToE", "/Rendition"}


def _check_pdf(file: IO[Any], name: str) -> None:
    """Walk every object there is, also those packed in streams; contents of pages are not read."""
    from pypdf import PdfReader  # noqa: PLC0415 - as above
    from pypdf.errors import PyPdfError  # noqa: PLC0415

    try:
        reader = PdfReader(file)
        if reader.is_encrypted:
            raise Refused(
                _("The file %(name)s is locked with a password. Save it without one.")
                % {"name": name},
                code="locked",
            )
        if not len(reader.pages):
            raise _unreadable(name)
        active = _any_active(reader.trailer)
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, OSError) as error:
        raise _unreadable(name) from error
    except RecursionError as error:
        raise _unreadable(name) from error
    finally:
        file.seek(0)
    if active:
        raise _active(name)


def _any_active(trailer: Any) -> bool:
    """Whether anything reachable from the trailer does something; ValueError for too much of it."""
    from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject  # noqa: PLC0415

    todo: list[Any] = [trailer]
    seen: set[tuple[int, int]] = set()
    visited = 0
    while todo:
        one = todo.pop()
        visited += 1
        if visited > _MAX_PDF_OBJECTS:
            raise ValueError("too many objects")
        if isinstance(one, IndirectObject):
            if (one.idnum, one.generation) in seen:
                continue
            seen.add((one.idnum, one.generation))
            one = one.get_object()
        if isinstance(one, DictionaryObject):
            if _ACTIVE_KEYS & one.keys() or ("/S" in one and str(one["/S"]) in _ACTIVE_ACTIONS):
                return True
            todo.extend(dict.values(one))
        elif isinstance(one, ArrayObject):
            todo.extend(list.__iter__(one))
    return False


def _hash_of(file: IO[Any]) -> str:
    found = hashlib.sha256()
    file.seek(0)
    while piece := file.read(1024 * 1024):
        found.update(piece)
    file.seek(0)
    return found.hexdigest()
