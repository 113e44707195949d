"""What stands and what is missing, on one page. Who manages the study changes it from here."""

from typing import Any, NamedTuple

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from monitoring.access import ResearcherRequest, researcher_required
from monitoring.models import StaffAction
from monitoring.settings_pages import told
from monitoring.settings_pages.records import joined
from monitoring.settings_pages.researchers import researchers_of
from monitoring.settings_pages.section_form import fact
from monitoring.settings_pages.sections import SECTIONS
from monitoring.settings_pages.state import STEPS
from participants.places import is_full
from scheduling import timetable
from studies.models import Document, Study
from studies.readiness import missing

LATEST = 10


class Part(NamedTuple):
    """A section: its name in the address, its title, and its facts by label."""

    slug: str
    title: str
    facts: list[tuple[str, str]]


class Versions(NamedTuple):
    """`in_force` and `draft` are numbers of versions, 0 where there is none."""

    kind: Document.Kind
    is_needed: bool
    in_force: int
    draft: int


@researcher_required
@require_safe
def settings(request: ResearcherRequest, study: Study) -> HttpResponse:
    """Read by every researcher of the study."""
    now = timezone.now()
    study = Study.objects.select_related("edition__course").get(pk=study.pk)
    is_over = study.state == Study.State.ARCHIVED
    context = {
        "this_study": study,
        "may_change": request.rights.manages,
        "parts": [_part(study, slug) for slug in SECTIONS],
        "missing": [] if is_over else missing(study, now),
        "steps": [slug for slug, step in STEPS.items() if study.state in step.begins],
        "criteria": study.criteria.order_by("position"),
        "arms": study.arms.order_by("key"),
        "documents": _documents(study),
        "is_full": study.state == Study.State.RECRUITING and is_full(study),
        "joined": joined(study),
        "researchers": researchers_of(study, request),
        "latest": _latest(study),
        "zone": timetable.known_or_utc(study.default_zone),
        "staff_place": "settings",
    }
    return render(request, "monitoring/settings/settings.html", context)


def _part(study: Study, slug: str) -> Part:
    form = SECTIONS[slug].form
    labels = form.base_fields
    facts = [(str(labels[name].label), fact(study, name)) for name in form.base_fields]
    return Part(slug, str(SECTIONS[slug].title), facts)


def _documents(study: Study) -> list[Versions]:
    """Each kind, also one that has no version."""
    newest: dict[tuple[str, str], int] = {}
    rows = study.documents.order_by("version").values_list("kind", "state", "version")
    for kind, state, version in rows:
        newest[kind, state] = version
    return [
        Versions(
            kind=kind,
            is_needed=kind in study.documents_needed,
            in_force=newest.get((kind, Document.State.PUBLISHED), 0),
            draft=newest.get((kind, Document.State.DRAFT), 0),
        )
        for kind in Document.Kind
    ]


def _latest(study: Study) -> list[dict[str, Any]]:
    """The newest changes, by whom as the viewer's own or somebody else's."""
    changes = StaffAction.objects.filter(study=study, kind__in=told.CHANGES)
    zone = timetable.known_or_utc(study.default_zone)
    return [
        {"action": each, "what": told.what(each, zone), "place": told.place(each, study)}
        for each in changes[:LATEST]
    ]
