"""What may be uploaded for a lesson, told by how the file begins and not by its name."""

import re
from dataclasses import dataclass

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from courses.enums import FileKind
from lms.core.exceptions import Refused
from lms.core.files import check_upload


@dataclass(frozen=True)
class Format:
    """A kind of file we take: how it begins, at which byte, and what we say it is."""

    kind: FileKind
    content_type: str
    beginnings: tuple[bytes, ...] = ()
    at: int = 0


# What every browser of the last years plays by itself.
FORMATS = {
    "mp4": Format(FileKind.VIDEO, "video/mp4", (b"ftyp",), at=4),
    "webm": Format(FileKind.VIDEO, "video/webm", (b"\x1a\x45\xdf\xa3",)),
    "mp3": Format(FileKind.AUDIO, "audio/mpeg", (b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2")),
    "m4a": Format(FileKind.AUDIO, "audio/mp4", (b"ftyp",), at=4),
    "ogg": Format(FileKind.AUDIO, "audio/ogg", (b"OggS",)),
    "vtt": Format(FileKind.CAPTIONS, "text/vtt; charset=utf-8"),
    "pdf": Format(FileKind.DOCUMENT, "application/pdf"),
    "docx": Format(
        FileKind.DOCUMENT,
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    "xlsx": Format(
        FileKind.DOCUMENT, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    ),
    "pptx": Format(
        FileKind.DOCUMENT,
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ),
    "txt": Format(FileKind.DOCUMENT, "text/plain; charset=utf-8"),
    "csv": Format(FileKind.DOCUMENT, "text/csv; charset=utf-8"),
}
MAX_CAPTIONS_BYTES = 2 * 1024 * 1024
_TIME = r"(?:(\d{2,}):)?([0-5]\d):([0-5]\d)\.(\d{3})"
_CUE = re.compile(rf"^{_TIME}[ \t]+-->[ \t]+{_TIME}(?:[ \t].*)?$")


def check_file(upload: "UploadedFile[bytes]") -> Format:
    """What the upload is. Raises Refused, saying what to do, for what no lesson can use."""
    name = upload.name or ""
    found = FORMATS.get(name.rpartition(".")[2].lower())
    if found is None:
        raise Refused(
            _("We cannot use %(name)s. Choose one of these kinds: %(kinds)s.")
            % {"name": name, "kinds": ", ".join(FORMATS)},
            code="kind",
        )
    if found.kind == FileKind.DOCUMENT:
        check_upload(upload)
        return found
    limit = MAX_CAPTIONS_BYTES if found.kind == FileKind.CAPTIONS else settings.LMS_MAX_MEDIA_BYTES
    if not upload.size:
        raise Refused(_("The file %(name)s is empty.") % {"name": name}, code="empty")
    if upload.size > limit:
        raise Refused(
            _("The file %(name)s has %(size)s; the limit is %(limit)s. Make it smaller or shorter.")
            % {"name": name, "size": filesizeformat(upload.size), "limit": filesizeformat(limit)},
            code="too_large",
        )
    upload.seek(0)
    start = upload.read() if found.kind == FileKind.CAPTIONS else upload.read(64)
    upload.seek(0)
    if found.kind == FileKind.CAPTIONS:
        _check_captions(name, start)
    elif not start[found.at :].startswith(found.beginnings):
        raise Refused(
            _(
                "The file %(name)s is not what its name says. "
                "Export it again as MP4 (video) or MP3 (sound), and upload that."
            )
            % {"name": name},
            code="not_what_it_says",
        )
    return found


def _check_captions(name: str, content: bytes) -> None:
    """Captions a browser will show: WebVTT, with times that go forward (W3C WebVTT, 4.1)."""
    try:
        lines = content.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        lines = []
    if not lines or not re.match(r"WEBVTT([ \t]|$)", lines[0]):
        raise Refused(
            _("%(name)s is not a WebVTT file: its first line must be WEBVTT, in UTF-8.")
            % {"name": name},
            code="not_webvtt",
        )
    cues = 0
    for number, line in enumerate(lines, start=1):
        if "-->" not in line:
            continue
        cue = _CUE.match(line.strip())
        if cue is None or _seconds(*cue.groups()[:4]) >= _seconds(*cue.groups()[4:]):
            raise Refused(
                _(
                    "Line %(line)s of %(name)s is no span of time. "
                    "It should look like this: 00:00:01.000 --> 00:00:04.000"
                )
                % {"line": number, "name": name},
                code="no_time",
            )
        cues += 1
    if not cues:
        raise Refused(
            _("%(name)s has no captions in it. Export it again from your captioning program.")
            % {"name": name},
            code="no_captions",
        )


def _seconds(hours: str | None, minutes: str, seconds: str, thousandths: str) -> float:
    return int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds) + int(thousandths) / 1000
