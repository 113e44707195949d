from django.urls import path

from monitoring.export import views

urlpatterns = [path("", views.export, name="export")]
