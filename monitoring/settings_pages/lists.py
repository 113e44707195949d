"""Who may join, and the arms: rows that are saved together."""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.contrib import messages
from django.db import transaction
from django.forms import BaseForm, model_to_dict
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from monitoring.access import ResearcherRequest, managing, researcher_required
from monitoring.models import StaffAction
from monitoring.settings_pages import rows
from monitoring.settings_pages.records import kept_of, locked, record, taking_part
from monitoring.settings_pages.row_forms import ArmForm, CriterionForm
from monitoring.settings_pages.shown import digest_of, is_as_shown
from studies.drafting import ArmInUse, write_arms, write_criteria
from studies.models import EligibilityCriterion, Study

Values = list[dict[str, Any]]


class CannotSave(Exception):
    """Holds the sentence that says why not."""


class List(NamedTuple):
    """`read` gives the rows as they are saved; `write` saves others, or raises CannotSave."""

    section: str
    form: type[BaseForm]
    template: str
    read: Callable[[Study], Values]
    write: Callable[[Study, Values], None]


def criteria_of(study: Study) -> Values:
    fields = CriterionForm.Meta.fields
    return [model_to_dict(each, fields=fields) for each in study.criteria.order_by("position")]


def _write_criteria(study: Study, values: Values) -> None:
    if not values and study.is_research and study.state != Study.State.DRAFT:
        raise CannotSave(_("A study that has opened says who may join. Keep one question."))
    write_criteria(study=study, criteria=[EligibilityCriterion(**each) for each in values])


def arms_of(study: Study) -> Values:
    return [{"name": each.name, "key": each.key} for each in study.arms.order_by("key")]


def _write_arms(study: Study, values: Values) -> None:
    _refuse_mistakable(study, values)
    try:
        write_arms(study=study, names={each["key"]: each["name"] for each in values})
    except ArmInUse as error:
        raise CannotSave(str(error)) from error


def _refuse_mistakable(study: Study, values: Values) -> None:
    """No name says two arms, neither from now on nor beside what was recorded until now."""
    before = {each.key: each.name.casefold() for each in study.arms.all()}
    for each in values:
        others = [other for other in values if other["key"] != each["key"]]
        taken = {other["name"].casefold() for other in others}
        taken |= {before[other["key"]] for other in others if other["key"] in before}
        if each["name"].casefold() in taken:
            words = _("“%(name)s” is, or was until now, another arm’s name. Choose another.")
            raise CannotSave(words % {"name": each["name"]})


ELIGIBILITY = List(
    "eligibility",
    CriterionForm,
    "monitoring/settings/eligibility.html",
    criteria_of,
    _write_criteria,
)
ARMS = List("arms", ArmForm, "monitoring/settings/arms.html", arms_of, _write_arms)


@researcher_required
@managing
@require_http_methods(["GET", "HEAD", "POST"])
def eligibility(request: ResearcherRequest, study: Study) -> HttpResponse:
    return _edit(request, study, ELIGIBILITY)


@researcher_required
@managing
@require_http_methods(["GET", "HEAD", "POST"])
def arms(request: ResearcherRequest, study: Study) -> HttpResponse:
    if not study.is_research:
        raise Http404
    return _edit(request, study, ARMS)


def _edit(request: ResearcherRequest, study: Study, what: List) -> HttpResponse:
    if request.method != "POST":
        values = what.read(study)
        return _page(request, study, what, rows.saved(what.form, values), digest_of(values))
    do = request.POST.get("do", "save")
    if do != "save":
        moved = rows.rearranged(what.form, request.POST, do)
        return _page(request, study, what, moved, request.POST.get("shown", ""), is_open=True)
    return _posted(request, study, what)


def _posted(request: ResearcherRequest, study: Study, what: List) -> HttpResponse:
    typed = rows.posted(what.form, request.POST)
    problem, theirs = "", None
    with transaction.atomic():
        saved = what.read(locked(study))
        if not is_as_shown(request, saved):
            theirs = saved
        elif typed.is_valid():
            try:
                return _saved(request, study, what, saved, typed.values())
            except CannotSave as error:
                problem = str(error)
    shown = digest_of(saved)
    return _page(request, study, what, typed, shown, theirs=theirs, problem=problem, is_open=True)


def _saved(
    request: ResearcherRequest, study: Study, what: List, before: Values, after: Values
) -> HttpResponse:
    if before == after:
        messages.info(request, _("Nothing was changed."))
        return redirect("monitoring:settings", study.slug)
    what.write(study, after)
    details = {"section": what.section, **_difference(before, after)}
    record(request, study, StaffAction.Kind.SETTINGS, details, timezone.now())
    messages.success(request, _("Saved."))
    return redirect("monitoring:settings", study.slug)


def _difference(before: Values, after: Values) -> dict[str, Any]:
    """By keys: `added`, `removed`, `changed` (of each, what its fields were and became), and the
    `order` after.
    """
    old = {each["key"]: each for each in before}
    new = {each["key"]: each for each in after}
    changed = {
        key: {
            name: kept_of(old[key][name], new[key][name])
            for name in sorted(new[key])
            if new[key][name] != old[key][name]
        }
        for key in new
        if key in old and new[key] != old[key]
    }
    return {
        "added": [key for key in new if key not in old],
        "removed": [key for key in old if key not in new],
        "changed": changed,
        "order": list(new),
    }


def _page(
    request: ResearcherRequest,
    study: Study,
    what: List,
    shown_rows: rows.Rows,
    shown: str,
    *,
    theirs: Values | None = None,
    problem: str = "",
    is_open: bool = False,
) -> HttpResponse:
    """`is_open`: what the page holds is not saved."""
    context = {
        "this_study": study,
        "rows": shown_rows,
        "form": rows.Together(*shown_rows),
        "shown": shown,
        "theirs": theirs,
        "problem": problem,
        "is_open": is_open,
        "taking_part": taking_part(study),
        "why": request.POST.get("why", ""),
        "staff_place": "settings",
    }
    return render(request, what.template, context)
