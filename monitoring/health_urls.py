from django.urls import path

from monitoring import health_views

app_name = "health"
urlpatterns = [
    path("healthz", health_views.live, name="live"),
    path("healthz/ready", health_views.ready, name="ready"),
    path("healthz/metrics", health_views.metrics, name="metrics"),
]
