"""One thing to watch, read or do."""

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from courses.admin.drafts import DraftAdmin
from courses.forms import MaterialForm
from courses.models import Material


@admin.register(Material)
class MaterialAdmin(DraftAdmin):
    form = MaterialForm
    fieldsets = (
        (None, {"fields": ("position", "key", "kind", "title", "summary")}),
        (_("To read"), {"fields": ("body",)}),
        (_("To watch or to listen to"), {"fields": ("file", "duration", "captions", "poster")}),
        (_("Beside it"), {"fields": ("transcript", "chapters", "alternative_to")}),
    )

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Reached from its week, and so not in the admin's first list."""
        return False
