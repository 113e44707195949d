"""The page that says what an export holds, and gives it."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from monitoring.access import ResearcherRequest, managing, researcher_required
from monitoring.export import archive, codebook, readme, record
from monitoring.export.cut import Cut, NoCut
from monitoring.export.files import FILES
from monitoring.export.forms import CutForm
from monitoring.export.making import Export
from monitoring.export.settling import settled
from monitoring.export.snapshot import snapshot
from monitoring.models import StaffAction
from studies.models import Study


@require_http_methods(["GET", "HEAD", "POST"])
@researcher_required
@managing
def export(request: ResearcherRequest, study: Study) -> HttpResponseBase:
    now = timezone.now()
    form = CutForm(request.POST if request.method == "POST" else None, study=study, now=now)
    if form.is_valid() and (cut := _settled(form, with_arm=request.rights.arm)):
        begun = record.began(cut, by=request.user, now=now)
        return _zip(cut, begun)
    return render(request, "monitoring/export/export.html", _shown(request, study, form))


def _settled(form: CutForm, *, with_arm: bool) -> Cut | None:
    """None where it has to wait, which the form says."""
    try:
        return settled(form.cut(with_arm=with_arm), is_now=form.is_now)
    except NoCut as refusal:
        form.add_error("time", refusal.message)
        return None


def _zip(cut: Cut, begun: StaffAction) -> StreamingHttpResponse:
    return StreamingHttpResponse(
        _given_out(cut, begun),
        content_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{archive.name_of(cut)}.zip"'},
    )


def _given_out(cut: Cut, begun: StaffAction) -> Iterator[bytes]:
    """Runs while the browser takes it. Broken off, it leaves no second record."""
    export = Export(cut)
    with snapshot():
        yield from archive.stream(export)
    record.ended(begun, rows=export.rows, now=timezone.now())


def _shown(request: HttpRequest, study: Study, form: CutForm) -> dict[str, Any]:
    earlier = record.earlier(study)
    last = next((each.rows for each in earlier if each.rows is not None), {})
    told = [(each.name, each.about) for each in FILES]
    told += [(codebook.NAME, codebook.ABOUT), (readme.NAME, readme.ABOUT)]
    return {
        "this_study": study,
        "staff_place": "export",
        "form": form,
        "zone": study.default_zone,
        "files": [{"name": name, "about": about, "rows": last.get(name)} for name, about in told],
        "earlier": earlier,
    }
