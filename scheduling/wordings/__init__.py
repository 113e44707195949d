"""The default words, one small Markdown file for each kind of mail.

A study gets them as version 1 of its wordings; from there on its own versions count.
"""

from pathlib import Path

_FOLDER = Path(__file__).parent
_FIELDS = {"subject", "heading", "button"}


def default_words(kind: str) -> dict[str, str]:
    """`subject`, `heading`, `body` and `button` (empty for mails without one)."""
    text = (_FOLDER / f"{kind}.md").read_text(encoding="utf-8")
    _, head, body = text.split("---\n", 2)
    fields = dict(_field(line) for line in head.splitlines())
    if not fields.keys() <= _FIELDS:
        msg = f"{kind}.md has fields that no wording has: {sorted(fields.keys() - _FIELDS)}"
        raise ValueError(msg)
    return {"button": "", **fields, "body": body.strip()}


def _field(line: str) -> tuple[str, str]:
    name, _, value = line.partition(":")
    return name.strip(), value.strip()
