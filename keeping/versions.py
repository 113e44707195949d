"""Whether the database, a backup and this code belong together."""

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils.translation import gettext as _
from packaging.version import InvalidVersion, Version

from keeping.databases import Query, is_empty
from keeping.manifest import Manifest
from keeping.refusing import CannotKeep


def applied(query: Query) -> list[str]:
    """Those in the database, sorted. Raises CannotKeep where they are not this code's."""
    if is_empty():
        raise CannotKeep(_("The database is empty: there is nothing to back up."))
    known, labels = _known(), {config.label for config in apps.get_app_configs()}
    rows = query("SELECT app, name FROM django_migrations")
    found = {f"{app}.{name}" for app, name in rows if app in labels}
    if found != known:
        raise CannotKeep(
            _(
                "The database is not as this version of the platform has it. Make the backup with "
                "the version that runs, or bring the database up to date first: deploy/prepare."
            )
        )
    return sorted(found)


def check(manifest: Manifest) -> None:
    """Raises CannotKeep for a backup of another engine, or of a newer version."""
    if manifest.engine != connection.vendor:
        words = _(
            "The backup is of %(theirs)s, and DATABASE_URL names %(ours)s. A backup goes back into "
            "the kind of database it came from."
        )
        raise CannotKeep(words % {"theirs": manifest.engine, "ours": connection.vendor})
    unknown = set(manifest.migrations) - _known()
    if unknown or _newer(manifest.version):
        words = _(
            "The backup was made by version %(theirs)s, which is newer than this one (%(ours)s). "
            "Restore it with the version that made it."
        )
        raise CannotKeep(words % {"theirs": manifest.version, "ours": settings.APP_VERSION})


def _known() -> set[str]:
    loader = MigrationLoader(connection=None)
    return {f"{app}.{name}" for app, name in loader.disk_migrations}


def _newer(theirs: str) -> bool:
    """1.0.0 is newer than 1.0.0rc1. Raises CannotKeep for what is no version."""
    try:
        return Version(theirs) > Version(settings.APP_VERSION)
    except InvalidVersion as error:
        words = _(
            "The backup names “%(theirs)s” as the version that made it, which is none: it cannot "
            "be told whether this one (%(ours)s) reads it. Take another backup."
        )
        raise CannotKeep(words % {"theirs": theirs, "ours": settings.APP_VERSION}) from error
