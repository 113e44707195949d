"""Every address that the platform answers, with what to put into it for one person's own rows."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from monitoring.actions.offers import DEEDS

ACTION = re.compile(r"<(?:\w+:)?action>")


def all_addresses() -> dict[str, str]:
    """Name to pattern, such as {"portal:week": "week/<int:week>/"}; the pattern where no name is."""
    walked = [(name, pattern) for name, pattern, _view in _all()]
    assert len(dict(walked)) == len(walked), "two addresses have one name"
    return dict(walked)


def all_views() -> dict[str, Callable[..., Any]]:
    return {name: view for name, _pattern, view in _all()}


def _all() -> Iterator[tuple[str, str, Callable[..., Any]]]:
    return _walk(get_resolver().url_patterns, "", "")


def rows_of(pattern: str) -> list[str]:
    """One for each thing that can be done with a person: some need a right that others do not."""
    if ACTION.search(pattern):
        return [ACTION.sub(name, pattern) for name in DEEDS]
    return [pattern]


def _walk(
    patterns: list[URLPattern | URLResolver], prefix: str, room: str
) -> Iterator[tuple[str, str, Callable[..., Any]]]:
    for each in patterns:
        address = prefix + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from _walk(
                each.url_patterns, address, f"{each.namespace}:" if each.namespace else room
            )
        else:
            yield (f"{room}{each.name}" if each.name else address), address, each.callback


def filled(pattern: str, values: dict[str, Any]) -> str:
    """Raises KeyError for a part of an address that has no value yet."""
    by_expression = re.sub(r"\(\?P<(\w+)>[^)]*\)", r"<\1>", pattern).strip("$")
    return "/" + re.sub(
        r"<(?:\w+:)?(\w+)>", lambda part: str(values[part[1]]), by_expression.replace("^", "")
    )
