"""The platform's own Celery under a quick clock. What is measured in real seconds is made as short,
so that a task still ends well before the next tick, and a silent server is given up before it.
"""

import os
from pathlib import Path

from celery.signals import worker_process_init
from django.conf import settings
from django.utils import timezone

from tests.scheduling.chaos import clock
from training_platform.celery import app

SMTP_TIMEOUT = 2.0
_TASK_SECONDS = 2.0

timezone.now = clock.from_environment().now
settings.EMAIL_TIMEOUT = SMTP_TIMEOUT
app.conf.beat_schedule["tick"]["schedule"] = 1.0


@worker_process_init.connect
def begin(**_: object) -> None:
    """Each sender says who it is, so that it can be killed."""
    from scheduling import tasks

    tasks.SECONDS = _TASK_SECONDS
    Path(os.environ["STORM_SENDERS"], str(os.getpid())).touch()
