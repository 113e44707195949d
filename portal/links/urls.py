from django.urls import URLPattern, path

from portal.links import decline, go, stop

urlpatterns: list[URLPattern] = [
    path("go/<str:token>/", go.go, name="go"),
    path("go/<str:token>/again/", go.new_link, name="new_link"),
    path("emails/decline/<str:token>/", decline.decline, name="decline"),
    path("emails/stop/<str:token>/", stop.stop_mail, name="stop_mail"),
]
