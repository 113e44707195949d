"""Which people, in which order: read from the address. What nobody offered is passed by."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from monitoring.people.filters import Filter
from monitoring.people.order import COLUMNS, FIRST

# As much of a code as somebody remembers, in any case of letters and with or without its dash.
_CODE = re.compile(r"[A-Z0-9]{1,3}-?[A-Z0-9]{0,3}")
_PAGE = re.compile(r"[1-9][0-9]{0,6}")


@dataclass(frozen=True, kw_only=True)
class Listing:
    """`chosen` is the value of each filter that is set, and `code` the beginning of a code.

    `is_no_code`: something else was typed where a code belongs, and so nobody is found.
    `passed_by` says whether the address held something else that the list does not offer.
    """

    sort: str
    is_descending: bool
    chosen: dict[str, str]
    code: str
    is_no_code: bool
    page: int
    passed_by: bool

    def address(self, **changes: str) -> str:
        """The query string of this list, changed in what is given; "" leaves a part out."""
        here = f"{'-' if self.is_descending else ''}{self.sort}"
        parts = {**self.chosen, "code": self.code, "sort": "" if here == FIRST else here, **changes}
        return "?" + urlencode({name: value for name, value in parts.items() if value})

    @property
    def is_narrowed(self) -> bool:
        return bool(self.code or self.is_no_code or set(self.chosen) - {"test"})


def listing_from(query: QueryDict, filters: Sequence[Filter]) -> Listing:
    offered = {each.name: each for each in filters}
    given = {name: str(value).strip() for name, value in query.items()}
    asked = {name: value for name, value in given.items() if value}
    known = {name: value for name, value in asked.items() if _is_offered(name, value, offered)}
    sort = known.get("sort", FIRST)
    return Listing(
        sort=sort.removeprefix("-"),
        is_descending=sort.startswith("-"),
        chosen={name: known[name] for name in offered if name in known},
        code=_as_written(known.get("code", "")),
        is_no_code="code" in asked and "code" not in known,
        page=int(known.get("page", 1)),
        passed_by=set(asked) - set(known) - {"code"} != set(),
    )


def _is_offered(name: str, value: str, filters: dict[str, Filter]) -> bool:
    if name in filters:
        return filters[name].offers(value)
    return {
        "sort": value.removeprefix("-") in COLUMNS,
        "page": bool(_PAGE.fullmatch(value)),
        "code": bool(_CODE.fullmatch(value.upper())),
    }.get(name, False)


def _as_written(typed: str) -> str:
    """K7P4 is K7P-4."""
    letters = typed.upper().replace("-", "")
    return f"{letters[:3]}-{letters[3:]}" if len(letters) > 3 else letters


def narrowed(people: Any, listing: Listing, filters: Sequence[Filter]) -> Any:
    for each in filters:
        if each.name in listing.chosen:
            people = each.narrow(people, listing.chosen)
    if listing.is_no_code:
        return people.none()
    return people.filter(code__startswith=listing.code) if listing.code else people
