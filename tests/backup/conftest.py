"""A place of its own to restore into: an empty database beside the test's, and an empty folder.

programs    PostgreSQL's client programs, those of the test's own server
kept        a backup of the test's database and media
elsewhere   `with elsewhere.here():` the process works there
"""

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.db import connection, connections
from django.test import override_settings
from pytest_django.fixtures import Settings

from tests.services import databases, environment

if databases.engine() == "postgres":
    import psycopg2


@dataclass(frozen=True)
class Place:
    name: str
    """Of the database; on SQLite its path."""
    media: Path

    @contextmanager
    def here(self) -> Iterator[None]:
        where = connection.settings_dict
        before = where["NAME"]
        connections.close_all()
        where["NAME"] = self.name
        try:
            with override_settings(MEDIA_ROOT=self.media):
                yield
        finally:
            connections.close_all()
            where["NAME"] = before


@pytest.fixture(autouse=True)
def programs(monkeypatch: pytest.MonkeyPatch) -> None:
    if databases.engine() == "postgres":
        monkeypatch.setenv("PATH", f"{databases.programs()}:{os.environ['PATH']}")


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.MEDIA_ROOT.mkdir()
    return settings.MEDIA_ROOT


@pytest.fixture
def elsewhere(transactional_db: None, tmp_path: Path) -> Iterator[Place]:
    folder = tmp_path / "restored-media"
    folder.mkdir()
    if databases.engine() == "sqlite":
        yield Place(str(tmp_path / "restored.sqlite3"), folder)
        return
    name = f"restored_{environment.worker()}"
    _on_the_server(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)", f"CREATE DATABASE {name}")
    yield Place(name, folder)
    _on_the_server(f"DROP DATABASE {name} WITH (FORCE)")


def _on_the_server(*statements: str) -> None:
    where = connection.settings_dict
    line = psycopg2.connect(dbname="postgres", user=where["USER"], host=where["HOST"])
    with closing(line):
        line.autocommit = True
        for statement in statements:
            line.cursor().execute(statement)


@pytest.fixture
def kept(transactional_db: None, tmp_path: Path) -> Path:
    """Of a course with media, and nobody."""
    from tests.backup.asking import backup
    from tests.factories.courses import published_edition

    published_edition(weeks=1)
    backup(tmp_path / "kept")
    return tmp_path / "kept"
