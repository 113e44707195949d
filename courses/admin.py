"""Drafts are edited here; what is published can be read, and stays as it is."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.forms import ModelForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.admin_pages import KeepsRows, confirm
from courses.forms import CompanionForm, MaterialForm, ModuleForm
from courses.models import Companion, Course, Edition, Material, Module
from courses.services import CannotDraft, CannotPublish, new_draft, note_edit, publish_edition


def _edition_of(row: Edition | Module | Material) -> Edition:
    if isinstance(row, Material):
        return row.module.edition
    return row.edition if isinstance(row, Module) else row


class DraftOnly:
    """For an edition and the rows below it: changes only while it is a draft."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._is_draft(obj) and super().has_add_permission(request, obj)  # type: ignore[misc]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._is_draft(obj) and super().has_change_permission(request, obj)  # type: ignore[misc]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._is_draft(obj) and super().has_delete_permission(request, obj)  # type: ignore[misc]

    def _is_draft(self, obj: Any) -> bool:
        return obj is None or _edition_of(obj).state == Edition.State.DRAFT


class DraftAdmin(DraftOnly, KeepsRows, admin.ModelAdmin):  # type: ignore[type-arg]
    """A page of a draft; what is saved on it is noted as work of somebody's hand."""

    def why_kept(self, row: Any, action: str) -> str:
        if self._is_draft(row):
            return ""
        return _(
            "This edition is published. It cannot be changed or deleted, because people may have "
            "been given it. To change something, make a new draft of the course."
        )

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Weeks are added on their edition's page, and materials on their week's."""
        return False

    def save_related(
        self, request: HttpRequest, form: "ModelForm[Any]", formsets: Any, change: Any
    ) -> None:
        super().save_related(request, form, formsets, change)
        note_edit(edition=_edition_of(form.instance), now=timezone.now())

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        if not isinstance(obj, Edition):
            note_edit(edition=_edition_of(obj), now=timezone.now())
        super().delete_model(request, obj)


class ModuleInline(DraftOnly, admin.TabularInline):  # type: ignore[type-arg]
    model = Module
    fields = ("week", "title")
    extra = 0
    show_change_link = True


class CompanionInline(DraftOnly, admin.StackedInline):  # type: ignore[type-arg]
    """With all its words: there are two at most, and no page of their own."""

    model = Companion
    form = CompanionForm
    extra = 0
    max_num = len(Companion.Kind)


class MaterialInline(DraftOnly, admin.TabularInline):  # type: ignore[type-arg]
    model = Material
    fields = ("position", "key", "kind", "title")
    extra = 0
    show_change_link = True


@admin.register(Course)
class CourseAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("title", "slug", "language")
    prepopulated_fields = {"slug": ("title",)}

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.new_draft)
        own = path("<int:pk>/new-draft/", view, name="courses_course_new_draft")
        return [own, *super().get_urls()]

    def new_draft(self, request: HttpRequest, pk: int) -> HttpResponse:
        course = self.get_object(request, str(pk))
        if course is None:
            raise Http404
        if not self.has_change_permission(request, course):
            raise PermissionDenied
        if request.method != "POST":
            return confirm(request, self, course, _words_for_draft(course))
        try:
            draft = new_draft(course=course, now=timezone.now())
        except CannotDraft as error:
            messages.error(request, str(error))
            return redirect("admin:courses_course_change", course.pk)
        messages.success(request, _("%s is ready to be edited.") % draft)
        return redirect("admin:courses_edition_change", draft.pk)


@admin.register(Edition)
class EditionAdmin(DraftAdmin):
    list_display = ("__str__", "state", "published_at")
    list_filter = ("course", "state")
    list_select_related = ("course",)
    readonly_fields = (
        *("course", "number", "state", "created_at", "published_at", "edited_at"),
        "content_hash",
    )
    inlines = (ModuleInline, CompanionInline)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.publish)
        own = path("<int:pk>/publish/", view, name="courses_edition_publish")
        return [own, *super().get_urls()]

    def publish(self, request: HttpRequest, pk: int) -> HttpResponse:
        edition = self.get_object(request, str(pk))
        if edition is None:
            raise Http404
        if kept := self.kept(request, str(pk), "change"):
            return kept
        if not self.has_change_permission(request, edition):
            raise PermissionDenied
        if request.method != "POST":
            return confirm(request, self, edition, _words_for_publishing(edition))
        try:
            publish_edition(edition=edition, now=timezone.now())
        except CannotPublish as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("%s is published.") % edition)
        return redirect("admin:courses_edition_change", edition.pk)


@admin.register(Module)
class ModuleAdmin(DraftAdmin):
    form = ModuleForm
    inlines = (MaterialInline,)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Reached from its edition, and so not in the admin's first list."""
        return False


@admin.register(Material)
class MaterialAdmin(DraftAdmin):
    form = MaterialForm

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Reached from its week, and so not in the admin's first list."""
        return False


def _words_for_draft(course: Course) -> dict[str, Any]:
    return {
        "title": _("New draft"),
        "button": _("Yes, make a draft"),
        "sentences": [
            _("The draft begins as a copy of the newest published edition."),
            _("Nobody who takes part sees it before it is published."),
        ],
    }


def _words_for_publishing(edition: Edition) -> dict[str, Any]:
    weeks = [str(module) for module in edition.modules.all()]
    beside = [str(companion) for companion in edition.companions.all()]
    return {
        "title": _("Publish edition %d") % edition.number,
        "button": _("Yes, publish edition %d") % edition.number,
        "sentences": [
            *weeks,
            *beside,
            _("Once published, these words and media cannot be changed or deleted."),
            _("Those who take part already keep the edition they joined with."),
            _("A study gives this edition to new people once you choose it there."),
        ],
    }
