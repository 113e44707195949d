"""The admin, behind the same door as the staff pages: an emailed code and the second step."""

from functools import partial, update_wrapper
from typing import Any

from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver, path
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from monitoring import second_step
from monitoring.editions.publishing import publish
from participants.models import User

_OF_PASSWORDS = {"password_change", "password_change_done"}


class StaffAdminSite(AdminSite):
    site_header = site_title = _("Four Weeks, admin")
    index_title = _("What you can change")
    site_url = "/staff/"

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """With the one page of courses that speaks of people, whom courses do not know, and without
        those on passwords, with which nobody signs in.
        """
        view = self.admin_view(partial(publish, site=self))
        name = "courses_edition_publish"
        own = path("courses/edition/<int:pk>/publish/", view, name=name)
        urls = super().get_urls()
        return [own, *(each for each in urls if getattr(each, "name", None) not in _OF_PASSWORDS)]

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """With how many bytes of words are taken at once, and the mark of a page of ours."""
        from courses.admin.old_forms import mark  # Whose package registers with the site itself.

        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        return {**super().each_context(request), "most_words": most, "mark": mark()}

    def has_permission(self, request: HttpRequest) -> bool:
        user = request.user
        return (
            isinstance(user, User)
            and super().has_permission(request)
            and not second_step.is_missing(user)
        )

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:  # noqa: FBT001, FBT002 - Django's own
        """Who was signed out while they wrote is shown their words, and not only the door."""
        guarded = super().admin_view(view, cacheable)

        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            return _words_of_signed_out(request) or guarded(request, *args, **kwargs)

        return update_wrapper(inner, guarded)

    @method_decorator(never_cache)
    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Nobody has a password here: strangers go to sign in, staff to what is missing."""
        wanted = _safe(request, request.GET.get("next", ""))
        user = request.user
        if not isinstance(user, User):
            return redirect_to_login(wanted)
        if not user.is_staff:
            raise PermissionDenied
        if second_step.is_missing(user):
            return second_step.to_set_up(request)
        return redirect(wanted)


def _words_of_signed_out(request: HttpRequest) -> HttpResponse | None:
    from courses.admin.old_forms import signed_out  # Likewise.

    if request.user.is_authenticated or request.method != "POST":
        return None
    return signed_out(request)


def _safe(request: HttpRequest, address: str) -> str:
    """`address`, if it leads to a page of this site; the admin's first page else."""
    hosts = {request.get_host()}
    return address if url_has_allowed_host_and_scheme(address, hosts) else "/admin/"
