"""The platform as it would be deployed, on the benchmark's own database, Redis and sink."""

import os
from datetime import UTC, datetime
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, connections

from bench.report import say
from bench.services import Neighbours
from bench.wire import SENDER

# Migrated, with a study in it; the others are copies of it.
TEMPLATE = "bench_template"
_READ_BY_SETTINGS = ("DEBUG", "DEMO", "SECRET_KEY_FALLBACKS", "STAFF_MFA", "TRUSTED_PROXIES")


def environment(neighbours: Neighbours, *, database: str, mail: str) -> dict[str, str]:
    """Every variable the settings read, so that nothing set on the machine leaks in."""
    rest = {name: value for name, value in os.environ.items() if name not in _READ_BY_SETTINGS}
    return rest | {
        "DJANGO_SETTINGS_MODULE": "training_platform.settings",
        "SECRET_KEY": "for the benchmark alone, and long enough to pass every check of its length",
        "DATABASE_URL": neighbours.database(database),
        "CELERY_BROKER_URL": neighbours.broker,
        "EMAIL_URL": mail,
        "EMAIL_FROM": SENDER,
        "SITE_URL": "https://training.example.org",
        "ALLOWED_HOSTS": "training.example.org",
        "MEDIA_ROOT": str(neighbours.folder / "media"),
    }


def begin(neighbours: Neighbours, *, mail: str) -> None:
    """Django in this process, and the template database."""
    ours = environment(neighbours, database=TEMPLATE, mail=mail)
    os.environ.clear()
    os.environ.update(ours)
    _create(neighbours, TEMPLATE, "template0")
    django.setup()
    call_command("createcachetable", verbosity=0)
    call_command("migrate", verbosity=0)
    _make_study(datetime.now(UTC))
    connections.close_all()


def _make_study(now: datetime) -> None:
    """The starter course, published, and the demonstration's study on it."""
    # Models can be imported only now.
    from courses.loading import load_course
    from demo.study import make_study
    from scheduling.services import install_wordings

    (Path(settings.MEDIA_ROOT)).mkdir(exist_ok=True)
    course = Path(settings.BASE_DIR) / "content" / "self-compassion"
    loaded = load_course(course, publish=True, now=now)
    install_wordings(study=make_study(edition=loaded.edition, now=now), now=now)


def copy(neighbours: Neighbours, name: str) -> None:
    _create(neighbours, name, TEMPLATE)


def use(name: str) -> None:
    """From here on this thread works on that database."""
    connections.close_all()
    here = connections[DEFAULT_DB_ALIAS]
    here.settings_dict = {**here.settings_dict, "NAME": name}


def drop(neighbours: Neighbours, name: str) -> None:
    connections.close_all()
    with neighbours.cursor("postgres") as cursor:
        cursor.execute(f"DROP DATABASE {name}")


def _create(neighbours: Neighbours, name: str, template: str) -> None:
    say(f"Making the database {name} …")
    with neighbours.cursor("postgres") as cursor:
        cursor.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
