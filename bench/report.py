"""What the benchmark says: a JSON object a line on stdout, the story on stderr."""

import json
import sys
from typing import Any


def line(
    name: str,
    value: float,
    unit: str,
    *,
    ratio: float | None = None,
    to: str | None = None,
    goal: str | None = None,
    met: bool | None = None,
    **more: Any,
) -> None:
    """One result. `ratio` is `value` over what `to` names, both measured in this run."""
    facts = {"ratio": ratio, "to": to, "goal": goal, "met": met, **more}
    told = {key: _rounded(fact) for key, fact in facts.items() if fact is not None}
    print(json.dumps({"name": name, "value": _rounded(value), "unit": unit, **told}), flush=True)


def say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def _rounded(fact: Any) -> Any:
    """Four figures: more would be noise."""
    return float(f"{fact:.4g}") if isinstance(fact, float) else fact
