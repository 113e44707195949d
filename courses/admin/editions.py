"""An edition with its weeks and the texts beside them, and the ways that lead on from it."""

from django.contrib import admin
from django.utils.translation import gettext_lazy

from courses.admin.drafts import DraftAdmin, DraftInline
from courses.admin.telling import as_read
from courses.comparison.pages import IsCompared
from courses.forms import CompanionForm, ModuleRowForm
from courses.forms.rows import NamedFields, Weeks
from courses.models import Companion, Edition, Module
from courses.travel.pages import GoesOut


class ModuleInline(DraftInline, admin.TabularInline):  # type: ignore[type-arg]
    model = Module
    form = ModuleRowForm
    formset = Weeks
    fields = ("week", "title", "seen")
    read = ("week", "title")
    show_change_link = True


class CompanionInline(DraftInline, admin.StackedInline):  # type: ignore[type-arg]
    """With all its words: there are two at most, and no page of their own."""

    model = Companion
    form = CompanionForm
    formset = NamedFields
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
