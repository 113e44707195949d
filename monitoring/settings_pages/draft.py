"""Writing a draft: its title, its text, and what people agree to."""

from copy import copy
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.forms import model_to_dict
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from monitoring.access import ResearcherRequest, managing, researcher_required
from monitoring.models import StaffAction
from monitoring.settings_pages import rows
from monitoring.settings_pages.documents import known_kind
from monitoring.settings_pages.plain import as_typed, cleaned
from monitoring.settings_pages.records import locked, record
from monitoring.settings_pages.row_forms import StatementForm
from monitoring.settings_pages.shown import digest_of, is_as_shown
from monitoring.settings_pages.words import Box
from scheduling.address_field import NOT_TEXT
from studies.drafting import delete_draft, write_draft
from studies.models import ConsentStatement, Document, Study


class DraftForm(forms.ModelForm):  # type: ignore[type-arg]
    """The text is stored as HTML, and shown as plain words wherever these say all of it."""

    class Meta:
        model = Document
        fields = ("title", "body")
        widgets = {"body": Box(attrs={"rows": 24, "spellcheck": "true"})}
        labels = {"body": gettext_lazy("Text")}
        error_messages = {
            "title": {"required": gettext_lazy("Write a title.")},
            "body": {"required": gettext_lazy("Write the text.")},
        }

    def __init__(
        self, data: Any = None, *, instance: Document, initial: dict[str, str] | None = None
    ) -> None:
        shown = {"body": as_typed(instance.body), **(initial or {})}
        super().__init__(data, instance=instance, initial=shown)
        for field in self.fields.values():
            field.error_messages.update(NOT_TEXT)

    def clean_body(self) -> str:
        body = cleaned(self.cleaned_data["body"])
        if not body:
            raise forms.ValidationError(self.fields["body"].error_messages["required"])
        return body


def values_of(draft: Document) -> list[Any]:
    """All of a draft that these pages change."""
    return [draft.pk, draft.title, draft.body, statements_of(draft)]


def statements_of(draft: Document) -> list[dict[str, Any]]:
    fields = StatementForm.Meta.fields
    return [model_to_dict(each, fields=fields) for each in draft.statements.order_by("position")]


def find_draft(study: Study, kind: str) -> Document:
    """With the study it is of; 404 where there is no draft of this kind."""
    drafts = Document.objects.drafts().select_related("study")
    return get_object_or_404(drafts, study=study, kind=known_kind(kind))


@researcher_required
@managing
@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: ResearcherRequest, study: Study, kind: str) -> HttpResponse:
    here = find_draft(study, kind)
    if request.method != "POST":
        own = rows.saved(StatementForm, statements_of(here))
        return _page(request, here, DraftForm(instance=here), own, digest_of(values_of(here)))
    do = request.POST.get("do", "save")
    if do == "save":
        return _posted(request, study, kind)
    return _rearranged(request, here, do)


def _rearranged(request: ResearcherRequest, here: Document, do: str) -> HttpResponse:
    """As it was typed, looked at or in another order; not saved."""
    typed = {
        name: request.POST.get(name, "").replace("\0", "").replace("\r\n", "\n")
        for name in ("title", "body")
    }
    moved = rows.rearranged(StatementForm, request.POST, do)
    preview = cleaned(typed["body"]) if do == "preview" else None
    form = DraftForm(instance=here, initial=typed)
    shown = request.POST.get("shown", "")
    return _page(request, here, form, moved, shown, preview=preview, is_open=True)


def _posted(request: ResearcherRequest, study: Study, kind: str) -> HttpResponse:
    with transaction.atomic():
        locked(study)
        saved = find_draft(study, kind)
        form = DraftForm(request.POST, instance=copy(saved))
        typed = rows.posted(StatementForm, request.POST)
        is_free = is_as_shown(request, values_of(saved))
        # Both are asked, so that each problem is shown.
        if all([form.is_valid(), typed.is_valid()]) and is_free:
            return _saved(request, saved, form, typed)
        shown = digest_of(values_of(saved))
    theirs = None if is_free else saved
    return _page(request, saved, form, typed, shown, theirs=theirs, is_open=True)


def _saved(
    request: ResearcherRequest, draft: Document, form: DraftForm, typed: rows.Rows
) -> HttpResponse:
    write_draft(
        document=draft,
        title=form.cleaned_data["title"],
        body=form.cleaned_data["body"],
        statements=[ConsentStatement(**each) for each in typed.values()],
    )
    details = {"section": "documents", "kind": draft.kind, "version": draft.version}
    record(request, draft.study, StaffAction.Kind.SETTINGS, details, timezone.now())
    messages.success(request, _("The draft is saved. Nobody else sees it before it is published."))
    return redirect("monitoring:settings_documents", draft.study.slug, draft.kind)


def _page(
    request: ResearcherRequest,
    here: Document,
    form: DraftForm,
    statements: rows.Rows,
    shown: str,
    *,
    preview: str | None = None,
    theirs: Document | None = None,
    is_open: bool = False,
) -> HttpResponse:
    """`is_open`: what the page holds is not saved."""
    context = {
        "this_study": here.study,
        "document": here,
        "draft_form": form,
        "rows": statements,
        "form": rows.Together(form, *statements),
        "shown": shown,
        "preview": preview,
        "theirs": theirs,
        "their_words": as_typed(theirs.body) if theirs is not None else "",
        "is_open": is_open,
        "why": request.POST.get("why", ""),
        "staff_place": "settings",
    }
    return render(request, "monitoring/settings/draft.html", context)


@researcher_required
@managing
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: ResearcherRequest, study: Study, kind: str) -> HttpResponse:
    if request.method == "POST" and _deleted(request, study, kind):
        messages.success(request, _("The draft is deleted."))
        return redirect("monitoring:settings_documents", study.slug, kind)
    here = find_draft(study, kind)
    context = {
        "this_study": study,
        "document": here,
        "shown": digest_of(values_of(here)),
        "staff_place": "settings",
    }
    return render(request, "monitoring/settings/delete_draft.html", context)


@transaction.atomic
def _deleted(request: ResearcherRequest, study: Study, kind: str) -> bool:
    """Nothing that whoever deletes it has not seen; 404 where it was published meanwhile."""
    locked(study)
    here = find_draft(study, kind)
    if not is_as_shown(request, values_of(here)):
        words = _("The draft has changed since this page was made, so it is not deleted.")
        messages.warning(request, f"{words} {_('Please look again.')}")
        return False
    details = {"section": "documents", "kind": kind, "deleted_draft": here.version}
    delete_draft(document=here)
    record(request, study, StaffAction.Kind.SETTINGS, details, timezone.now())
    return True
