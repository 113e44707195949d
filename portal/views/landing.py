"""The first page: the study that recruits, a choice of several, or a kind word for none."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from participants.places import is_full
from studies.models import Study


def landing(request: HttpRequest) -> HttpResponse:
    studies = list(
        Study.objects.recruiting(timezone.now()).select_related("edition__course").order_by("pk")
    )
    if not studies:
        return render(request, "portal/pages/nothing_now.html")
    if len(studies) > 1:
        choices = [(study, is_full(study)) for study in studies]
        return render(request, "portal/pages/several.html", {"choices": choices})
    context = {
        "study": studies[0],
        "modules": studies[0].edition.modules.order_by("week"),
        "is_full": is_full(studies[0]),
        "source": request.GET.get("from", ""),
    }
    return render(request, "portal/pages/landing.html", context)
