"""Who may join: one question a page, and a kind way out."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from portal.joining import state
from portal.joining.question_form import QuestionForm
from portal.joining.steps import JoinRequest, Way, step
from portal.posted import data_of
from studies import helplines
from studies.models import EligibilityCriterion
from studies.screening import first_unmet
from studies.services import tally_screening


@step("questions")
def question(request: JoinRequest, key: str) -> HttpResponse:
    way = request.way
    criterion = get_object_or_404(EligibilityCriterion, study=way.study, key=key)
    form = QuestionForm(data_of(request), criterion=criterion, initial=_kept_answer(way, criterion))
    if request.method == "POST" and form.is_valid():
        return _answered(request, criterion, says_yes=form.says_yes)
    context = {
        **way.context("questions"),
        "criterion": criterion,
        "form": form,
        "back": _one_before(way, criterion),
        "number": way.criteria.index(criterion) + 1,
        "total": len(way.criteria),
    }
    return render(request, "portal/join/question.html", context)


@step("questions")
def declined(request: JoinRequest, key: str) -> HttpResponse:
    criterion = get_object_or_404(EligibilityCriterion, study=request.way.study, key=key)
    if criterion.key in request.way.state.met:
        return redirect(request.way.address_of_next())
    is_young = criterion.way_out == EligibilityCriterion.WayOut.YOUNG
    context = {
        "study": request.way.study,
        "criterion": criterion,
        "is_young": is_young,
        "lines": helplines.FOR_YOUNG_PEOPLE if is_young else helplines.TO_TALK,
    }
    return render(request, "portal/join/declined.html", context)


def _answered(
    request: JoinRequest, criterion: EligibilityCriterion, *, says_yes: bool
) -> HttpResponse:
    way = request.way
    met = set(way.state.met) - {criterion.key}
    declines = first_unmet([criterion], {criterion.key: says_yes}) is not None
    if not declines:
        met.add(criterion.key)
    way.state.met = [each.key for each in way.criteria if each.key in met]
    if declines:
        _tally_once(way, criterion.key)
    elif way.first_open_question() is None:
        _tally_once(way, "")
    state.write(request, way.study, way.state)
    if declines:
        return redirect("portal:join_declined", way.study.slug, criterion.key)
    return redirect(way.address_of_next())


def _tally_once(way: Way, unmet: str) -> None:
    """Going back, reloading and pressing twice count nothing again."""
    if unmet in way.state.tallied:
        return
    tally_screening(study=way.study, source=way.state.source, unmet=unmet, now=timezone.now())
    way.state.tallied.append(unmet)


def _kept_answer(way: Way, criterion: EligibilityCriterion) -> dict[str, str]:
    """What lets a person in may stand chosen when they come back; nothing else was kept."""
    if criterion.key not in way.state.met:
        return {}
    return {"answer": "yes" if criterion.admits_yes else "no"}


def _one_before(way: Way, criterion: EligibilityCriterion) -> EligibilityCriterion | None:
    place = way.criteria.index(criterion)
    return way.criteria[place - 1] if place else None
