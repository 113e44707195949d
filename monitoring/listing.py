"""How the list of people is ordered and narrowed: read from the address, wrong values passed by."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import F, QuerySet
from django.db.models.expressions import OrderBy
from django.http import QueryDict
from django.utils.translation import gettext as _

# Each column's name in the address, and what it sorts by.
_COLUMNS = {
    "code": ("code",),
    "status": ("status", "withdrawal"),
    "next": ("next_due",),
    "seen": ("last_seen_at",),
    "opened": ("opened",),
    "took-part": ("took_part",),
    "latest": ("latest_state",),
}
_FIRST = "next"


@dataclass(frozen=True)
class Heading:
    """A column's heading: `href` sorts by it, or the other way round if it is `sorted` already.

    `sorted` is "ascending", "descending" or "", as aria-sort has it.
    """

    words: str
    href: str
    sorted: str
    is_number: bool


@dataclass(frozen=True)
class Listing:
    """`sort` is one of the columns; `with_tests` says whether test people are shown."""

    sort: str
    is_descending: bool
    with_tests: bool

    def of(self, people: "QuerySet[Any]") -> "QuerySet[Any]":
        shown = people if self.with_tests else people.filter(is_test=False)
        return shown.order_by(*(self._by(column) for column in _COLUMNS[self.sort]), "code")

    def _by(self, column: str) -> OrderBy:
        """What is not known stands last either way."""
        if self.is_descending:
            return F(column).desc(nulls_last=True)
        return F(column).asc(nulls_last=True)

    def headings(self) -> list[Heading]:
        words = {
            "code": _("Code"),
            "status": _("Status"),
            "next": _("Next prompt"),
            "seen": _("Last seen"),
            "opened": _("Opened"),
            "took-part": _("Took part"),
            "latest": _("Latest mail"),
        }
        return [self._heading(column, words[column]) for column in _COLUMNS]

    def _heading(self, column: str, words: str) -> Heading:
        is_here = column == self.sort
        turned = "-" if is_here and not self.is_descending else ""
        direction = "descending" if self.is_descending else "ascending"
        return Heading(
            words=words,
            href=self.address(sort=f"{turned}{column}"),
            sorted=direction if is_here else "",
            is_number=column in {"opened", "took-part"},
        )

    def address(
        self, *, sort: str = "", with_tests: bool | None = None, page: int | None = None
    ) -> str:
        """The query string of this list, changed in what is given."""
        here = f"{'-' if self.is_descending else ''}{self.sort}"
        tests = self.with_tests if with_tests is None else with_tests
        parts = {"sort": sort or here, "test": "with" if tests else "without"}
        return "?" + urlencode({**parts, **({"page": page} if page else {})})


def listing_from(query: QueryDict, *, with_tests: bool) -> Listing:
    """`with_tests`: whether test people are shown where the address does not say."""
    asked = query.get("sort", "")
    sort = asked.removeprefix("-")
    test = query.get("test", "")
    return Listing(
        sort=sort if sort in _COLUMNS else _FIRST,
        is_descending=sort in _COLUMNS and asked.startswith("-"),
        with_tests=test == "with" or (with_tests and test != "without"),
    )
