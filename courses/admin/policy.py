"""The pages of the admin whose content policy is looser: those that hold an editor or a frame.

CKEditor sets styles of its own on what it draws. Scripts stay ours, as on every page.
"""

from typing import TypeVar

from csp.constants import SELF, UNSAFE_INLINE
from django.forms import Media
from django.http import HttpResponse

_EDITOR = "django_ckeditor_5/dist/bundle"  # in service its name goes on with its hash
Response = TypeVar("Response", bound=HttpResponse)


def for_editors(response: Response, media: Media) -> Response:
    """`response`, with inline styles allowed if `media`, its page's own, bring an editor."""
    if _EDITOR in str(media):
        _allow(response, "style-src", [SELF, UNSAFE_INLINE])
    return response


def with_frames(response: Response) -> Response:
    """`response`, in which previews of ours may stand."""
    _allow(response, "frame-src", [SELF])
    return response


def _allow(response: HttpResponse, directive: str, sources: list[str]) -> None:
    policy = {**getattr(response, "_csp_replace", {}), directive: sources}
    response._csp_replace = policy  # type: ignore[attr-defined]
