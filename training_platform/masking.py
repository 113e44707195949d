"""Keeps the tokens of mailed links out of the logs, whose readers must not be able to use one.

A token is known by where it stands (after /go/, /emails/stop/ or /emails/decline/, in any case of
letters, each of which may be written as %67) and by its shape, wherever that stands.
"""

import logging
import re
from string import ascii_letters


def _in_any_writing(words: str) -> str:
    return "".join(
        f"(?:{letter}|%{ord(letter.lower()):02x}|%{ord(letter.upper()):02x})"
        if letter in ascii_letters
        else "(?:/|%2f)+"
        for letter in words
    )


_PLACED = re.compile(
    r"((?:(?<![\w-])|(?<=%2f))"
    f"(?:{_in_any_writing('go/')}|{_in_any_writing('emails/stop/')}"
    f"|{_in_any_writing('emails/decline/')}))"
    r"(?:(?!%2f)[^/\s\"'?#&<>])+",
    flags=re.IGNORECASE,
)
# A number, a second one or a digest, a dot, and the 43 letters of a signature: `scheduling.links`.
_SHAPED = re.compile(
    r"\b\d+(?:(?:-|%2d)[0-9a-f]*)?(?:\.|%2e)[\w-]{43}(?![\w-])", flags=re.IGNORECASE
)


def masked(text: str) -> str:
    return _SHAPED.sub("***", _PLACED.sub(r"\1***", text))


class MaskingFormatter(logging.Formatter):
    """Masks the finished line, and so also what a traceback says."""

    def format(self, record: logging.LogRecord) -> str:
        return masked(super().format(record))
