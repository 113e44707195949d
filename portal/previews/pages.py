"""The page itself, as one response that runs nothing, sends nothing and leads nowhere."""

import re
from datetime import datetime
from typing import Any

from csp.constants import NONE, SELF
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.clickjacking import xframe_options_sameorigin

from courses.models import Companion, Material, Module
from portal.previews import nobody
from portal.previews.door import editors_only
from portal.previews.media import KINDS

# Of this origin, so that pictures and sound come with the editor's own right to them.
_POLICY = {
    "sandbox": ["allow-same-origin"],
    "script-src": [NONE],
    "form-action": [NONE],
    "frame-ancestors": [SELF],
}
_SCRIPT = re.compile(r"<script\b[^>]*></script>\s*")
_AWAY = re.compile(r'(<a\b[^>]*?)\shref="(?!#)[^"]*"')


@editors_only
@xframe_options_sameorigin
def week(request: HttpRequest, pk: int) -> HttpResponse:
    module = get_object_or_404(Module.objects.select_related("edition__course"), pk=pk)
    now: datetime = timezone.now()
    html = render_to_string("portal/week.html", nobody.week(module, now=now), request)
    return _sandboxed(_with_media(html, list(module.materials.all())))


@editors_only
@xframe_options_sameorigin
def companion(request: HttpRequest, pk: int) -> HttpResponse:
    text = get_object_or_404(Companion.objects.select_related("edition__course"), pk=pk)
    context: dict[str, Any] = {**nobody.beside(text.edition), "companion": text}
    return _sandboxed(render_to_string("portal/companion.html", context, request))


def _with_media(html: str, materials: list[Material]) -> str:
    """Files by the address that editors may use: a participant's is of their own edition."""
    for material in materials:
        for what in KINDS:
            theirs = reverse("portal:media", args=[material.pk, what])
            html = html.replace(
                f'"{theirs}', f'"{reverse("preview:media", args=[material.pk, what])}'
            )
    return html


def _sandboxed(html: str) -> HttpResponse:
    """Links stay drawn as links, and lead nowhere but within the page."""
    html = _SCRIPT.sub("", html)
    response = HttpResponse(_AWAY.sub(r'\1 href="#"', html))
    response._csp_replace = _POLICY  # type: ignore[attr-defined]
    return response
