"""Signing in. Of allauth's pages those that we use, under allauth's own names.

Passwords, open sign-up and its list of addresses have no page here: people sign in by code, join by
a study's page, and change their address on `portal:address`.
"""

from allauth.account import views as allauth_views
from django.urls import URLPattern, URLResolver, include, path

from portal.views import signing

urlpatterns: list[URLPattern | URLResolver] = [
    path("login/", allauth_views.login, name="account_login"),
    path("login/code/", signing.code_anew, name="account_request_login_code"),
    path("login/code/confirm/", signing.confirm_code, name="account_confirm_login_code"),
    path("logout/", allauth_views.logout, name="account_logout"),
    path("signup/", allauth_views.signup, name="account_signup"),
    path("inactive/", allauth_views.account_inactive, name="account_inactive"),
    path("reauthenticate/", allauth_views.reauthenticate, name="account_reauthenticate"),
    path("2fa/", include("allauth.mfa.urls")),
]
