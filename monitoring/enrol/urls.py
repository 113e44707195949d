"""Below /staff/<study>/enrol/."""

from django.urls import path

from monitoring.enrol import lists, views

urlpatterns = [
    path("", views.enrol, name="enrol"),
    path("csv/", lists.upload, name="enrol_csv"),
]
