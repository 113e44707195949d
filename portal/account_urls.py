"""Signing in. Of allauth's pages those that we use, under allauth's own names.

Passwords, open sign-up and its list of addresses have no page here: people sign in by code, join by
a study's page, and change their address on `portal:address`. The second step is for staff alone.
"""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from django.contrib.auth.decorators import login_required
from django.urls import URLPattern, path

from portal.views import signing
from portal.views.second_step import staff_alone

urlpatterns: list[URLPattern] = [
    path("login/", account.login, name="account_login"),
    path("login/code/", signing.code_anew, name="account_request_login_code"),
    path("login/code/confirm/", signing.confirm_code, name="account_confirm_login_code"),
    # Ours, which ends a visit by mailed link as well.
    path("logout/", signing.sign_out, name="account_logout"),
    path("signup/", account.signup, name="account_signup"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
]
_SECOND_STEP = [
    ("", mfa.index, "mfa_index"),
    ("reauthenticate/", mfa.reauthenticate, "mfa_reauthenticate"),
    ("totp/activate/", totp.activate_totp, "mfa_activate_totp"),
    ("totp/deactivate/", totp.deactivate_totp, "mfa_deactivate_totp"),
    ("recovery-codes/", recovery.view_recovery_codes, "mfa_view_recovery_codes"),
    ("recovery-codes/generate/", recovery.generate_recovery_codes, "mfa_generate_recovery_codes"),
    ("recovery-codes/download/", recovery.download_recovery_codes, "mfa_download_recovery_codes"),
]
urlpatterns += [
    # Asked for between two steps, when nobody is signed in yet.
    path("2fa/authenticate/", staff_alone(mfa.authenticate), name="mfa_authenticate"),
    # Elsewhere allauth would keep what a stranger sends, to go on with it after signing in.
    *(
        path(f"2fa/{address}", staff_alone(login_required(view)), name=name)
        for address, view, name in _SECOND_STEP
    ),
]
