"""The pages for what goes wrong: each says what happened, and what to do next."""

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse

from courses.admin.old_forms import grown_old, signed_out


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig):
        most = {"most": settings.DATA_UPLOAD_MAX_MEMORY_SIZE}
        return render(request, "413.html", most, status=413)
    return render(request, "400.html", status=400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", status=403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Drawn without the request: what failed may be the database that the page's frame asks."""
    return HttpResponse(render_to_string("500.html"), status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Most often a page left open over a sign-in: going back and reloading mends it.

    In the admin what was written there is shown, to be copied.
    """
    in_admin = request.path.startswith(reverse("admin:index"))
    kept = _words_written(request) if in_admin else None
    return kept or render(request, "403_csrf.html", status=403)


def _words_written(request: HttpRequest) -> HttpResponse | None:
    try:
        return grown_old(request) if request.user.is_authenticated else signed_out(request)
    except UnreadablePostError:  # It broke off on its way, and nobody waits for an answer.
        return None
