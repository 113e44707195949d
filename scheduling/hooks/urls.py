from django.urls import URLPattern, path

from scheduling.hooks import views

urlpatterns: list[URLPattern] = [path("<str:provider>/", views.reported, name="mail_reports")]
