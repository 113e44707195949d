"""The weekly link: a page with one button. Looking at it changes nothing and names nobody.

Mail scanners fetch links, some of them again and again; so only the button, a POST with a CSRF
token, opens the visit. It never signs anyone in: see `portal.access`.
"""

from datetime import datetime, timedelta
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from portal.access import CHOSEN, link_enrolment, open_link_session
from portal.joining import invited
from scheduling import links, prompts, services
from scheduling.links import Link
from scheduling.models import Kind, Prompt
from scheduling.models.wording import INVITING

# Whoever finds an old link cannot fill its owner's mailbox with it.
_BETWEEN_COPIES = timedelta(hours=1)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def go(request: HttpRequest, token: str) -> HttpResponse:
    now = timezone.now()
    try:
        link = links.read(token, now=now)
    except (links.LinkForged, links.LinkUnusable) as problem:
        return _unusable(request, token, problem)
    if _is_someone_elses(request, link):
        return render(request, "portal/links/other.html", status=HTTPStatus.FORBIDDEN)
    if request.method == "POST":
        return _open(request, link, now)
    return _page(request, link.prompt)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_link(request: HttpRequest, token: str) -> HttpResponse:
    """The answer is the same whether or not there was someone to write to."""
    if request.method != "POST":
        return redirect("portal:go", token)
    now = timezone.now()
    expired = _expired(token, now)
    if expired is not None:
        _send_again(expired, now)
    return render(request, "portal/links/again.html")


def _expired(token: str, now: datetime) -> Prompt | None:
    """The prompt whose link has run out; None for a link that works, and for any other."""
    try:
        links.read(token, now=now)
    except links.LinkExpired as expired:
        return expired.prompt
    except (links.LinkForged, links.LinkUnusable):
        return None
    return None


def _is_someone_elses(request: HttpRequest, link: Link) -> bool:
    """Whether the pages open in this browser, by code or by an earlier link, are another's."""
    if request.user.is_authenticated:
        return request.user.pk != link.enrolment.user_id
    held = link_enrolment(request)
    return held is not None and held.user_id != link.enrolment.user_id


def _page(request: HttpRequest, prompt: Prompt) -> HttpResponse:
    if prompt.kind in INVITING:
        study = {"study": prompt.enrolment.study}
        return render(request, "portal/links/invitation.html", study)
    context = {"is_session": _week_of(prompt), "is_first": prompt.kind == Kind.ELSEWHERE}
    return render(request, "portal/links/link.html", context)


def _open(request: HttpRequest, link: Link, now: datetime) -> HttpResponse:
    prompts.settle_by_link(link.prompt, now=now)
    if link.prompt.kind in INVITING:
        # Whatever became of it since: it leads to what everyone may read, and to no one's pages.
        invited.hold(request, link.enrolment)
        return redirect("portal:join", link.enrolment.study.slug)
    if request.user.is_authenticated:
        request.session[CHOSEN] = link.enrolment.pk
    else:
        open_link_session(request, link.enrolment, now=now)
    week = _week_of(link.prompt)
    return redirect(reverse("portal:week", args=[week]) if week else reverse("portal:home"))


def _week_of(prompt: Prompt) -> int | None:
    return prompt.occurrence if prompt.kind in {Kind.SESSION, Kind.NUDGE} else None


def _unusable(request: HttpRequest, token: str, problem: Exception) -> HttpResponse:
    """Each case is a sentence, and a way on."""
    if isinstance(problem, links.LinkExpired):
        page, status = "expired", HTTPStatus.GONE
    elif isinstance(problem, links.LinkWithdrawn):
        page, status = "withdrawn", HTTPStatus.GONE
    elif isinstance(problem, links.InvitationOver):
        page, status = "invitation_over", HTTPStatus.GONE
    elif isinstance(problem, links.LinkOutdated):
        page, status = "outdated", HTTPStatus.GONE
    else:
        page, status = "forged", HTTPStatus.NOT_FOUND
    return render(request, f"portal/links/{page}.html", {"token": token}, status=status)


def _send_again(prompt: Prompt, now: datetime) -> None:
    copies = Prompt.objects.filter(
        enrolment=prompt.enrolment, kind=prompt.kind, occurrence=prompt.occurrence
    )
    if not copies.filter(due_at__gt=now - _BETWEEN_COPIES).exists():
        services.send_again(prompt=prompt, now=now)
