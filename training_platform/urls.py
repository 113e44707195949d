"""Every address, each room bringing its own."""

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("portal.urls")),
    path("staff/", include("monitoring.urls")),
    path("", include("monitoring.health_urls")),
    path("accounts/", include("portal.account_urls")),
    path("admin/preview/", include("portal.previews.urls")),
    path("admin/", admin.site.urls),
    path("hooks/mail/", include("scheduling.hooks.urls")),
]
if settings.DEMO:
    urlpatterns.append(path("mail/", include("demo.urls")))

handler400 = "portal.views.errors.bad_request"
handler403 = "portal.views.errors.permission_denied"
handler404 = "portal.views.errors.page_not_found"
handler500 = "portal.views.errors.server_error"
