"""Serving a private file whole or by parts, as players of video and sound ask for it (RFC 9110)."""

import re
from collections.abc import Iterator
from pathlib import PurePath

from django.core.files.storage import Storage
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header

# One answer holds a worker's thread while it is sent; players come back for the rest.
MOST_AT_ONCE = 4 * 1024 * 1024
_BLOCK = 64 * 1024
_RANGE = re.compile(r"^bytes=(\d*)-(\d*)$")


def serve(
    request: HttpRequest,
    storage: Storage,
    name: str,
    *,
    size: int,
    content_type: str,
    filename: str,
    attachment: bool = False,
) -> HttpResponseBase:
    """The stored file, or the part that was asked for (206), or that there is none such (416).

    For files that never change under their `name`, which therefore is their ETag. A part without
    an end is cut after MOST_AT_ONCE. Several parts at once are answered with the whole file.
    """
    if not storage.exists(name):
        raise Http404
    etag = f'"{PurePath(name).stem}-{size}"'
    if request.headers.get("If-None-Match") == etag:
        return _with_headers(HttpResponse(status=304), etag)
    response: HttpResponseBase
    part = _part(request, etag, size)
    if part is None:
        response = StreamingHttpResponse(_read(storage, name, 0, size))
        response["Content-Length"] = str(size)
    elif part[0] >= size or part[0] > part[1]:
        response = HttpResponse(status=416)
        response["Content-Range"] = f"bytes */{size}"
        return _with_headers(response, etag)
    else:
        first, last = part
        response = StreamingHttpResponse(_read(storage, name, first, last - first + 1), status=206)
        response["Content-Range"] = f"bytes {first}-{last}/{size}"
        response["Content-Length"] = str(last - first + 1)
    response["Content-Type"] = content_type
    response["Content-Disposition"] = content_disposition_header(attachment, filename) or "inline"
    return _with_headers(response, etag)


def _with_headers(response: HttpResponseBase, etag: str) -> HttpResponseBase:
    """Asked for again each time, since the permission may have gone; unchanged costs nothing."""
    response["ETag"] = etag
    response["Accept-Ranges"] = "bytes"
    response["Cache-Control"] = "private, no-cache"
    return response


def _part(request: HttpRequest, etag: str, size: int) -> tuple[int, int] | None:
    """First and last byte asked for; None for the whole file."""
    found = _RANGE.match(request.headers.get("Range", "").strip())
    if found is None or request.headers.get("If-Range", etag) != etag:
        return None
    start, end = found.groups()
    if start:
        first = int(start)
        last = min(int(end), size - 1) if end else min(first + MOST_AT_ONCE, size) - 1
        return (first, last) if not end or int(end) >= first else None
    return (max(size - int(end), 0) if int(end) else size, size - 1) if end else None


def _read(storage: Storage, name: str, first: int, length: int) -> Iterator[bytes]:
    """Opened when the sending begins, so that what is never sent leaves nothing open."""
    with storage.open(name) as stored:
        stored.seek(first)
        while length > 0 and (block := stored.read(min(_BLOCK, length))):
            length -= len(block)
            yield block
