from django.urls import URLPattern, path

from portal.details import address, agree_anew, dates, overview

urlpatterns: list[URLPattern] = [
    path("home/dates.ics", dates.calendar, name="calendar"),
    path("home/details/", overview.details, name="details"),
    path("home/details/about-you/", overview.change_about, name="details_about"),
    path("home/agreement/new/", agree_anew.agree_again, name="agree_anew"),
    path("home/address/", address.address, name="address"),
    path("home/address/works/", address.works, name="address_works"),
    path("home/address/code/", address.confirm, name="address_code"),
]
