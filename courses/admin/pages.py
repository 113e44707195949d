"""Two pages of the admin that Django does not have: to ask before, and to say why not."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.contrib.auth import get_permission_codename
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from courses.admin.telling import Written

if TYPE_CHECKING:
    _Admin = admin.ModelAdmin[Any]
else:
    _Admin = object


def confirm(
    request: HttpRequest,
    model_admin: "admin.ModelAdmin[Any]",
    row: models.Model,
    words: dict[str, Any],
) -> HttpResponse:
    """Ask for a POST; `words` are `title`, `button` and `sentences` that say what will be."""
    return _page(request, model_admin, row, "admin/confirm.html", words)


class KeepsRows(_Admin):
    """Refuses a change of a frozen row with its own sentence, not with one about signing in.

    Only for those who have the right to change or delete rows of this kind; others get 403 as ever.
    """

    def why_kept(self, row: Any, action: str) -> str:
        """Why nobody can "change" or "delete" `row`; empty where those with the right can."""
        raise NotImplementedError

    def written(self, request: HttpRequest) -> list[Written]:
        """Names and words of what somebody wrote and cannot save, for them to copy."""
        return []

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        writes = object_id is not None and request.method == "POST"
        kept = self.kept(request, object_id, "change") if writes else None
        return kept or super().changeform_view(request, object_id, form_url, extra_context)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        kept = self.kept(request, object_id, "delete")
        return kept or super().delete_view(request, object_id, extra_context)

    def kept(self, request: HttpRequest, object_id: str | None, action: str) -> HttpResponse | None:
        """The page that says why not, with 403; None where nothing but rights stands in the way."""
        row = self.get_object(request, unquote(object_id or ""))
        codename = get_permission_codename(action, self.opts)
        if row is None or not request.user.has_perm(f"{self.opts.app_label}.{codename}"):
            return None
        sentence = self.why_kept(row, action)
        if not sentence:
            return None
        words = {
            "title": _("This stays as it is"),
            "sentences": [sentence],
            "yours": self.written(request),
        }
        return _page(request, self, row, "admin/kept.html", words, status=403)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Without deleting many at once, which would ask no row whether it is frozen."""
        return {
            name: action
            for name, action in super().get_actions(request).items()
            if name != "delete_selected"
        }


def _page(
    request: HttpRequest,
    model_admin: "admin.ModelAdmin[Any]",
    row: models.Model,
    template: str,
    words: dict[str, Any],
    status: int = 200,
) -> HttpResponse:
    back = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
    context = {**model_admin.admin_site.each_context(request), **words, "subject": row}
    return TemplateResponse(request, template, {**context, "back": back}, status=status)
