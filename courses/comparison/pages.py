"""The admin's page that shows an edition beside the one before it."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from courses.comparison.editions import compare
from courses.models import Edition

if TYPE_CHECKING:
    _Admin = admin.ModelAdmin[Any]
else:
    _Admin = object


class IsCompared(_Admin):
    """For the page of an edition."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.compare)
        own = path("<int:pk>/compare/", view, name="courses_edition_compare")
        return [own, *super().get_urls()]

    @method_decorator(require_safe)
    def compare(self, request: HttpRequest, pk: int) -> HttpResponse:
        edition = self.get_object(request, str(pk))
        if edition is None:
            raise Http404
        if not self.has_view_permission(request, edition):
            raise PermissionDenied
        before = published_before(edition)
        context = {
            **self.admin_site.each_context(request),
            "title": _("What changes with edition %d") % edition.number,
            "edition": edition,
            "before": before,
            "comparison": compare(before, edition),
        }
        return TemplateResponse(request, "admin/courses/edition/compare.html", context)


def published_before(edition: Edition) -> Edition | None:
    """The newest published edition of those with a lower number."""
    return edition.course.editions.published().filter(number__lt=edition.number).first()
