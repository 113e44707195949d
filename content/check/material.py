"""One `[[material]]` of a week, as the checks look at it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from courses.loading.attached import MEDIA, attached
from courses.loading.folder import WEEK
from courses.loading.problems import Problems
from courses.loading.tables import Table, read_toml


@dataclass
class Material:
    """`declared` is what module.toml says that the medium lasts, `measured` what the file does.

    `is_replaced` where the medium is not the one that was built from its script.
    """

    table: Table
    kind: str
    medium: Path | None
    declared: float | None
    measured: float | None = None
    is_replaced: bool = False

    @property
    def lasts(self) -> float | None:
        """Seconds, from the best of both that is known."""
        return self.declared if self.measured is None else self.measured

    @property
    def problems(self) -> Problems:
        return self.table.problems


def materials(problems: Problems) -> Iterator[Material]:
    """Every material of the course in `problems.folder`, week by week."""
    for module in sorted(problems.folder.glob("week-*/module.toml")):
        is_read = WEEK.fullmatch(module.parent.name)  # or the loader has said that it is not
        top = read_toml(module, problems) if is_read else None
        for table in top.tables("material") if top else []:
            yield _material(table)


def _material(table: Table) -> Material:
    kind = table.text("kind")
    medium = attached(table, "file", MEDIA[kind]) if kind in MEDIA else None
    return Material(table=table, kind=kind, medium=medium, declared=table.seconds("duration"))
