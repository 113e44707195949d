"""Media over HTTP: whole or in ranges (RFC 9110, section 14), never in memory as a whole."""

import logging
import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import IO
from urllib.parse import quote

from django.conf import settings
from django.db.models.fields.files import FieldFile
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotModified,
    StreamingHttpResponse,
)
from django.utils.http import content_disposition_header, parse_etags

logger = logging.getLogger(__name__)
PIECE = 64 * 1024
_TYPES = {
    ".mp4": "video/mp4",
    ".webm": "video/webm",
    ".m4a": "audio/mp4",
    ".mp3": "audio/mpeg",
    ".ogg": "audio/ogg",
    ".vtt": "text/vtt; charset=utf-8",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
}
_RANGE = re.compile(r"bytes\s*=\s*(\d{0,18})\s*-\s*(\d{0,18})\s*\Z", re.ASCII | re.IGNORECASE)


def content_type_of(name: str) -> str:
    """By the suffix; the loader lets in no others."""
    return _TYPES.get(PurePosixPath(name).suffix.lower(), "application/octet-stream")


def is_there(file: FieldFile) -> bool:
    """Whether a field names a file that lies on the disk; one that has gone is logged."""
    if not file:
        return False
    found = file.storage.exists(file.name or "")
    if not found:
        logger.error("The medium %s is not in MEDIA_ROOT. Put it back from a copy.", file.name)
    return bool(found)


def ranged_response(
    request: HttpRequest,
    file: FieldFile,
    *,
    content_type: str,
    download_name: str | None = None,
) -> HttpResponseBase:
    """200, 206, 304 or 416. Whether this person may have the file, the caller has asked.

    Where nginx stands in front and has the folder (MEDIA_ACCEL), 200 and no body: which file it is
    to send. The rest of what is said here it then sees to itself.

    One range is served; for several the whole is sent, as section 14.2 allows. `Range` counts for
    GET alone. The ETag is strong: a file is named by its content and so never changes.
    Raises Http404 for one that is not on the disk.
    """
    etag = f'"{PurePosixPath(file.name or "").stem}"'
    if _is_known(request, etag):
        return _with_headers(HttpResponseNotModified(), etag, download_name)
    if not is_there(file):
        raise Http404
    if settings.MEDIA_ACCEL:
        return _with_headers(_left_to_nginx(file, content_type), etag, download_name)
    size = file.size
    wanted = _wanted(request, etag, size) if request.method == "GET" else None
    response: HttpResponseBase
    if wanted is not None and not wanted:
        response = HttpResponse(status=416, content_type=content_type)
        response["Content-Range"] = f"bytes */{size}"
    elif request.method == "HEAD":
        response = HttpResponse(content_type=content_type)
        response["Content-Length"] = str(size)
    else:
        response = _streamed(file, wanted, size, content_type)
    return _with_headers(response, etag, download_name)


def _left_to_nginx(file: FieldFile, content_type: str) -> HttpResponse:
    """It takes the headers over, and sends the file or the range that was asked for."""
    response = HttpResponse(content_type=content_type)
    response["X-Accel-Redirect"] = settings.MEDIA_ACCEL + quote(file.name or "")
    return response


def _streamed(
    file: FieldFile, wanted: range | None, size: int, content_type: str
) -> StreamingHttpResponse:
    part = range(size) if wanted is None else wanted
    pieces = Pieces(file.storage.open(file.name or "", "rb"), part)
    response = StreamingHttpResponse(pieces, content_type=content_type)
    response["Content-Length"] = str(len(part))
    if wanted is not None:
        response.status_code = 206
        response["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{size}"
    return response


def _with_headers(
    response: HttpResponseBase, etag: str, download_name: str | None
) -> HttpResponseBase:
    response["Accept-Ranges"] = "bytes"
    response["Cache-Control"] = "private"
    response["ETag"] = etag
    if download_name:
        response["Content-Disposition"] = (
            content_disposition_header(as_attachment=True, filename=download_name) or ""
        )
    return response


def _is_known(request: HttpRequest, etag: str) -> bool:
    """Section 13.1.2; the comparison is weak."""
    given = parse_etags(request.headers.get("If-None-Match", ""))
    return given == ["*"] or etag in [tag.removeprefix("W/") for tag in given]


def _wanted(request: HttpRequest, etag: str, size: int) -> range | None:
    """The bytes asked for; None for the whole, an empty range for what cannot be satisfied.

    A range that cannot be read is passed over (14.2), as is one whose If-Range names other content
    (13.1.5). A date there never fits, since no Last-Modified is sent.
    """
    match = _RANGE.match(request.headers.get("Range", "").strip())
    if match is None or request.headers.get("If-Range", etag) != etag:
        return None
    first, last = match.groups()
    if first and last and int(last) < int(first):
        return None
    if first:
        return range(int(first), min(int(last) + 1, size) if last else size)
    return range(max(size - int(last), 0), size) if last else None


class Pieces:
    """The bytes `part` of an open file, in pieces; closes the file, read or not."""

    def __init__(self, file: IO[bytes], part: range) -> None:
        self.file = file
        self.left = len(part)
        file.seek(part.start)

    def __iter__(self) -> Iterator[bytes]:
        while self.left > 0 and (piece := self.file.read(min(PIECE, self.left))):
            self.left -= len(piece)
            yield piece

    def close(self) -> None:
        self.file.close()
