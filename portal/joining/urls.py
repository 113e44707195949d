from django.urls import URLPattern, path

from portal.joining import about, agreement, day, email, information, questions

_STUDY = "join/<slug:study>/"

urlpatterns: list[URLPattern] = [
    path(_STUDY, information.information, name="join"),
    path(f"{_STUDY}go-on/", information.go_on, name="join_go_on"),
    path(f"{_STUDY}question/<slug:key>/", questions.question, name="join_question"),
    path(f"{_STUDY}not-this-time/<slug:key>/", questions.declined, name="join_declined"),
    path(f"{_STUDY}email/", email.email, name="join_email"),
    path(f"{_STUDY}agreement/", agreement.agreement, name="join_agreement"),
    path(f"{_STUDY}about-you/", about.about_you, name="join_about"),
    path(f"{_STUDY}day/", day.choose_day, name="join_day"),
    path(f"{_STUDY}dates/", day.dates, name="join_dates"),
]
