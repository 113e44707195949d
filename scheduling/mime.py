"""A message's bytes: two parts in quoted-printable, seven bits, lines of at most 76 characters.

Python's own `EmailMessage` parses and folds each header anew, and takes longer for a mail than the
database and the server together. Here what many mails share is folded once, and C does the rest.
"""

import re
from binascii import b2a_qp
from collections.abc import Mapping
from email.header import Header
from email.policy import EmailPolicy
from email.utils import formataddr, parseaddr
from functools import lru_cache

from scheduling.hooks import marks

# RFC 2045, 6.7: a line of quoted-printable has 76 characters at most.
_WIDTH = 76
# Of one mail alone, and made by us without anything to fold. Python would make a long word of these
# =?utf-8?q?…?=, which no reader of them undoes.
_AS_IT_IS = frozenset({"Date", "Message-ID", "List-Unsubscribe", *marks.HEADERS})
# An address that is one word, which is nearly every one, cannot be folded either.
_ONE_WORD = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+")
# Quoted-printable never writes "=_", so this is in no part.
_BOUNDARY = "=_alternative"
_HEAD = f'MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary="{_BOUNDARY}"\r\n\r\n'
_PART = (
    f"--{_BOUNDARY}\r\n"
    'Content-Type: text/%s; charset="utf-8"\r\n'
    "Content-Transfer-Encoding: quoted-printable\r\n\r\n%s"
)
_END = f"--{_BOUNDARY}--\r\n"
_policy = EmailPolicy(linesep="\r\n", max_line_length=_WIDTH)


def message(headers: Mapping[str, str], *, text: str, html: str) -> bytes:
    """Raises `ValueError` for a header with a line break in it."""
    head = "".join(_header(name, value) for name, value in headers.items())
    parts = _PART % ("plain", _quoted(text)) + _PART % ("html", _quoted(html))
    return f"{head}{_HEAD}{parts}{_END}".encode("ascii")


def _header(name: str, value: str) -> str:
    if name in _AS_IT_IS or (name == "To" and _ONE_WORD.fullmatch(value)):
        return _line(name, value)
    # Nobody's address is kept.
    return _folded(name, value) if name == "To" else _folded_once(name, value)


def _line(name: str, value: str) -> str:
    if "\r" in value or "\n" in value:
        raise ValueError(f"{name} has a line break in it")
    return f"{name}: {value}\r\n"


def _folded(name: str, value: str) -> str:
    known = _policy.header_store_parse(name, value)[1]
    match name:
        case "Subject":
            return f"{name}: {_encoded(value, name)}\r\n"
        case "From":
            return f"{name}: {_mailbox(value)}\r\n"
    return _policy.fold_binary(name, known).decode("ascii")


_folded_once = lru_cache(maxsize=256)(_folded)


def _mailbox(value: str) -> str:
    words, address = parseaddr(value)
    if words.isascii():
        return _encoded(formataddr((words, address)), "From")
    return f"{_encoded(words, 'From')} <{address}>"


def _encoded(words: str, name: str) -> str:
    """Folded by the older of Python's two encoders: the newer one loses spaces between words."""
    charset = "us-ascii" if words.isascii() else "utf-8"
    return Header(words, charset, _WIDTH, name).encode(linesep="\r\n")


def _quoted(text: str) -> str:
    """With the line end before the boundary; from it C takes how lines end."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\r\n")
    return b2a_qp(f"{lines}\r\n".encode()).decode("ascii")
