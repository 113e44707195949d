"""The one address that our mail provider reports to, if there is one.

Nothing of a report, of who sends it or of whom it is about goes to the log or into an answer.
"""

import logging
import re

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.views.decorators.csrf import csrf_exempt

from scheduling.hooks.providers import PROVIDERS
from scheduling.hooks.reports import NotRecorded

logger = logging.getLogger(__name__)

# Bytes. The longest reports are those with all headers of the mail: some ten thousand.
LONGEST = 256 * 1024
# RFC 9110, 8.6, and no longer than any length that a server would wait for.
_NUMBER = re.compile(r"[0-9]{1,18}")
# Never read as a form: Mailgun's reports of before 2018 were, and one could bring files.
_FORMS = {"application/x-www-form-urlencoded", "multipart/form-data"}


@csrf_exempt
def reported(request: HttpRequest, provider: str) -> HttpResponse:
    """Known by its secret, not by a cookie. Anything but a 2xx makes the provider try again."""
    if provider != settings.MAIL_EVENTS_FROM:
        return HttpResponse(status=404)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not _NUMBER.fullmatch(length):
        return HttpResponse(status=400)
    if int(length) > LONGEST:
        return HttpResponse(status=413)
    if request.content_type in _FORMS:
        return HttpResponse(status=415)
    return _taken(request, provider)


def _taken(request: HttpRequest, provider: str) -> HttpResponse:
    try:
        answer: HttpResponse = PROVIDERS[provider].view.as_view()(request)
    except NotRecorded as fault:
        logger.error("a report of %s was not recorded: %s", provider, fault)  # noqa: TRY400
        return HttpResponse(status=500)
    except Exception as error:  # noqa: BLE001 - whoever sent it; its words may quote what they sent
        logger.warning("a report of %s was refused: %s", provider, type(error).__name__)
        return HttpResponse(status=400)
    return answer
