"""One week of an edition, with what there is to watch, read and do in it."""

from django.contrib import admin
from django.http import HttpRequest

from courses.admin.drafts import DraftAdmin, DraftOnly
from courses.forms import ModuleForm
from courses.models import Material, Module


class MaterialInline(DraftOnly, admin.TabularInline):  # type: ignore[type-arg]
    model = Material
    fields = ("position", "key", "kind", "title")
    extra = 0
    show_change_link = True


@admin.register(Module)
class ModuleAdmin(DraftAdmin):
    form = ModuleForm
    inlines = (MaterialInline,)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Reached from its edition, and so not in the admin's first list."""
        return False
