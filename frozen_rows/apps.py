from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate, pre_migrate

from frozen_rows import triggers


class FrozenRowsConfig(AppConfig):
    """Must stand last in INSTALLED_APPS: its handler runs once all tables are migrated."""

    name = "frozen_rows"

    def ready(self) -> None:
        pre_migrate.connect(_make_way, sender=self)
        post_migrate.connect(_install, sender=self)


def _make_way(*, using: str, **_kwargs: Any) -> None:
    """SQLite cannot rebuild a table that a trigger of another table reads."""
    if connections[using].vendor == "sqlite":
        triggers.uninstall(using=using)


def _install(*, using: str, **_kwargs: Any) -> None:
    triggers.install(using=using)
