"""Celery without a broker: a sentence, not a hundred tries."""

import os
import subprocess
import sys

import pytest
from django.conf import settings


@pytest.mark.parametrize("part", [["worker"], ["beat", "--schedule", "beat"]])
def test_worker_and_beat_end_with_a_sentence(part: list[str], tmp_path) -> None:
    known = {name: value for name, value in os.environ.items() if name != "CELERY_BROKER_URL"}
    ended = subprocess.run(
        [sys.executable, "-m", "celery", "-A", "training_platform", *part],
        cwd=tmp_path,
        env={**known, "PYTHONPATH": str(settings.BASE_DIR)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert ended.returncode == 1
    assert ended.stderr.count("The environment variable CELERY_BROKER_URL is not set.") == 1
    assert "amqp" not in ended.stderr
