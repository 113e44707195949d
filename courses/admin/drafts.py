"""Drafts are edited here; what is published can be read, and stays as it is."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.admin.pages import KeepsRows
from courses.admin.policy import for_editors
from courses.admin.rows import above, address_of, edition_of
from courses.admin.telling import Written, surroundings, tell, written_in
from courses.forms.meanwhile import MeanwhileForm
from courses.forms.whole import mark_of_whole
from courses.models import Edition
from courses.services import note_edit


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


class DraftInline(DraftOnly):
    """Rows of a draft on the page above theirs; `fields` end with "seen", which is not `read`."""

    extra = 0
    read: tuple[str, ...] = ()

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if self.has_change_permission(request, obj):
            return super().get_fields(request, obj)  # type: ignore[misc]
        return self.read


_FOUND = 302
SEEN = (None, {"fields": ("seen",), "classes": ("hidden",)})


class DraftAdmin(DraftOnly, KeepsRows, admin.ModelAdmin):  # type: ignore[type-arg]
    """A page of a draft; what is saved on it is noted as work of somebody's hand.

    Its form is a `MeanwhileForm`, and so are those of its inlines: they carry along what their
    editor was shown.
    """

    change_form_template = "admin/courses/change_form.html"
    # The page as people see it: a name of portal.previews.urls, which takes the row's key.
    preview = ""
    # What is shown of a row that nobody can change.
    read: tuple[str, ...] = ()

    def why_kept(self, row: Any, action: str) -> str:
        if self.is_draft(row):
            return ""
        return _(
            "This edition is published. It cannot be changed or deleted, because people may have "
            "been given it. To change something, make a new draft of the course."
        )

    def written(self, request: HttpRequest) -> list[Written]:
        return written_in(request.POST)

    def _get_obj_does_not_exist_redirect(
        self, request: HttpRequest, opts: Any, object_id: str
    ) -> HttpResponse:
        """Deleted while somebody wrote: then their words are shown, and not thrown away."""
        if request.method != "POST":
            return super()._get_obj_does_not_exist_redirect(request, opts, object_id)  # type: ignore[misc,no-any-return]
        words = {
            **self.admin_site.each_context(request),
            "title": _("This is not there any more"),
            "sentences": [_("Somebody else deleted it while you were writing.")],
            "yours": self.written(request),
            "subject": _("Editions"),
            "back": reverse("admin:courses_edition_changelist"),
        }
        return TemplateResponse(request, "admin/kept.html", words, status=404)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Weeks are added on their edition's page, and materials on their week's."""
        return False

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """With what the editor was shown; where there is nothing to change, as it is read."""
        if self.read and not self.has_change_permission(request, obj):
            return [(None, {"fields": self.read})]
        carries = issubclass(self.form, MeanwhileForm) and self.has_change_permission(request, obj)
        shown = [SEEN] if carries else []
        return [*super().get_fieldsets(request, obj), *shown]

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """One editor of an edition at a time, so that what a form compares with stays so."""
        with transaction.atomic():
            self._held(request, object_id)
            return super().changeform_view(request, object_id, form_url, extra_context)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Likewise; and what somebody else changed since it was shown is shown once more."""
        with transaction.atomic():
            row = self._held(request, object_id)
            shown = mark_of_whole(row) if row is not None else ""
            is_old = request.method == "POST" and request.POST.get("shown", shown) != shown
            if is_old and self.has_delete_permission(request, row):
                said = _(
                    "Somebody else changed this since you opened the page. Look at it before you "
                    "delete it."
                )
                messages.warning(request, said)
                return redirect(request.path)
            response = super().delete_view(
                request, object_id, {"shown": shown, **(extra_context or {})}
            )
            return _above(row) or response if response.status_code == _FOUND else response

    def _held(self, request: HttpRequest, object_id: str | None) -> Any:
        """The row, where it is written to with its edition locked until the transaction ends."""
        row = self.get_object(request, unquote(object_id or ""))
        if request.method == "POST" and row is not None:
            Edition.objects.select_for_update().get(pk=edition_of(row).pk)
        return row

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        row = context.get("original")
        if row is not None:
            context.update(surroundings(row, why_kept=self.why_kept(row, "change")))
            context["preview"] = self.preview
        context["both"] = [both for form in _forms(context) for both in getattr(form, "both", [])]
        response = super().render_change_form(request, context, *args, **kwargs)
        return for_editors(response, context["media"])

    def save_related(
        self, request: HttpRequest, form: "ModelForm[Any]", formsets: Any, change: Any
    ) -> None:
        super().save_related(request, form, formsets, change)
        note_edit(edition=edition_of(form.instance), now=timezone.now())
        tell(request, [form, *(each for formset in formsets for each in formset.forms)])

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        """“Save and see it” leads to the page as people see it."""
        if "_see" in request.POST and self.preview:
            messages.success(request, _("“%s” is saved.") % obj)
            return redirect(self.preview, obj.pk)
        return super().response_change(request, obj)

    def response_post_save_change(self, request: HttpRequest, obj: Any) -> HttpResponseRedirect:
        return _above(obj) or super().response_post_save_change(request, obj)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        if not isinstance(obj, Edition):
            note_edit(edition=edition_of(obj), now=timezone.now())
        super().delete_model(request, obj)


class ListedAbove(DraftAdmin):
    """For rows that are listed on the page above theirs. A list of their own would name each of
    them once for every edition, and not say for which.
    """

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return redirect("admin:courses_edition_changelist")


def _above(row: Any) -> HttpResponseRedirect | None:
    """To what stands beside it; a list of all weeks, or materials, would not say of which draft."""
    page = above(row) if row is not None else None
    return redirect(address_of(page)) if page is not None else None


def _forms(context: dict[str, Any]) -> list[Any]:
    inlines = context.get("inline_admin_formsets", [])
    beside = [form for inline in inlines for form in inline.formset.forms]
    return [context["adminform"].form, *beside]
