"""Brings the demonstration's database, files and people into place. Twice is as once."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from courses.loading import load_course
from demo import second_step
from demo.interruptions import uninterrupted
from demo.older_tables import refuse_older_tables
from demo.people import make_people
from demo.study import make_study
from studies.models import Study

LONGEST_STORY = timedelta(days=60)
COURSE = Path(settings.BASE_DIR) / "content" / "self-compassion"


def prepare(*, now: datetime, say: Callable[[str], None]) -> None:
    _migrate(say)
    refuse_older_tables()
    _collect_static(say)
    if not Study.objects.filter(slug="demo").exists():
        say("Loading the starter course …")
        loaded = load_course(COURSE, publish=True, now=now)
        say("Making the demo study and its people …")
        with uninterrupted():
            study = make_study(edition=loaded.edition, now=now - LONGEST_STORY)
            make_people(study=study, now=now)
    second_step.give_to_staff()


def _migrate(say: Callable[[str], None]) -> None:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        if Study._meta.db_table in connection.introspection.table_names():
            # Of older code, which `migrate` would meet half-way: see there.
            refuse_older_tables()
        say("Preparing the database …")
        call_command("createcachetable", verbosity=0)
        call_command("migrate", verbosity=0)


def _collect_static(say: Callable[[str], None]) -> None:
    """Only when a source file is newer than the manifest: the second start is to be quick."""
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    newest = max(
        path.stat().st_mtime
        for folder in settings.STATICFILES_DIRS
        for path in Path(folder).rglob("*")
    )
    if not manifest.exists() or manifest.stat().st_mtime < newest:
        say("Collecting style sheets, scripts and fonts …")
        call_command("collectstatic", verbosity=0, interactive=False)
