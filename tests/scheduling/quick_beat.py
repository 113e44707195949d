"""The platform's own Celery, its tick every two seconds: a test need not wait for a minute."""

from training_platform.celery import app

app.conf.beat_schedule["tick"]["schedule"] = 2.0
