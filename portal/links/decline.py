"""Declining an invitation, or what others say one agreed to: from the mail, without signing in.

As with stopping mails (RFC 8058), a mail program posts `List-Unsubscribe=One-Click` without
cookies, and the button on the page posts the same; the signed token is all that it needs. The page
is the same whatever became of the invitation, since whoever was passed the mail may look too.
"""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from participants.inviting import agreed_elsewhere
from scheduling import links, services


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def decline(request: HttpRequest, token: str) -> HttpResponse:
    try:
        enrolment, mark = links.read_decline(token)
    except links.LinkForged:
        return render(request, "portal/links/forged.html", status=HTTPStatus.NOT_FOUND)
    context = {"study": enrolment.study, "is_enrolled": agreed_elsewhere(enrolment)}
    if request.method == "POST" and request.POST.get("List-Unsubscribe") == "One-Click":
        services.decline(enrolment=enrolment, mark=mark, now=timezone.now())
        return render(request, "portal/links/declined.html", context)
    return render(request, "portal/links/decline.html", context)
