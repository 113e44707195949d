"""Writes the two kinds of TOML file that a course folder has (https://toml.io/en/v1.0.0)."""

import json
import re
from collections.abc import Mapping

Value = str | float
_NO_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f]")


def table(values: Mapping[str, Value | None]) -> str:
    """One line for each key that has a value; a text of several lines stands on several."""
    return "".join(f"{key} = {_value(value)}\n" for key, value in values.items() if value)


def _value(value: Value) -> str:
    if not isinstance(value, str):
        return repr(float(value))
    if "\n" in value and not _NO_TEXT.search(value):
        escaped = value.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
        return f'"""\n{escaped}\n"""'
    # JSON escapes what TOML does, but for the character of Delete.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")
