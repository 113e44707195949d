"""Studies are set up here, in plain words. What people agreed to stays as they read it."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Max, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.admin.pages import KeepsRows, confirm
from studies import publishing
from studies.forms import DocumentForm, StudyForm
from studies.models import (
    ConsentStatement,
    Document,
    EligibilityCriterion,
    ScreeningTally,
    Study,
)
from studies.services import (
    CannotMakeVersion,
    CannotPublish,
    NotReady,
    close_study,
    new_version,
    open_study,
    publish_document,
)

_Widgets = Mapping[type["models.Field[Any, Any]"], Mapping[str, Any]]
_FEW_LINES: _Widgets = {models.TextField: {"widget": forms.Textarea(attrs={"rows": 3, "cols": 60})}}
_MANY_LINES: _Widgets = {
    models.TextField: {"widget": forms.Textarea(attrs={"rows": 24, "cols": 100})}
}


class CriterionInline(admin.StackedInline):  # type: ignore[type-arg]
    model = EligibilityCriterion
    extra = 0
    formfield_overrides = _FEW_LINES
    fieldsets = (
        (None, {"fields": ("position", "key", "question", "hint", "why")}),
        (
            gettext_lazy("The answers, and what happens then"),
            {"fields": ("yes_label", "no_label", "admits_yes", "declined_text", "way_out")},
        ),
    )


@admin.register(Study)
class StudyAdmin(KeepsRows, admin.ModelAdmin):  # type: ignore[type-arg]
    form = StudyForm
    formfield_overrides = _FEW_LINES
    list_display = ("public_name", "purpose", "state", "edition")
    list_filter = ("purpose", "state")
    list_select_related = ("edition__course",)
    prepopulated_fields = {"slug": ("public_name",)}
    readonly_fields = ("state",)
    inlines = (CriterionInline,)
    actions = ("open_to_new_people", "close_to_new_people")
    fieldsets = (
        (
            None,
            {
                "fields": ("public_name", "neutral_name", "slug", "purpose", "state", "edition"),
                "description": gettext_lazy(
                    "To let people join, save the study, choose it in the list of studies, and "
                    "take the action “Open to new people”. If something is missing, it says what."
                ),
            },
        ),
        (
            gettext_lazy("Who runs it, and who people can turn to"),
            {
                "fields": (
                    *("institution", "lead_name", "ethics_reference"),
                    *("contact_email", "complaints_contact"),
                )
            },
        ),
        (
            gettext_lazy("When people can join"),
            {
                "fields": ("recruiting_from", "recruiting_until", "capacity", "default_zone"),
                "description": gettext_lazy("The two times are UTC."),
            },
        ),
        (gettext_lazy("In the weeks and after"), {"fields": ("nudges", "access_months")}),
        (
            gettext_lazy("How long data are kept"),
            {"fields": ("deletion_cutoff", "retention_until")},
        ),
    )

    def get_readonly_fields(
        self, request: HttpRequest, obj: Study | None = None
    ) -> tuple[str, ...]:
        """The address and the purpose are promises once people could see them."""
        if obj is None or obj.state == Study.State.DRAFT:
            return self.readonly_fields
        return (*self.readonly_fields, "slug", "purpose")

    def get_prepopulated_fields(
        self, request: HttpRequest, obj: Study | None = None
    ) -> dict[str, Sequence[str]]:
        if "slug" in self.get_readonly_fields(request, obj):
            return {}
        return super().get_prepopulated_fields(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Study | None = None) -> bool:
        if obj is not None and obj.state != Study.State.DRAFT:
            return False
        return super().has_delete_permission(request, obj)

    def why_kept(self, row: Study, action: str) -> str:
        if action != "delete" or row.state == Study.State.DRAFT:
            return ""
        return _("This study has been open to people, and so it is kept. You can close it.")

    @admin.action(description=gettext_lazy("Open to new people"), permissions=["change"])
    def open_to_new_people(self, request: HttpRequest, studies: QuerySet[Study]) -> None:
        for study in studies:
            try:
                open_study(study=study, now=timezone.now())
            except NotReady as error:
                for sentence in error.sentences:
                    messages.error(request, f"{study}: {sentence}")
            else:
                messages.success(request, _("%s is open to new people.") % study)

    @admin.action(description=gettext_lazy("Close to new people"), permissions=["change"])
    def close_to_new_people(self, request: HttpRequest, studies: QuerySet[Study]) -> None:
        for study in studies:
            close_study(study=study)
            messages.success(
                request, _("%s is closed to new people. Those who joined go on.") % study
            )


class _DraftOnly:
    """For a document and its statements: changes as long as it is a draft."""

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _is_draft(obj) and super().has_change_permission(request, obj)  # type: ignore[misc]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _is_draft(obj) and super().has_delete_permission(request, obj)  # type: ignore[misc]


def _is_draft(obj: Any) -> bool:
    return not (isinstance(obj, Document) and obj.is_published)


class StatementInline(_DraftOnly, admin.StackedInline):  # type: ignore[type-arg]
    model = ConsentStatement
    fields = ("position", "key", "text", "required")
    extra = 0
    formfield_overrides = _FEW_LINES

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _is_draft(obj) and super().has_add_permission(request, obj)


@admin.register(Document)
class DocumentAdmin(_DraftOnly, KeepsRows, admin.ModelAdmin):  # type: ignore[type-arg]
    form = DocumentForm
    formfield_overrides = _MANY_LINES
    list_display = ("title", "study", "kind", "version", "state", "published_at")
    list_filter = ("study", "kind", "state")
    list_select_related = ("study",)
    fields = (
        *("study", "kind", "version", "state", "published_at"),
        *("title", "body", "requires_new_consent"),
    )
    readonly_fields = ("version", "state", "published_at")
    inlines = (StatementInline,)
    actions = ("make_new_version",)

    def get_readonly_fields(
        self, request: HttpRequest, obj: Document | None = None
    ) -> tuple[str, ...]:
        return self.readonly_fields if obj is None else (*self.readonly_fields, "study", "kind")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.publish)
        own = path("<int:pk>/publish/", view, name="studies_document_publish")
        return [own, *super().get_urls()]

    def why_kept(self, row: Document, action: str) -> str:
        return "" if _is_draft(row) else str(publishing.KEPT)

    def save_model(self, request: HttpRequest, obj: Document, form: Any, change: bool) -> None:  # noqa: FBT001 - Django's own
        if not change:
            newest = obj.study.documents.filter(kind=obj.kind).aggregate(newest=Max("version"))
            obj.version = (newest["newest"] or 0) + 1
        super().save_model(request, obj, form, change)

    def publish(self, request: HttpRequest, pk: int) -> HttpResponse:
        document = self.get_object(request, str(pk))
        if document is None:
            raise Http404
        if kept := self.kept(request, str(pk), "change"):
            return kept
        if not self.has_change_permission(request, document):
            raise PermissionDenied
        if request.method != "POST":
            return confirm(request, self, document, publishing.words(document))
        try:
            publish_document(document=document, now=timezone.now())
        except CannotPublish as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("%s is published.") % document)
        return redirect("admin:studies_document_change", document.pk)

    @admin.action(description=gettext_lazy("Make a new version to edit"), permissions=["change"])
    def make_new_version(self, request: HttpRequest, documents: QuerySet[Document]) -> None:
        for document in documents:
            try:
                draft = new_version(document=document)
            except CannotMakeVersion as error:
                messages.error(request, f"{document}: {error}")
            else:
                messages.success(request, _("%s is ready to be edited.") % draft)


@admin.register(ScreeningTally)
class ScreeningTallyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """To be read: counts that are made as people answer."""

    list_display = ("study", "day", "source", "unmet", "count")
    list_filter = ("study", "day")
    list_select_related = ("study",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
