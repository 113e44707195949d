"""Below /admin/preview/, as `preview:<name>`: for editors, behind the admin's own door."""

from django.urls import URLPattern, path

from portal.previews import frames, media, pages

app_name = "preview"
urlpatterns: list[URLPattern] = [
    path("week/<int:pk>/", frames.week, name="week"),
    path("week/<int:pk>/page/", pages.week, name="week_page"),
    path("material/<int:pk>/", frames.material, name="material"),
    path("material/<int:pk>/<str:what>/", media.media, name="media"),
    path("text/<int:pk>/", frames.companion, name="companion"),
    path("text/<int:pk>/page/", pages.companion, name="companion_page"),
]
