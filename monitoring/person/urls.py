"""Below /staff/<study>/people/<code>/. The fixed name stands before `<slug:action>`."""

from django.urls import path

from monitoring.actions.views import act
from monitoring.person import identity, views

urlpatterns = [
    path("", views.person, name="person"),
    path("identity/", identity.identity, name="identity"),
    path("<slug:action>/", act, name="act"),
]
