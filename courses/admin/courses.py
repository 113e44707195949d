"""A course, and the way to a new draft of it."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.admin.pages import KeepsRows, confirm
from courses.forms import CourseForm
from courses.models import Course, Edition
from courses.services import CannotDraft, new_draft
from courses.travel.pages import ComesIn


@admin.register(Course)
class CourseAdmin(ComesIn, KeepsRows, admin.ModelAdmin):  # type: ignore[type-arg]
    form = CourseForm
    list_display = ("title", "newest", "draft")
    prepopulated_fields = {"slug": ("title",)}

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.new_draft)
        own = path("<int:pk>/new-draft/", view, name="courses_course_new_draft")
        return [own, *super().get_urls()]

    @admin.display(description=gettext_lazy("published"))
    def newest(self, course: Course) -> str:
        return _link_to(course.editions.published().first())

    @admin.display(description=gettext_lazy("draft"))
    def draft(self, course: Course) -> str:
        return _link_to(course.editions.drafts().first())

    def has_delete_permission(self, request: HttpRequest, obj: Course | None = None) -> bool:
        return not _was_published(obj) and super().has_delete_permission(request, obj)

    def why_kept(self, row: Course, action: str) -> str:
        if action != "delete" or not _was_published(row):
            return ""
        return _("This course is kept, because people may have been given one of its editions.")

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """A course is deleted on its own page, one at a time."""
        return {}

    def new_draft(self, request: HttpRequest, pk: int) -> HttpResponse:
        course = self.get_object(request, str(pk))
        if course is None:
            raise Http404
        if not self.has_change_permission(request, course):
            raise PermissionDenied
        if request.method != "POST":
            return confirm(request, self, course, _words_for_draft(course))
        try:
            draft = new_draft(course=course, now=timezone.now())
        except CannotDraft as error:
            messages.error(request, str(error))
            return redirect("admin:courses_course_change", course.pk)
        messages.success(request, _("%s is ready to be edited.") % draft)
        return redirect("admin:courses_edition_change", draft.pk)


def _was_published(course: Course | None) -> bool:
    return course is not None and course.editions.published().exists()


def _link_to(edition: Edition | None) -> str:
    if edition is None:
        return ""
    address = reverse("admin:courses_edition_change", args=[edition.pk])
    words = _("Edition %d") % edition.number
    return format_html('<a href="{}">{}</a>', address, words)


def _words_for_draft(course: Course) -> dict[str, Any]:
    return {
        "title": _("New draft"),
        "button": _("Yes, make a draft"),
        "sentences": [
            _("The draft begins as a copy of the newest published edition."),
            _("Nobody who takes part sees it before it is published."),
        ],
    }
