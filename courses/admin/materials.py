"""One thing to watch, read or do."""

from django.contrib import admin
from django.http import HttpRequest

from courses.admin.drafts import DraftAdmin
from courses.forms import MaterialForm
from courses.models import Material


@admin.register(Material)
class MaterialAdmin(DraftAdmin):
    form = MaterialForm

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Reached from its week, and so not in the admin's first list."""
        return False
