"""Every address of the participant's side, as `portal:<name>`; each part brings its own list."""

from django.urls import URLPattern, path

from portal.details import urls as details
from portal.joining import urls as joining
from portal.views import landing, pages, signing
from portal.weeks import urls as weeks

app_name = "portal"
urlpatterns: list[URLPattern] = [
    path("", landing.landing, name="landing"),
    path("robots.txt", pages.robots, name="robots"),
    path("favicon.ico", pages.icon, name="icon"),
    path("help/", pages.help_now, name="help"),
    path("privacy/", pages.privacy, name="privacy"),
    path("accessibility/", pages.accessibility, name="accessibility"),
    path("sign-out/", signing.sign_out, name="sign_out"),
    path("sign-in/other-address/", signing.other_address, name="other_address"),
    *joining.urlpatterns,
    *details.urlpatterns,
    *weeks.urlpatterns,
]
