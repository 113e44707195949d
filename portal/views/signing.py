"""Around allauth's code page: each dead end becomes a sentence and a way to a new code."""

from typing import Any

from allauth.account.internal import stagekit
from allauth.account.views import ConfirmLoginCodeView
from django.contrib import messages
from django.contrib.auth import logout
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from participants.models import User
from portal.accounts import TOO_MANY_TRIES
from portal.joining import invited, state
from scheduling import bounces


@never_cache
def confirm_code(request: HttpRequest) -> HttpResponse:
    """allauth's page, unless no code is waiting: expired, or asked for in another browser."""
    asked = stagekit.LOGIN_SESSION_KEY in request.session
    if not request.user.is_authenticated and stagekit.get_pending_stage(request) is None:
        messages.warning(request, _expired() if asked else _none_waiting())
        return redirect(where_codes_are_asked_for(request))
    response: HttpResponse = _ConfirmCode.as_view()(request)
    return response


class _ConfirmCode(ConfirmLoginCodeView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Whoever was passed an invitation does not read here whose it is."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"is_invited": invited.is_asked_for_by_it(self._process)}

    def form_valid(self, form: Form) -> HttpResponse:
        """The mail with the code arrived, so its address works."""
        done: HttpResponse = super().form_valid(form)
        user = self.request.user
        if isinstance(user, User):
            bounces.works_again(user=user, now=timezone.now())
        return done

    def form_invalid(self, form: Form) -> HttpResponse:
        """As allauth's, but an empty answer is no try, and the end of them is said in our words."""
        typed = not form.has_error("code", "required")
        if not typed or self._process.record_invalid_attempt():
            page: HttpResponse = self.render_to_response(self.get_context_data(form=form))
            return page
        messages.warning(self.request, TOO_MANY_TRIES)
        return redirect(where_codes_are_asked_for(self.request))


def code_anew(request: HttpRequest) -> HttpResponse:
    """Where allauth leads when a code has run out in the very request that brings it."""
    return redirect(where_codes_are_asked_for(request))


def other_address(request: HttpRequest) -> HttpResponse:
    """Forget the code that is waiting; else the sign-in page leads back to the code page."""
    if request.method == "POST":
        stagekit.clear_login(request)
        state.ask_again(request)
    return redirect(state.go_on(request) or "account_login")


@require_http_methods(["GET", "HEAD", "POST"])
def sign_out(request: HttpRequest) -> HttpResponse:
    """Ends a visit by code and a visit by mailed link alike. A GET, as by a reload, ends none."""
    if request.method != "POST":
        return redirect("portal:landing")
    logout(request)
    messages.success(request, _("You have signed out. Nothing is lost."))
    return redirect("portal:landing")


def where_codes_are_asked_for(request: HttpRequest) -> str:
    """The address step of the study being joined, or the sign-in page."""
    return state.email_step(request) or "account_login"


def _expired() -> str:
    return _("That code has expired: codes work for 15 minutes. Please ask for a new one.")


def _none_waiting() -> str:
    return _("No code is waiting in this browser. Please ask for a new one here.")
