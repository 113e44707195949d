"""Lists of objects, as the JSON fields of a draft keep them."""

from typing import Any

from django.core.exceptions import ValidationError


def list_of(shape: dict[str, type], value: Any, sentence: str) -> Any:
    """`value`, if it is a list of objects with the keys and types of `shape`."""
    rows = value or []
    if not isinstance(rows, list) or not all(_fits(shape, row) for row in rows):
        raise ValidationError(sentence)
    return rows


def _fits(shape: dict[str, type], row: Any) -> bool:
    return (
        isinstance(row, dict)
        and row.keys() == shape.keys()
        and all(
            isinstance(row[key], (float, int) if kind is float else kind)
            and not isinstance(row[key], bool)
            for key, kind in shape.items()
        )
    )
