"""One week of an edition, with what there is to watch, read and do in it."""

from django.contrib import admin
from django.http import HttpRequest

from courses.admin.drafts import DraftAdmin, DraftInline
from courses.forms import MaterialRowForm, ModuleForm
from courses.models import Material, Module


class MaterialInline(DraftInline, admin.TabularInline):  # type: ignore[type-arg]
    model = Material
    form = MaterialRowForm
    fields = ("position", "key", "kind", "title", "seen")
    show_change_link = True


@admin.register(Module)
class ModuleAdmin(DraftAdmin):
    form = ModuleForm
    fields = ("title", "aim", "introduction", "practice")
    inlines = (MaterialInline,)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Reached from its edition, and so not in the admin's first list."""
        return False
