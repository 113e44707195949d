"""What a page of the admin needs to take files."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from courses.uploads.fields import UploadField
from courses.uploads.forms import narrow
from courses.uploads.handler import refused_in

if TYPE_CHECKING:
    _Admin = admin.ModelAdmin[Any]
else:
    _Admin = object


class ReceivesFiles(_Admin):
    """For an admin whose form is a `FilesForm`; beside its pages, an address for files alone."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(require_http_methods(["GET", "POST"])(self.receive))
        own = path("<int:pk>/files/<slug:name>/", view, name="courses_material_receive")
        return [own, *super().get_urls()]

    def get_form(self, request: HttpRequest, obj: Any = None, *args: Any, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, *args, **kwargs)
        form.refused = refused_in(request)  # type: ignore[attr-defined]
        for name, field in form.base_fields.items():
            if obj is not None and isinstance(field, UploadField):
                address = reverse("admin:courses_material_receive", args=[obj.pk, name])
                field.widget.address = address
        return form

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Files that come with the form are kept before its draft is locked: a film takes its time,
        and with SQLite nobody else could write meanwhile.
        """
        if request.method == "POST" and request.FILES:
            self._take(request, object_id or "")
        return super().changeform_view(request, object_id, form_url, extra_context)

    def _take(self, request: HttpRequest, object_id: str) -> None:
        """Each as if it had come ahead. One that cannot serve is left for the form to refuse."""
        row = self.get_object(request, unquote(object_id))
        if row is None or not self.has_change_permission(request, row):
            return
        words = request.POST.copy()
        fields = self.get_form(request, row, fields=None).base_fields
        for name, field in fields.items():
            if name not in request.FILES or not isinstance(field, UploadField):
                continue
            narrow(field, words.get("kind") or row.kind)
            try:
                kept = field.clean(request.FILES[name])
            except ValidationError:  # the form comes to the same, and says it beside the field
                continue
            words[field.widget.token_name(name)] = kept.token
            for upload in request.FILES.pop(name):  # or nobody would close it
                upload.close()
        request.POST = words  # type: ignore[assignment]

    def receive(self, request: HttpRequest, pk: int, name: str) -> HttpResponse:
        """One file, ahead of its form: its token and what it is, or why it cannot serve.

        A GET gives what the page's posts need from whoever signed in again since it was made.
        """
        row = self.get_object(request, str(pk))
        if row is None:
            raise Http404
        if not self.has_change_permission(request, row):
            raise PermissionDenied
        # Of all fields: somebody else may have made another kind of it since the page was opened.
        field = self.get_form(request, row, fields=None).base_fields.get(name)
        if not isinstance(field, UploadField):
            raise Http404
        if request.method == "GET":
            return JsonResponse({"csrf": get_token(request)})
        narrow(field, request.POST.get("kind", ""))
        try:
            kept = field.clean(request.FILES.get(name))
        except ValidationError as refused:
            return _refused(" ".join(refused.messages))
        if kept is None:
            return _refused(refused_in(request).get(name) or _("No file came. Choose it again."))
        return JsonResponse({"token": kept.token, "said": str(kept)})

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: Any) -> None:
        super().save_related(request, form, formsets, change)
        for note in form.notes:
            messages.info(request, note)


def _refused(sentence: str) -> JsonResponse:
    return JsonResponse({"error": sentence}, status=422)
