"""Opening, closing and archiving: first what is missing or will happen, then the button."""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from monitoring.access import ResearcherRequest, managing, researcher_required
from monitoring.models import StaffAction
from monitoring.settings_pages.records import locked, record, taking_part
from monitoring.settings_pages.section_form import fact
from participants.models import Enrolment
from scheduling.models import Prompt
from scheduling.unsent import not_written_to
from studies.models import Document, Study
from studies.readiness import Missing, missing
from studies.services import NotReady, archive_study, close_study, open_study

_State = Study.State


class Step(NamedTuple):
    """`begins` are the states it is taken from; `take` raises NotReady where it cannot be."""

    state: Study.State
    begins: frozenset[str]
    kind: StaffAction.Kind
    take: Callable[[Study, datetime], Study]
    words: Callable[[Study], dict[str, object]]


def _opening(study: Study) -> dict[str, object]:
    begins = study.recruiting_from and fact(study, "recruiting_from")
    ends = study.recruiting_until and fact(study, "recruiting_until")
    sentences = [
        _("People can join at %(address)s, if they meet the criteria and agree.")
        % {"address": settings.SITE_URL + reverse("portal:join", args=[study.slug])},
        _("They can join from %(begins)s.") % {"begins": begins} if begins else "",
        _("They can join until %(ends)s.") % {"ends": ends} if ends else "",
        _("There is room for %(number)d people.") % {"number": study.capacity}
        if study.capacity
        else "",
        _("The short name in addresses and the purpose are fixed from then on.")
        if study.state == _State.DRAFT
        else "",
        _without_a_notice(study),
    ]
    return {
        "title": _("Open the study"),
        "button": _("Open it to new people"),
        "sentences": [each for each in sentences if each],
    }


def _without_a_notice(study: Study) -> str:
    """No reason not to open: some teams say all of it on the information sheet."""
    if Document.objects.in_force(study, Document.Kind.PRIVACY) is not None:
        return ""
    return _(
        "No privacy notice is published. The information sheet then has to say all that one says: "
        "who is responsible for the data, on what legal ground, and which rights people have."
    )


def _closing(study: Study) -> dict[str, object]:
    invited = Enrolment.objects.invited().filter(study=study).count()
    unsent = not_written_to().filter(study=study).count()
    sentences = [
        _("Nobody new can join. Whoever is reading the information sheet now is told so."),
        ngettext(
            "%(number)d person takes part, and goes on as before, with all their mail.",
            "%(number)d people take part, and go on as before, with all their mail.",
            taking_part(study),
        )
        % {"number": taking_part(study)},
    ]
    if invited:
        words = ngettext(
            "%(number)d person is invited. They cannot join while it is closed.",
            "%(number)d people are invited. They cannot join while it is closed.",
            invited,
        )
        sentences.append(words % {"number": invited})
    if unsent:
        words = ngettext(
            "%(number)d of them was not written to. That invitation ends: the address is erased, "
            "and can be invited again.",
            "%(number)d of them were not written to. Those invitations end: the addresses are "
            "erased, and can be invited again.",
            unsent,
        )
        sentences.append(words % {"number": unsent})
    sentences.append(_("It can be opened again."))
    return {"title": _("Close the study"), "button": _("Close it"), "sentences": sentences}


def _archiving(study: Study) -> dict[str, object]:
    planned = Prompt.objects.filter(enrolment__study=study, state=Prompt.State.PLANNED).count()
    words = ngettext(
        "%(number)d mail is planned, and will not go.",
        "%(number)d mails are planned, and will not go.",
        planned,
    )
    return {
        "title": _("Archive the study"),
        "button": _("Archive it"),
        "sentences": [
            words % {"number": planned},
            _("Whoever leaves the study is mailed a confirmation all the same."),
            _("Everybody who joined can open their weeks until the day that they were told."),
            _("Nothing is deleted by this."),
            _("It cannot be opened again on these pages."),
        ],
    }


def _open(study: Study, now: datetime) -> Study:
    return open_study(study=study, now=now)


def _close(study: Study, now: datetime) -> Study:
    return close_study(study=study)


def _archive(study: Study, now: datetime) -> Study:
    return archive_study(study=study)


STEPS = {
    "open": Step(
        _State.RECRUITING,
        frozenset({_State.DRAFT, _State.CLOSED}),
        StaffAction.Kind.OPEN,
        _open,
        _opening,
    ),
    "close": Step(
        _State.CLOSED,
        frozenset({_State.RECRUITING}),
        StaffAction.Kind.CLOSE,
        _close,
        _closing,
    ),
    "archive": Step(
        _State.ARCHIVED,
        frozenset({_State.CLOSED}),
        StaffAction.Kind.CLOSE,
        _archive,
        _archiving,
    ),
}


@researcher_required
@managing
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: ResearcherRequest, study: Study, step: str) -> HttpResponse:
    """`step` is one of STEPS. From a state it does not begin in, it says so and does nothing."""
    now = timezone.now()
    if request.method == "POST":
        return _posted(request, study, step, now)
    if study.state not in STEPS[step].begins:
        return _not_from_here(request, study)
    lacks = missing(study, now) if step == "open" else []
    return _page(request, study, step, lacks)


def _posted(request: ResearcherRequest, study: Study, step: str, now: datetime) -> HttpResponse:
    taken = STEPS[step]
    with transaction.atomic():
        here = locked(study)
        if here.state not in taken.begins:
            return _not_from_here(request, here)
        try:
            entered = taken.take(here, now)
        except NotReady:
            return _page(request, here, step, missing(here, now))
        record(request, here, taken.kind, {"from": here.state, "to": entered.state}, now)
    words = _("%(study)s is now: %(state)s.")
    said = {"study": entered.public_name, "state": entered.get_state_display()}
    messages.success(request, words % said)
    return redirect("monitoring:settings", study.slug)


def _not_from_here(request: ResearcherRequest, study: Study) -> HttpResponse:
    words = _("Nothing was done: the study is %(state)s.")
    messages.info(request, words % {"state": study.get_state_display().lower()})
    return redirect("monitoring:settings", study.slug)


def _page(
    request: ResearcherRequest, study: Study, step: str, lacks: list[Missing]
) -> HttpResponse:
    context = {
        "this_study": study,
        "step": step,
        "missing": lacks,
        "why": request.POST.get("why", ""),
        "staff_place": "settings",
        **STEPS[step].words(study),
    }
    return render(request, "monitoring/settings/step.html", context)
