"""Drafts are edited here; what is published can be read, and stays as it is."""

from typing import Any

from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.admin.pages import KeepsRows
from courses.models import Edition, Material, Module
from courses.services import note_edit


def edition_of(row: Edition | Module | Material) -> Edition:
    if isinstance(row, Material):
        return row.module.edition
    return row.edition if isinstance(row, Module) else row


class DraftOnly:
    """For an edition and the rows below it: changes only while it is a draft."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.is_draft(obj) and super().has_add_permission(request, obj)  # type: ignore[misc]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.is_draft(obj) and super().has_change_permission(request, obj)  # type: ignore[misc]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.is_draft(obj) and super().has_delete_permission(request, obj)  # type: ignore[misc]

    def is_draft(self, obj: Any) -> bool:
        return obj is None or edition_of(obj).state == Edition.State.DRAFT


class DraftAdmin(DraftOnly, KeepsRows, admin.ModelAdmin):  # type: ignore[type-arg]
    """A page of a draft; what is saved on it is noted as work of somebody's hand."""

    def why_kept(self, row: Any, action: str) -> str:
        if self.is_draft(row):
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
        note_edit(edition=edition_of(form.instance), now=timezone.now())

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        if not isinstance(obj, Edition):
            note_edit(edition=edition_of(obj), now=timezone.now())
        super().delete_model(request, obj)
