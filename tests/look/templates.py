"""The templates as files, for the checks that read them."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2] / "templates"

_COMMENT = re.compile(r"{% comment.*?{% endcomment %}|{#.*?#}|<!--.*?-->", re.DOTALL)


def pages() -> dict[str, str]:
    """Every HTML and SVG template by its name, without comments."""
    return {
        name: _COMMENT.sub("", (ROOT / name).read_text())
        for name in names()
        if name.endswith((".html", ".svg"))
    }


def names() -> list[str]:
    return sorted(str(path.relative_to(ROOT)) for path in ROOT.rglob("*.*") if path.is_file())


def is_mail(name: str) -> bool:
    """Mail programs drop style sheets, so a mail alone may carry its styles inline."""
    return name.startswith("mail/") or "/mail/" in name or "/email/" in name


def untranslated(source: str) -> list[str]:
    """The words in a template that no translator would be shown."""
    source = re.sub(
        r"{% block(?:translate|trans)\b.*?{% endblock(?:translate|trans) %}",
        " ",
        source,
        flags=re.DOTALL,
    )
    # What stands inside a tag of the page that is extended.
    source = re.sub(r"{% block body_class %}\w+", " ", source)
    source = re.sub(r"{% block unsaved %}.*?{% endblock %}", " ", source)
    source = re.sub(r"<(script|style)\b.*?</\1>", " ", source, flags=re.DOTALL)
    source = re.sub(r"{%.*?%}|{{.*?}}", " ", source, flags=re.DOTALL)
    spoken = re.findall(r'\b(?:alt|aria-label|title|placeholder)="([^"]*)"', source)
    text = re.sub(r"<[^>]*>", "\n", source)
    return [
        words
        for part in [*spoken, *text.split("\n")]
        if (words := part.strip()) and _WORD.search(words)
    ]


_WORD = re.compile(r"(?!&)\b[^\W\d_]{2,}\b(?!;)")
