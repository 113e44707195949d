"""What stands and what is missing, on one page. Who manages the study changes it from here."""

from typing import Any, NamedTuple

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from monitoring.access import ResearcherRequest, researcher_required
from monitoring.models import StaffAction
from monitoring.settings_pages.records import joined
from monitoring.settings_pages.section_form import fact
from monitoring.settings_pages.sections import SECTIONS
from monitoring.settings_pages.state import STEPS
from participants.places import is_full
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
        "latest": _latest(study),
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
    kinds = StaffAction.Kind
    changes = StaffAction.objects.filter(
        study=study, kind__in=[kinds.SETTINGS, kinds.PUBLISH, kinds.OPEN, kinds.CLOSE]
    )
    return [{"action": each, "what": _what(each)} for each in changes[:LATEST]]


def _what(action: StaffAction) -> str:
    details = action.details
    if action.kind == StaffAction.Kind.PUBLISH or details.get("kind"):
        gone = details.get("deleted_draft")
        words = _("%(kind)s, draft %(n)s deleted") if gone else _("%(kind)s, version %(n)s")
        number = gone or details["version"]
        return words % {"kind": Document.Kind(details["kind"]).label, "n": number}
    if details.get("to"):
        return str(Study.State(details["to"]).label)
    section = details.get("section", "")
    if section in SECTIONS:
        labels = SECTIONS[section].form.base_fields
        return ", ".join(str(labels[name].label).lower() for name in details["fields"])
    named = {"eligibility": _("Who may join"), "arms": _("Arms"), "new": _("The study was made")}
    keys = [*details.get("added", []), *details.get("removed", []), *details.get("changed", {})]
    return f"{named.get(section, section)}{': ' if keys else ''}{', '.join(keys)}"
