"""The mailbox of the demonstration, at /mail/ and in this mode only."""

from csp.constants import NONE, UNSAFE_INLINE
from csp.decorators import csp_replace
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from demo import mailbox, second_step

SHOWN = 50
# A mail's styles are inline, since mail programs drop everything else. It may load nothing.
MAIL_POLICY = {"default-src": [NONE], "style-src": [UNSAFE_INLINE], "img-src": [NONE]}


@never_cache
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    context = {
        "mails": mailbox.newest(SHOWN),
        "shown": SHOWN,
        "codes": second_step.codes(now=timezone.now()),
    }
    return render(request, "demo/inbox.html", context)


@require_safe
def mail(request: HttpRequest, name: str) -> HttpResponse:
    return render(request, "demo/mail.html", {"mail": _found(name)})


@require_safe
@csp_replace(MAIL_POLICY)  # type: ignore[arg-type]  # its types forget views with arguments
def mail_page(request: HttpRequest, name: str) -> HttpResponse:
    """The HTML part as a mail program would draw it: inline styles, and nothing from anywhere."""
    return render(request, "demo/mail_page.html", {"html": _found(name).html})


def _found(name: str) -> mailbox.Mail:
    found = mailbox.find(name)
    if found is None:
        raise Http404(_("There is no mail of that name."))
    return found
