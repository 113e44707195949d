"""Stopping the mails, from the mail itself, without signing in: RFC 8058 and a page for people.

A mail program posts `List-Unsubscribe=One-Click`, without cookies, and wants no more than a 200;
the button on the page posts the same. There is nothing here to protect against forgery but the
signed token, so the CSRF check, which needs a cookie, is left out.
"""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from scheduling import links, services


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop_mail(request: HttpRequest, token: str) -> HttpResponse:
    try:
        enrolment = links.read_stop(token)
    except links.LinkForged:
        return render(request, "portal/links/forged.html", status=HTTPStatus.NOT_FOUND)
    if request.method == "POST" and request.POST.get("List-Unsubscribe") == "One-Click":
        services.stop_mail(enrolment=enrolment, now=timezone.now())
        return render(request, "portal/links/stopped.html")
    return render(request, "portal/links/stop.html")
