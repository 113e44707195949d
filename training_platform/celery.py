import os
import sys
from typing import Any

from celery import Celery
from celery.signals import beat_init, worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "training_platform.settings")

app = Celery("training_platform")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
@beat_init.connect
def _need_a_broker(**_said: Any) -> None:
    """Celery would look for one on this machine, a hundred times."""
    if not app.conf.broker_url:
        sys.exit(
            "The environment variable CELERY_BROKER_URL is not set. Set it to something like "
            "redis://localhost:6379/0, or run manage.py send_due --every 5 instead."
        )
