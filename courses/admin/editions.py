"""An edition with its weeks and the texts beside them, and the way to publish it."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.admin.drafts import DraftAdmin, DraftInline
from courses.admin.pages import confirm
from courses.admin.telling import as_read
from courses.comparison.pages import IsCompared
from courses.forms import CompanionForm, ModuleRowForm
from courses.models import Companion, Edition, Module
from courses.services import CannotPublish, publish_edition
from courses.travel.pages import GoesOut


class ModuleInline(DraftInline, admin.TabularInline):  # type: ignore[type-arg]
    model = Module
    form = ModuleRowForm
    fields = ("week", "title", "seen")
    read = ("week", "title")
    show_change_link = True


class CompanionInline(DraftInline, admin.StackedInline):  # type: ignore[type-arg]
    """With all its words: there are two at most, and no page of their own."""

    model = Companion
    form = CompanionForm
    fields = ("kind", "title", "body", "seen")
    read = ("kind", "title", "body_read")
    readonly_fields = ("body_read",)
    max_num = len(Companion.Kind)

    @admin.display(description=gettext_lazy("text"))
    def body_read(self, companion: Companion) -> str:
        return as_read(companion.body)


@admin.register(Edition)
class EditionAdmin(GoesOut, IsCompared, DraftAdmin):
    change_form_template = "admin/courses/edition/change_form.html"
    list_display = ("__str__", "state", "published_at")
    list_filter = ("course", "state")
    list_select_related = ("course",)
    readonly_fields = ("state", "published_at", "edited_at")
    fields = readonly_fields
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
