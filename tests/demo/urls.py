"""The addresses of the demonstration: the settings of the tests are those of service."""

from django.urls import include, path

from training_platform import urls

urlpatterns = [*urls.urlpatterns, path("mail/", include("demo.urls"))]
handler404 = urls.handler404
