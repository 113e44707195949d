from django.urls import URLPattern, path

from portal.settings_pages import agreement, day, leave, mail, pause

urlpatterns: list[URLPattern] = [
    path("home/day/", day.change_day, name="change_day"),
    path("home/another-week/", day.another_week, name="another_week"),
    path("home/pause/", pause.pause, name="pause"),
    path("home/mail/", mail.mail, name="mail"),
    path("home/agreement/", agreement.consent_copy, name="consent_copy"),
    path("home/leave/", leave.leave, name="leave"),
    path("home/leave/code/", leave.leave_code, name="leave_code"),
    path("goodbye/<slug:level>/", leave.goodbye, name="goodbye"),
]
