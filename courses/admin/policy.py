"""The one page of the admin whose content policy is looser: that which holds an editor.

CKEditor sets styles of its own on what it draws. Scripts stay ours, as on every page.
"""

from typing import Any

from csp.constants import UNSAFE_INLINE
from django.forms import Media
from django.http import HttpResponse

_EDITOR = "django_ckeditor_5/dist/bundle.js"


def for_editors(response: HttpResponse, media: Media) -> HttpResponse:
    """`response`, with inline styles allowed if `media`, its page's own, bring an editor."""
    if any(_EDITOR in str(script) for script in media._js):
        allow_styles(response)
    return response


def allow_styles(response: Any) -> None:
    response._csp_update = {"style-src": [UNSAFE_INLINE]}
