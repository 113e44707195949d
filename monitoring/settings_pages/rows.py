"""Rows in an order of their own: added, moved and removed by buttons, without scripts.

The page carries one hidden `row` for each, in order: a number that names its fields and nothing
else ("row-3-key"). A button sends the whole page and gets it back rearranged, with all that was
typed; nothing is saved before "Save".
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import BadRequest
from django.forms import BoundField
from django.http import QueryDict
from django.utils.translation import gettext as _

MOST = 40
_MOVES = re.compile(r"(up|down|remove)-(\d{1,4})")
_TOKEN = re.compile(r"\d{1,4}")


class Rows:
    """`forms` stand in their order; `token` and `place` are set on each."""

    def __init__(self, kind: type[forms.BaseForm], tokens: Sequence[int]) -> None:
        self.kind, self.tokens = kind, list(tokens)
        self.forms: list[Any] = []

    def __iter__(self) -> Iterator[Any]:
        return iter(self.forms)

    @property
    def next_token(self) -> int:
        return max(self.tokens, default=0) + 1

    @property
    def is_full(self) -> bool:
        return len(self.tokens) >= MOST

    def is_valid(self) -> bool:
        """Each by itself, and no key twice: the second is told."""
        valid, seen = True, set()
        for form in self.forms:
            valid &= form.is_valid()
            key = form.cleaned_data.get("key")
            if key and key in seen:
                form.add_error("key", _("Another row has this key. Each needs its own."))
                valid = False
            seen.add(key)
        return valid

    def values(self) -> list[dict[str, Any]]:
        return [form.cleaned_data for form in self.forms]


def saved(kind: type[forms.BaseForm], values: Sequence[Mapping[str, Any]]) -> Rows:
    rows = Rows(kind, range(1, len(values) + 1))
    pairs = zip(rows.tokens, values, strict=True)
    rows.forms = [_placed(kind(prefix=f"row-{n}", initial=dict(each)), n) for n, each in pairs]
    return rows


def posted(kind: type[forms.BaseForm], data: QueryDict) -> Rows:
    rows = Rows(kind, _tokens(data))
    rows.forms = [_placed(kind(data, prefix=f"row-{n}"), n) for n in rows.tokens]
    return rows


def rearranged(kind: type[forms.BaseForm], data: QueryDict, do: str) -> Rows:
    """What was typed, after the button `do`: "add", or "up-3", "down-3", "remove-3". An unknown
    one changes nothing. Nothing is called wrong before it is to be saved.
    """
    sent = posted(kind, data)
    typed = {form.token: {f.name: f.data for f in form} for form in sent}
    rows = Rows(kind, _moved(sent, do))
    rows.forms = [_placed(kind(prefix=f"row-{n}", initial=typed.get(n)), n) for n in rows.tokens]
    return rows


def _moved(rows: Rows, do: str) -> list[int]:
    tokens = list(rows.tokens)
    if do == "add" and not rows.is_full:
        return [*tokens, rows.next_token]
    found = _MOVES.fullmatch(do)
    if found is None or int(found[2]) not in tokens:
        return tokens
    token = int(found[2])
    place = tokens.index(token)
    tokens.remove(token)
    if found[1] == "remove":
        return tokens
    tokens.insert(max(place - 1, 0) if found[1] == "up" else place + 1, token)
    return tokens


def _tokens(data: QueryDict) -> list[int]:
    given = data.getlist("row")
    tokens = list(dict.fromkeys(int(each) for each in given if _TOKEN.fullmatch(each)))
    if len(tokens) != len(given) or len(tokens) > MOST:
        raise BadRequest("The rows of this page are not as it sent them.")
    return tokens


def _placed(form: Any, token: int) -> Any:
    form.token = token
    return form


class Together:
    """A page's forms as one, for the summary of problems at its top."""

    def __init__(self, *parts: Any) -> None:
        self.parts = parts

    @property
    def errors(self) -> dict[str, Any]:
        """By each field's name in the page."""
        return {
            part.add_prefix(name): errors
            for part in self.parts
            for name, errors in part.errors.items()
        }

    def non_field_errors(self) -> list[Any]:
        return [error for part in self.parts for error in part.non_field_errors()]

    def __iter__(self) -> Iterator[BoundField]:
        return (field for part in self.parts for field in part)
