"""Below /staff/<study>/people/<code>/."""

from django.urls import path

from monitoring.person import identity, views

urlpatterns = [
    path("", views.person, name="person"),
    path("identity/", identity.identity, name="identity"),
]
