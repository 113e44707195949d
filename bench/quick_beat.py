"""The platform's own Celery, its tick every second: for the small size alone."""

from training_platform.celery import app

app.conf.beat_schedule["tick"]["schedule"] = 1.0
