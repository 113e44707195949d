"""The platform's own programs, in processes of their own, on the test's database."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection


@contextmanager
def celery(*arguments: str, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    with _running("-m", "celery", *arguments, "--loglevel", "WARNING", **environment) as process:
        yield process


@contextmanager
def manage(*arguments: str, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    with _running("manage.py", *arguments, **environment) as process:
        yield process


def database_url() -> str:
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{database['NAME']}"
    return f"postgres://{database['USER']}@/{database['HOST']}/{database['NAME']}"


@contextmanager
def _running(*command: str, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        [sys.executable, *command],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DATABASE_URL": database_url(), **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise
