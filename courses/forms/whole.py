"""A row with all that would be deleted with it."""

from hashlib import sha256
from typing import Any

from django.db.models import Model, QuerySet

from courses.models import Edition, Material, Module


def mark_of_whole(row: Model) -> str:
    """Another after each change of `row`, or of what stands below it."""
    own = type(row)._default_manager.filter(pk=row.pk)
    said = [list(rows.order_by("pk").values()) for rows in [own, *_below(row)]]
    return sha256(repr(said).encode()).hexdigest()[:12]


def _below(row: Model) -> list[QuerySet[Any]]:
    if isinstance(row, Edition):
        materials = Material.objects.filter(module__edition=row)
        return [row.modules.all(), materials, row.companions.all()]
    return [row.materials.all()] if isinstance(row, Module) else []
