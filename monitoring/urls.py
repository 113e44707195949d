from django.urls import path

from monitoring import views

app_name = "monitoring"
urlpatterns = [
    path("", views.studies, name="studies"),
    path("styleguide/", views.styleguide, name="styleguide"),
    path("<slug:study>/", views.study, name="study"),
]
