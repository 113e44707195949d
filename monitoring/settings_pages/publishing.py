"""Publishing a document: first what it will do, then the button that does it."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from monitoring.access import ResearcherRequest, managing, researcher_required
from monitoring.models import StaffAction
from monitoring.settings_pages.draft import find_draft, values_of
from monitoring.settings_pages.records import locked, record, taking_part
from monitoring.settings_pages.shown import digest_of, is_as_shown
from studies.models import Document, Study
from studies.services import CannotPublish, publish_document, whats_lacking


class AnewForm(forms.Form):
    """Nothing is chosen beforehand. `people`: how many take part now."""

    anew = forms.TypedChoiceField(
        label=gettext_lazy("Must those who agreed to an earlier version agree anew?"),
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect(attrs={"class": "ruled"}),
        error_messages={
            code: gettext_lazy("Choose whether people must agree anew.")
            for code in ("required", "invalid_choice")
        },
    )

    def __init__(self, *args: Any, people: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["anew"].choices = [("yes", _asked(people)), ("no", _not_asked(people))]  # type: ignore[attr-defined]


def _asked(people: int) -> str:
    words = ngettext(
        "Yes. %(number)d person who takes part is asked when they next come. Until they agree, "
        "nothing is recorded of them; their weeks stay open, and their mail goes on.",
        "Yes. %(number)d people who take part are asked when they next come. Until they agree, "
        "nothing is recorded of them; their weeks stay open, and their mail goes on.",
        people,
    )
    return words % {"number": people}


def _not_asked(people: int) -> str:
    words = ngettext(
        "No. %(number)d person who takes part is not asked. The new words are for people who "
        "join from now on.",
        "No. %(number)d people who take part are not asked. The new words are for people who "
        "join from now on.",
        people,
    )
    return words % {"number": people}


@researcher_required
@managing
@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: ResearcherRequest, study: Study, kind: str) -> HttpResponse:
    if request.method == "POST":
        return _posted(request, study, kind)
    draft = find_draft(study, kind)
    earlier = Document.objects.in_force(study, kind)
    return _page(request, draft, earlier, _form(draft, earlier))


def _posted(request: ResearcherRequest, study: Study, kind: str) -> HttpResponse:
    with transaction.atomic():
        locked(study)
        draft = find_draft(study, kind)
        earlier = Document.objects.in_force(study, kind)
        form = _form(draft, earlier, request.POST)
        is_free = is_as_shown(request, values_of(draft))
        if is_free and (form is None or form.is_valid()):
            try:
                return _published(request, draft, form, timezone.now())
            except CannotPublish as error:
                messages.warning(request, str(error))
    if not is_free:
        words = _("The draft has changed since this page was made, so nothing is published.")
        messages.warning(request, f"{words} {_('Please look again.')}")
        form = _form(draft, earlier)
    return _page(request, draft, earlier, form)


def _published(
    request: ResearcherRequest, draft: Document, form: AnewForm | None, now: datetime
) -> HttpResponse:
    anew = form is not None and form.cleaned_data["anew"]
    publish_document(document=draft, requires_new_consent=anew, now=now)
    details = {"kind": draft.kind, "version": draft.version, "anew": anew}
    record(request, draft.study, StaffAction.Kind.PUBLISH, details, now)
    messages.success(request, _("%s is published.") % draft)
    return redirect("monitoring:settings_documents", draft.study.slug, draft.kind)


def _form(draft: Document, earlier: Document | None, *data: Any) -> AnewForm | None:
    """Only of what people agree to is there anything to ask, and only after a first version."""
    if not draft.is_agreed_to or earlier is None:
        return None
    return AnewForm(*data, people=taking_part(draft.study))


def _page(
    request: ResearcherRequest, draft: Document, earlier: Document | None, form: AnewForm | None
) -> HttpResponse:
    context = {
        "this_study": draft.study,
        "document": draft,
        "lacking": whats_lacking(draft),
        "statements": draft.statements.order_by("position"),
        "earlier": earlier,
        "form": form,
        "shown": digest_of(values_of(draft)),
        "staff_place": "settings",
    }
    return render(request, "monitoring/settings/publish.html", context)
