"""For machines that watch over this one. Open to all, and so without a word about anybody."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from monitoring.health import parts


@never_cache
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """200 for as long as this process serves: "ok", or a line for each thing that is wrong."""
    complaints = [part.complaint for part in parts(timezone.now()) if not part.is_well]
    words = "\n".join(complaints or ["ok"]) + "\n"
    return HttpResponse(words, content_type="text/plain; charset=utf-8")


@never_cache
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """200 when all is well, else 503; each part by name, "ok" or a sentence."""
    found = parts(timezone.now())
    is_well = all(part.is_well for part in found)
    content = {"ready": is_well, "parts": {part.name: part.complaint or "ok" for part in found}}
    return JsonResponse(content, status=200 if is_well else 503)
