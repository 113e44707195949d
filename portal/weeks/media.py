"""Files of the course, for those whose edition they belong to, once their week is open."""

from django.core.exceptions import PermissionDenied
from django.db.models.fields.files import FieldFile
from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from courses import pack as packs
from courses import webvtt
from courses.media import content_type_of, is_there, ranged_response
from courses.models import Material
from participants.models import Engagement, Session
from portal.access import ParticipantRequest, link_ok
from portal.weeks.once import once_a_day


@require_safe
@link_ok
def media(request: ParticipantRequest, material: int, what: str) -> HttpResponseBase:
    """`what`: file, captions, chapters or poster; `?download` saves it under a readable name.

    404 for what is not of this person's course, 403 for a week that is not open yet.
    """
    wanted = get_object_or_404(
        Material.objects.select_related("module"),
        pk=material,
        module__edition=request.enrolment.edition_id,
    )
    session = get_object_or_404(Session, enrolment=request.enrolment, module=wanted.module_id)
    if not session.is_open(timezone.now()):
        raise PermissionDenied
    if what == "chapters" and wanted.chapters:
        return HttpResponse(webvtt.chapters(wanted), content_type="text/vtt; charset=utf-8")
    file = _file(wanted, what)
    name = file.name or ""
    if "download" not in request.GET:
        return ranged_response(request, file, content_type=content_type_of(name))
    _note_download(request, session, wanted)
    return ranged_response(
        request,
        file,
        content_type=content_type_of(name),
        download_name=_download_name(wanted, name),
    )


@require_safe
@link_ok
def pack(request: ParticipantRequest) -> HttpResponseBase:
    """The weeks that are open so far in one folder; 403 while there is none.

    To a HEAD the answer is the headers at once: there is no length to tell before it is made.
    """
    edition = request.enrolment.edition
    sessions = Session.objects.filter(enrolment=request.enrolment).open(timezone.now())
    weeks = list(sessions.values_list("module__week", flat=True))
    if not weeks:
        raise PermissionDenied
    pieces = packs.stream(edition, weeks=weeks) if request.method == "GET" else ()
    response = StreamingHttpResponse(pieces, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{slugify(edition.course.title)}.zip"'
    return response


def _file(material: Material, what: str) -> FieldFile:
    files: dict[str, FieldFile] = {
        "file": material.file,
        "captions": material.captions,
        "poster": material.poster,
    }
    file = files.get(what)
    if file is None or not is_there(file):
        raise Http404
    return file


def _note_download(request: ParticipantRequest, session: Session, material: Material) -> None:
    """Once, although a browser may fetch a long file in ranges."""
    is_beginning = request.headers.get("Range", "bytes=0-").startswith("bytes=0-")
    if request.method == "GET" and is_beginning:
        kind, now = Engagement.Kind.DOWNLOADED, timezone.now()
        once_a_day(session=session, material=material, kind=kind, now=now)


def _download_name(material: Material, name: str) -> str:
    suffix = name.rpartition(".")[2]
    return f"week-{material.module.week}-{slugify(material.title)}.{suffix}"
