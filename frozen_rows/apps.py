from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate

from frozen_rows import triggers


class FrozenRowsConfig(AppConfig):
    """Must stand last in INSTALLED_APPS: its handler runs once all tables are migrated."""

    name = "frozen_rows"

    def ready(self) -> None:
        post_migrate.connect(_install, sender=self)


def _install(*, using: str, **_kwargs: Any) -> None:
    triggers.install(using=using)
