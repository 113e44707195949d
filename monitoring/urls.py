from django.urls import include, path

from monitoring import views
from monitoring.overview.views import overview
from monitoring.people.by_address import by_address
from monitoring.people.views import people
from monitoring.person import record
from monitoring.settings_pages.new_study import new_study

app_name = "monitoring"
urlpatterns = [
    path("", views.studies, name="studies"),
    path("styleguide/", views.styleguide, name="styleguide"),
    path("new-study/", new_study, name="new_study"),
    path("<slug:study>/settings/", include("monitoring.settings_pages.urls")),
    path("<slug:study>/enrol/", include("monitoring.enrol.urls")),
    path("<slug:study>/export/", include("monitoring.export.urls")),
    path("<slug:study>/", overview, name="study"),
    path("<slug:study>/people/", people, name="people"),
    path("<slug:study>/people/by-address/", by_address, name="by_address"),
    path("<slug:study>/people/<slug:code>/", include("monitoring.person.urls")),
    path("<slug:study>/record/", record.actions, name="actions"),
    path("<slug:study>/record/identity/", record.looks, name="looks"),
]
