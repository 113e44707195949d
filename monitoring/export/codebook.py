"""What each column means: file, column, meaning, type, unit, values."""

from collections.abc import Iterator, Mapping

from monitoring.export.columns import Column, neutral
from monitoring.export.cut import Cut
from monitoring.export.files import FILES

NAME = "codebook.csv"
ABOUT = "What each column means, its type, unit and values."
HEADER = ["file", "column", "meaning", "type", "unit", "values"]


def lines(cut: Cut) -> Iterator[list[str]]:
    for file in FILES:
        for column in file.columns(cut):
            yield [file.name, *map(neutral, _told(column))]


def _told(column: Column) -> list[str]:
    told = [column.name, column.meaning, column.type.value, column.unit]
    return [*told, listed(column.values)]


def listed(values: Mapping[str, str]) -> str:
    """As “invited = Invited | joining = Joining”."""
    return " | ".join(f"{value} = {label}" for value, label in values.items())
