"""Staff sign in with a code from their mail and, where STAFF_MFA is required, one from an app."""

from allauth.mfa.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from participants.models import User


def is_missing(user: User) -> bool:
    """Whether `user` has to set up a second step before any staff page.

    Whoever has one was asked for it at signing in; allauth sees to that.
    """
    return settings.STAFF_MFA == "required" and not get_adapter().is_mfa_enabled(user)


def to_set_up(request: HttpRequest) -> HttpResponseRedirect:
    messages.info(
        request,
        _("Staff pages need a second step at signing in. Set it up here, then come back."),
    )
    return redirect("mfa_activate_totp")
