"""A form that came too late: nothing of it is saved, and its words are shown to be copied.

Only where it carries our mark, which a page of the admin has for who may write on it. Else anybody
could have words of their own shown here as if they were ours, and draw on our time: some HTML of a
few kilobytes takes many seconds to be cleaned.
"""

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from courses.admin.telling import written_in

_SIGNER = TimestampSigner(salt="courses.admin.old_forms")


def mark() -> str:
    """For the field `ours` of a form; good for as long as a sign-in."""
    return _SIGNER.sign("ours")


def _is_ours(request: HttpRequest) -> bool:
    try:
        _SIGNER.unsign(request.POST.get("ours", ""), max_age=settings.SESSION_COOKIE_AGE)
    except BadSignature:
        return False
    return True


def grown_old(request: HttpRequest) -> HttpResponse | None:
    """For who signed in again since the page was made; None where nothing of ours was written."""
    sentence = _(
        "You signed in again since this page was opened, so nothing was saved. What you wrote "
        "stands here: open the page afresh, and copy it in."
    )
    return _kept(request, _("That page had grown old"), sentence, request.path)


def signed_out(request: HttpRequest) -> HttpResponse | None:
    """For who is signed out; None where nothing of ours was written."""
    sentence = _(
        "You were signed out while you were writing, so nothing was saved. Copy what you wrote, "
        "which stands here, before you sign in again."
    )
    sign_in = redirect_to_login(request.path, reverse("admin:login")).url
    return _kept(request, _("You are signed out"), sentence, sign_in, _("Sign in"))


def _kept(
    request: HttpRequest, title: str, sentence: str, back: str, back_words: str = ""
) -> HttpResponse | None:
    yours = written_in(request.POST) if _is_ours(request) else []
    if not yours:
        return None
    words = {"title": title, "sentences": [sentence], "yours": yours, "subject": _("The page")}
    leads = {"back": back, "back_words": back_words}
    context = {**admin.site.each_context(request), **words, **leads}
    # Its list is empty for who is signed out, and says that they have no rights.
    context["is_nav_sidebar_enabled"] = request.user.is_authenticated
    return TemplateResponse(request, "admin/kept.html", context, status=403).render()
