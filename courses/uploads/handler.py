"""Refuses a file that is too large while it comes in, and reads no more of it."""

from pathlib import PurePosixPath
from typing import IO, Any

from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from courses.inspection.limits import CAPTIONS, MEDIA_LIMIT, PICTURE, VIDEO, too_large

ELSEWHERE = 25 * 1024 * 1024  # of what is no medium, and for all together from who is no editor
_AROUND = 8 * 1024 * 1024  # for the words of the form, and a second picture
MOST_TOGETHER = VIDEO + PICTURE + CAPTIONS + _AROUND
LIMITS = {**MEDIA_LIMIT, ".zip": VIDEO}  # a whole course
_REFUSED = "courses.uploads.refused"


def refused_in(request: HttpRequest) -> dict[str, str]:
    """By field, why its file was not taken. What stood below it in the form has not been read."""
    refused: dict[str, str] = request.META.get(_REFUSED, {})
    return refused


class Limits(FileUploadHandler):
    """The first of the handlers: it counts, and leaves the keeping to the others.

    It works before any view has asked who sends this, and so asks whether they may edit a course:
    nobody else has a reason to send a film.
    """

    def handle_raw_input(
        self,
        input_data: IO[bytes],
        META: dict[str, str],  # noqa: N803 - as Django calls it
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> None:
        self.announced = content_length
        self.taken = 0

    def new_file(self, field_name: str, file_name: str, *args: Any, **kwargs: Any) -> None:
        super().new_file(field_name, file_name, *args, **kwargs)
        self.suffix = PurePosixPath(file_name).suffix.lower()
        self.limit = LIMITS.get(self.suffix, ELSEWHERE)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.taken += len(raw_data)
        if self.taken > ELSEWHERE and not _is_editor(self.request):
            self._refuse(ELSEWHERE)
        is_film_too_large = self.limit == VIDEO and self.announced > MOST_TOGETHER
        if start + len(raw_data) > self.limit or is_film_too_large:
            self._refuse(self.limit)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """The next handler has the file."""

    def _refuse(self, limit: int) -> None:
        assert self.request is not None
        is_medium = limit == MEDIA_LIMIT.get(self.suffix)
        sentence = too_large(self.suffix) if is_medium else _of_no_medium(limit)
        self.request.META[_REFUSED] = {**refused_in(self.request), str(self.field_name): sentence}
        raise StopUpload(connection_reset=True)


def _is_editor(request: HttpRequest | None) -> bool:
    user: Any = getattr(request, "user", None)
    return bool(user and user.is_active and user.has_perm("courses.change_material"))


def _of_no_medium(limit: int) -> str:
    return _("This file is larger than %s, more than is taken of its type.") % filesizeformat(limit)
