"""A comparison in a few lines: where something changed, and what."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from courses.comparison.editions import Compared, Comparison, Week


def lines(comparison: Comparison) -> list[str]:
    """One for each week and each text beside the weeks that is not as it was."""
    return [
        *(line for week in comparison.weeks for line in _of_week(week)),
        *(_of_row(row) for row in comparison.beside if row.fate != "same"),
    ]


def _of_week(week: Week) -> Iterator[str]:
    if week.fate in {"added", "removed"}:
        yield _of_row(week.own)
    elif week.fate == "changed":
        own = [field.label for field in week.own.fields]
        parts = [*own, *(_of_row(material) for material in week.differing)]
        yield f"{week.own.row}. {'; '.join(parts)}"


def _of_row(row: Compared) -> str:
    title = str(row.row)
    if row.fate == "added":
        return _("%s is new") % title
    if row.fate == "removed":
        return _("%s is gone") % title
    parts = ", ".join(field.label for field in row.fields)
    return _("%(title)s (%(parts)s)") % {"title": title, "parts": parts.lower()}
