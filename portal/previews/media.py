"""Files of an edition for those who edit it, draft or not."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404

from courses import webvtt
from courses.media import content_type_of, ranged_response
from courses.models import Material
from portal.previews.door import editors_only

KINDS = ("file", "captions", "poster", "chapters")


@editors_only
def media(request: HttpRequest, pk: int, what: str) -> HttpResponseBase:
    """`what` is one of KINDS; 404 for what the material does not have."""
    material = get_object_or_404(Material, pk=pk)
    if what == "chapters" and material.chapters:
        return HttpResponse(webvtt.chapters(material), content_type="text/vtt; charset=utf-8")
    file = {"file": material.file, "captions": material.captions, "poster": material.poster}.get(
        what
    )
    if not file:
        raise Http404
    return ranged_response(request, file, content_type=content_type_of(file.name or ""))
