"""One part of the study's own row at a time: shown, changed, saved whole or not at all."""

from copy import copy
from typing import Any, NamedTuple

from django.contrib import messages
from django.db import transaction
from django.forms import model_to_dict
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from monitoring.access import ResearcherRequest, managing, researcher_required
from monitoring.models import StaffAction
from monitoring.settings_pages.records import joined, kept_of, locked, record, why_of
from monitoring.settings_pages.section_form import SectionForm, fact
from monitoring.settings_pages.section_forms import (
    KeepingForm,
    NamesForm,
    RecruitingForm,
    TeamForm,
    WeeksForm,
)
from monitoring.settings_pages.shown import digest_of, is_as_shown
from studies.models import Study


class Section(NamedTuple):
    title: Any
    form: type[SectionForm]


SECTIONS = {
    "names": Section(gettext_lazy("Names and purpose"), NamesForm),
    "team": Section(gettext_lazy("Team, ethics and contacts"), TeamForm),
    "recruiting": Section(gettext_lazy("Recruiting"), RecruitingForm),
    "weeks": Section(gettext_lazy("The weeks"), WeeksForm),
    "keeping": Section(gettext_lazy("How long data are kept"), KeepingForm),
}


@researcher_required
@managing
@require_http_methods(["GET", "HEAD", "POST"])
def section(request: ResearcherRequest, study: Study, section: str) -> HttpResponse:
    if section not in SECTIONS:
        raise Http404
    with timezone.override(study.default_zone):
        if request.method == "POST":
            return _posted(request, study, section)
        form = _form(section, study)
        return _page(request, study, section, form, shown=_values(study, section))


def _form(section: str, study: Study, *data: Any) -> SectionForm:
    """A form changes the row that it is given, so it is given one of its own."""
    form = SECTIONS[section].form
    return form(*data, instance=copy(study), now=timezone.now(), joined=joined(study))


def _values(study: Study, section: str) -> dict[str, Any]:
    return model_to_dict(study, fields=SECTIONS[section].form.Meta.fields)  # type: ignore[attr-defined]


def _posted(request: ResearcherRequest, study: Study, section: str) -> HttpResponse:
    with transaction.atomic():
        saved = locked(study)
        values = _values(saved, section)
        form = _form(section, saved, request.POST)
        is_free = is_as_shown(request, values)
        if is_free and form.is_valid() and _says_why(request, form):
            return _saved(request, form, section, saved)
    theirs = [] if is_free else _theirs(saved, form)
    return _page(request, study, section, form, shown=values, theirs=theirs)


def _says_why(request: ResearcherRequest, form: SectionForm) -> bool:
    """As far as it must."""
    if form.changed_data and form.needs_why() and not why_of(request):
        form.add_error(None, _("Say why, in a few words and without names."))
        return False
    return True


def _saved(
    request: ResearcherRequest, form: SectionForm, section: str, before: Study
) -> HttpResponse:
    study: Study = form.instance
    if form.changed_data:
        # No other column: one that others refer by is waited for, though it stays the same.
        study.save(update_fields=form.changed_data)
        details = {"section": section, **_details(form, before)}
        record(request, study, StaffAction.Kind.SETTINGS, details, timezone.now())
        words = _("Saved: %s.") % SECTIONS[section].title
        messages.success(request, " ".join(filter(None, [words, form.told_others()])))
    else:
        messages.info(request, _("Nothing was changed."))
    return redirect("monitoring:settings", study.slug)


def _details(form: SectionForm, before: Study) -> dict[str, Any]:
    """What was changed; of what names nobody also what it was and became."""
    both = {
        name: kept_of(str(getattr(before, name)), str(getattr(form.instance, name)))
        for name in form.changed_data
        if name in form.on_record
    }
    return {
        "fields": form.changed_data,
        "was": {name: values[0] for name, values in both.items() if values},
        "is": {name: values[1] for name, values in both.items() if values},
    }


def _theirs(saved: Study, form: SectionForm) -> list[tuple[str, str]]:
    """What is saved now and differs from what was typed here, by label; never empty."""
    form.is_valid()
    differing = [
        (str(field.label), fact(saved, name))
        for name, field in form.fields.items()
        if name in form.errors or form.cleaned_data.get(name) != getattr(saved, name)
    ]
    return differing or [(_("All of it"), _("As you wrote it."))]


def _page(
    request: ResearcherRequest,
    study: Study,
    section: str,
    form: SectionForm,
    *,
    shown: dict[str, Any],
    theirs: list[tuple[str, str]] | None = None,
) -> HttpResponse:
    context = {
        "this_study": study,
        "title": SECTIONS[section].title,
        "form": form,
        "shown": digest_of(shown),
        "theirs": theirs,
        "why": request.POST.get("why", ""),
        "staff_place": "settings",
    }
    return render(request, "monitoring/settings/section.html", context)
