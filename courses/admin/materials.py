"""One thing to watch, read or do."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from courses.admin.drafts import DraftAdmin
from courses.admin.telling import as_read
from courses.forms import MaterialForm
from courses.models import Material
from courses.uploads.admin import ReceivesFiles

FILES = (_("To watch or to listen to"), {"fields": ("file", "captions", "poster")})


@admin.register(Material)
class MaterialAdmin(ReceivesFiles, DraftAdmin):
    form = MaterialForm
    preview = "preview:material"
    read = ("kind", "title", "summary", "body_read")
    fieldsets = (
        (None, {"fields": ("position", "key", "kind", "title", "summary")}),
        (_("To read"), {"fields": ("body",)}),
        (_("Beside it"), {"fields": ("transcript", "chapters", "alternative_to")}),
    )

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Files last: where one is too large, what stands below it is not read."""
        return [*super().get_fieldsets(request, obj), FILES]

    @admin.display(description=_("text"))
    def body_read(self, material: Material) -> str:
        return as_read(material.body)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Reached from its week, and so not in the admin's first list."""
        return False
