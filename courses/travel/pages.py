"""The admin's pages for courses that travel: an edition goes out as a zip, and one comes in."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    StreamingHttpResponse,
)
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from courses.loading import CourseFolderError
from courses.services import CannotDraft
from courses.travel import export
from courses.travel.parcel import NotTaken
from courses.travel.services import import_course
from courses.uploads.handler import refused_in

if TYPE_CHECKING:
    _Admin = admin.ModelAdmin[Any]
else:
    _Admin = object


class GoesOut(_Admin):
    """For the page of an edition."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.export)
        own = path("<int:pk>/export/", view, name="courses_edition_export")
        return [own, *super().get_urls()]

    @method_decorator(require_safe)
    def export(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """To whoever may read it. To a HEAD the answer is the headers at once."""
        edition = self.get_object(request, str(pk))
        if edition is None:
            raise Http404
        if not self.has_view_permission(request, edition):
            raise PermissionDenied
        pieces = export.stream(edition) if request.method == "GET" else ()
        response = StreamingHttpResponse(pieces, content_type="application/zip")
        name = export.name_of(edition)
        response["Content-Disposition"] = f'attachment; filename="{name}.zip"'
        return response


class ParcelForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Zip with the course"),
        error_messages={
            name: gettext_lazy("Choose a zip with a course’s folder in it.")
            for name in ("required", "invalid", "missing", "empty")
        },
        widget=forms.FileInput(attrs={"accept": ".zip,application/zip"}),
    )

    def refuse(self, sentences: str | list[str]) -> None:
        self.errors["file"] = self.error_class(
            [sentences] if isinstance(sentences, str) else sentences
        )


class ComesIn(_Admin):
    """For the list of courses."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.import_zip)
        return [path("import/", view, name="courses_course_import"), *super().get_urls()]

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def import_zip(self, request: HttpRequest) -> HttpResponse:
        if not request.user.has_perms(("courses.add_course", "courses.add_edition")):
            raise PermissionDenied
        form = ParcelForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
        if refused := refused_in(request).get("file"):
            form.refuse(refused)
        elif form.is_valid() and (imported := _import(request, form)):
            return imported
        context = {
            **self.admin_site.each_context(request),
            "title": _("Bring in a course"),
            "form": form,
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/courses/course/import.html", context)


def _import(request: HttpRequest, form: ParcelForm) -> HttpResponse | None:
    """To the new draft; None where there is none, which the form then says."""
    try:
        draft = import_course(file=form.cleaned_data["file"], now=timezone.now())
    except (NotTaken, CannotDraft) as error:
        form.refuse(str(error))
        return None
    except CourseFolderError as error:
        form.refuse(error.sentences)
        return None
    messages.success(request, _("%s is ready to be edited.") % draft)
    return redirect("admin:courses_edition_change", draft.pk)
