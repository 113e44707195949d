"""Published editions have whole weeks; they, and all below them, stay as they were published."""

from frozen_rows import Guard
from frozen_rows.guard import Operation

_EDITION_OF_MATERIAL = (
    "SELECT edition.state FROM courses_edition edition "
    "JOIN courses_module module ON module.edition_id = edition.id WHERE module.id = {row}.module_id"
)
_EDITION_NAMED = "SELECT state FROM courses_edition WHERE id = {row}.edition_id"
# A week is there once, and none is below 1.
_HAS_A_GAP = (
    "NEW.state = 'published' AND "
    "(SELECT COALESCE(MAX(week), 0) <> COUNT(*) FROM courses_module WHERE edition_id = NEW.id)"
)
_FROZEN = "A published edition cannot be changed. Make a new draft."


def _under_published(query: str, *rows: str) -> str:
    return " OR ".join(f"({query.format(row=row)}) = 'published'" for row in rows)


def _guards_below(model: str, query: str) -> list[Guard]:
    name = model.rpartition(".")[2].lower()
    rows: dict[Operation, tuple[str, ...]] = {
        "INSERT": ("NEW",),
        "UPDATE": ("OLD", "NEW"),
        "DELETE": ("OLD",),
    }
    return [
        Guard(
            name=f"{name}_{operation.lower()}_published",
            model=model,
            operation=operation,
            when=_under_published(query, *rows[operation]),
            message=_FROZEN,
        )
        for operation in rows
    ]


GUARDS = [
    Guard(
        name="edition_update_published",
        model="courses.Edition",
        operation="UPDATE",
        when="OLD.state = 'published'",
        message=_FROZEN,
    ),
    Guard(
        name="edition_update_gap",
        model="courses.Edition",
        operation="UPDATE",
        when=_HAS_A_GAP,
        message="The weeks of a published edition are numbered from 1 without a gap.",
    ),
    Guard(
        name="edition_delete_published",
        model="courses.Edition",
        operation="DELETE",
        when="OLD.state = 'published'",
        message="A published edition cannot be deleted.",
    ),
    *_guards_below("courses.Module", _EDITION_NAMED),
    *_guards_below("courses.Material", _EDITION_OF_MATERIAL),
    *_guards_below("courses.Companion", _EDITION_NAMED),
]
