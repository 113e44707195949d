"""Pages that anybody can read at any time: help, privacy, accessibility."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.utils import timezone
from django.views.decorators.cache import cache_control

from portal.context_processors import study_here
from studies import helplines
from studies.models import Document, Study


def help_now(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/pages/help.html", {"help": helplines})


def privacy(request: HttpRequest) -> HttpResponse:
    """What is true of the whole site, and each study's own notice, dates and contacts."""
    here = study_here(request)
    studies = [here] if here else list(Study.objects.recruiting(timezone.now()))
    notices = [
        (study, Document.objects.in_force(study, Document.Kind.PRIVACY)) for study in studies
    ]
    return render(request, "portal/pages/privacy.html", {"notices": notices})


def robots(request: HttpRequest) -> HttpResponse:
    """Search engines may know of the first page and of help, and of nothing that people do here."""
    lines = ["User-agent: *", "Allow: /$", "Allow: /help/", "Disallow: /", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@cache_control(max_age=24 * 60 * 60)
def icon(request: HttpRequest) -> HttpResponse:
    """Browsers ask here for pages that name none: those of the admin."""
    return redirect(static("img/circles.svg"))


def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/pages/accessibility.html")
