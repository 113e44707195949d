"""For machines that watch over this one. Open to all, and so without a word about anybody."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from monitoring.health import snapshot
from monitoring.metrics import exposition


@never_cache
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """200 for as long as this process serves. It asks nothing and nobody."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@never_cache
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """200 when all is well, else 503; each part by name, "ok" or a sentence."""
    found = snapshot()
    parts = {part.name: part.complaint or "ok" for part in found.parts}
    content = {"ready": found.is_well, "parts": parts}
    return JsonResponse(content, status=200 if found.is_well else 503)


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """The same in numbers, for Prometheus. 200 also while a part is down: that is a number too."""
    return HttpResponse(exposition(snapshot()), content_type=CONTENT_TYPE_PLAIN_0_0_4)
