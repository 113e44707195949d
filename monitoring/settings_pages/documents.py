"""The documents of one kind, and each version as people see it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from monitoring.access import ResearcherRequest, managing, researcher_required
from participants.agreeing_anew import asked_anew
from participants.models import Enrolment
from scheduling import timetable
from studies import promised
from studies.agreeing import StatementsForm
from studies.drafting import draft_of
from studies.models import Document, Study


class PreviewForm(StatementsForm):
    """Shown and never sent."""

    typed_name = forms.CharField(
        label=gettext_lazy("Your full name"),
        help_text=gettext_lazy("This is your signature. It is kept apart from your answers."),
        required=False,
    )

    def __init__(self, *args: Any, reading: Document, **kwargs: Any) -> None:
        super().__init__(*args, reading=reading, **kwargs)
        if not reading.study.is_research:
            del self.fields["typed_name"]


def known_kind(kind: str) -> Document.Kind:
    if kind not in Document.Kind:
        raise Http404
    return Document.Kind(kind)


@researcher_required
@require_safe
def documents(request: ResearcherRequest, study: Study, kind: str) -> HttpResponse:
    here = known_kind(kind)
    versions = list(study.documents.filter(kind=here).defer("body").order_by("-version"))
    context = {
        "this_study": study,
        "kind": here,
        "versions": versions,
        "draft": next((each for each in versions if not each.is_published), None),
        "in_force": next((each for each in versions if each.is_published), None),
        "first": next((each for each in reversed(versions) if each.is_published), None),
        "is_needed": here in study.documents_needed,
        "is_agreed_to": here == study.agreement_kind,
        "asked_anew": _asked_anew(study) if here == study.agreement_kind else 0,
        "place": _place(study, here),
        "zone": timetable.known_or_utc(study.default_zone),
        "staff_place": "settings",
    }
    return render(request, "monitoring/settings/documents.html", context)


def _asked_anew(study: Study) -> int:
    """How many have not agreed to the version in force; without test people, as in the overview."""
    return asked_anew(Enrolment.objects.counted().filter(study=study)).count()


def _place(study: Study, kind: Document.Kind) -> str:
    """Where people meet it."""
    if kind == study.agreement_kind and kind == study.documents_needed[0]:
        return _("People read it before anything is asked of them, and say that they have.")
    if kind == study.agreement_kind:
        return _("People agree to its statements in order to take part.")
    if kind == study.documents_needed[0]:
        return _("People read it before anything is asked of them.")
    if kind == Document.Kind.PRIVACY:
        return _("People find it on the page about privacy.")
    return _("It is kept here with its versions. No page shows it to people.")


@researcher_required
@managing
@require_http_methods(["GET", "HEAD", "POST"])
def new_draft(request: ResearcherRequest, study: Study, kind: str) -> HttpResponse:
    """Leads to the draft; pressed twice, there is one. Whoever had to sign in again comes by GET,
    back to the button.
    """
    if request.method != "POST":
        return redirect("monitoring:settings_documents", study.slug, known_kind(kind))
    draft = draft_of(study=study, kind=known_kind(kind))
    messages.success(request, _("Version %d is a draft. Nobody else sees it.") % draft.version)
    return redirect("monitoring:settings_draft", study.slug, kind)


@researcher_required
@require_safe
def document(request: ResearcherRequest, study: Study, kind: str, version: int) -> HttpResponse:
    """As people see it, on their page, with nothing that can be sent."""
    found = get_object_or_404(
        study.documents.select_related("study__edition"), kind=known_kind(kind), version=version
    )
    context = {
        "this_study": study,
        "study": study,
        "document": found,
        "sheet": found,
        "mails": promised.emails(study),
        "form": PreviewForm(reading=found) if found.is_agreed_to else None,
        "is_sheet": found.kind == study.documents_needed[0],
    }
    return render(request, "monitoring/settings/document.html", context)
