"""Every address that the platform answers, with what to put into it for one person's own rows."""

import re
from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver


def all_addresses() -> dict[str, str]:
    """Name to pattern, such as {"portal:week": "week/<int:week>/"}; the pattern where no name is."""
    return dict(_walk(get_resolver().url_patterns, "", ""))


def _walk(
    patterns: list[URLPattern | URLResolver], prefix: str, room: str
) -> Iterator[tuple[str, str]]:
    for each in patterns:
        address = prefix + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from _walk(
                each.url_patterns, address, f"{each.namespace}:" if each.namespace else room
            )
        else:
            yield (f"{room}{each.name}" if each.name else address), address


def filled(pattern: str, values: dict[str, Any]) -> str:
    """Raises KeyError for a part of an address that has no value yet."""
    by_expression = re.sub(r"\(\?P<(\w+)>[^)]*\)", r"<\1>", pattern).strip("$")
    return "/" + re.sub(
        r"<(?:\w+:)?(\w+)>", lambda part: str(values[part[1]]), by_expression.replace("^", "")
    )
