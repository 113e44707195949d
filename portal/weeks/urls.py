"""Also those of the settings and of mailed links, which belong to the weeks."""

from django.urls import URLPattern, path

from portal.links import urls as links
from portal.settings_pages import urls as settings_pages
from portal.weeks import beside, home, media, noting, reports, week, which

urlpatterns: list[URLPattern] = [
    path("home/", home.home, name="home"),
    path("home/which/", which.which, name="which"),
    path("home/practice/", noting.practised_at_home, name="practised_at_home"),
    path("home/everything.zip", media.pack, name="pack"),
    path("week/<int:week>/", week.week, name="week"),
    path("week/<int:week>/finish/", noting.finish, name="finish"),
    path("week/<int:week>/practised/", noting.practised, name="practised"),
    path("week/<int:week>/another-way/", noting.another_way, name="another_way"),
    path("week/<int:week>/<slug:key>/print/", week.material_print, name="material_print"),
    path("week/<int:week>/<slug:key>/words/", week.material_words, name="material_words"),
    path("beside/<slug:kind>/", beside.companion, name="companion"),
    path("media/<int:material>/<str:what>/", media.media, name="media"),
    path("report/", reports.report, name="report"),
    *settings_pages.urlpatterns,
    *links.urlpatterns,
]
