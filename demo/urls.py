from django.urls import path

from demo import views

app_name = "demo"
urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("<slug:name>/", views.mail, name="mail"),
    path("<slug:name>/page/", views.mail_page, name="mail_page"),
]
