"""Why a TOML file cannot be read, in the words of someone who writes courses.

Without Django, because the media are built where there is none: whoever shows a sentence
translates it.
"""

import re
import tomllib
from typing import NamedTuple


class TomlFault(NamedTuple):
    """`line` counts from 1; `sentence` holds a place for `words`, if there are any."""

    line: int
    sentence: str
    words: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.sentence % self.words if self.words else self.sentence


def gettext_noop(sentence: str) -> str:
    """Marks a sentence for translators; Django's own function of this name does no more."""
    return sentence


_AT = re.compile(r"(?P<what>.*?)\s*\(at (?:line (?P<line>\d+), column \d+|end of document)\)")
_VALUE = re.compile(r"[^=]*=\s*(?P<value>.*?)\s*")
_UNREAD = gettext_noop("This cannot be read as TOML: %s.")
_CURLY = gettext_noop('Curly quotation marks do not hold a text here. Write straight ones (").')
_COMMA = gettext_noop("Write the number with a point, like 312.5.")
_EMPTY = gettext_noop(
    "There is nothing after the “=”. Write a text between quotation marks, or a number; "
    'a text over several lines begins with """.'
)
_NOT_CLOSED = gettext_noop(
    'The text that begins here with """ does not end. Write """ after its last line.'
)
_NOT_OPENED = gettext_noop(
    'This """ ends no text. Take it out, or write """ where the text begins.'
)
_NO_END = gettext_noop(
    'The text on this line does not end. Write a quotation mark (") after it; '
    'a text over several lines stands between """ and """.'
)
_NO_MARKS = gettext_noop('Write a quotation mark (") before and after the text on this line.')
_MORE = gettext_noop(
    "There is more on this line after the end of its text or number. Take it out; "
    "a quotation mark within a text is written “ or ”."
)
_NO_EQUALS = gettext_noop(
    'This line is not read. Write it like title = "Hello"; '
    'a text over several lines stands between """ and """.'
)
_TWICE = gettext_noop("This is written twice. Keep one.")
_BRACKETS = gettext_noop("Close the brackets on this line, like [[material]].")
_BACKSLASH = gettext_noop("A \\ is not read in a text. Take it out, or write it twice.")
_SENTENCES = {  # by how the reader's own words begin
    "Illegal character '\\n'": _NO_END,
    "Invalid value": _NO_MARKS,
    "Expected newline": _MORE,
    "Expected '='": _NO_EQUALS,
    "Invalid statement": _NO_EQUALS,
    "Cannot overwrite a value": _TWICE,
    "Cannot declare": _TWICE,
    "Expected ']": _BRACKETS,
    "Unescaped '\\'": _BACKSLASH,
}


def toml_fault(text: str, error: tomllib.TOMLDecodeError) -> TomlFault:
    """What made `error` of `text`, and on which line."""
    lines = text.split("\n")
    found = _AT.fullmatch(str(error))
    what = found["what"] if found else str(error)
    last = len(text.splitlines()) or 1
    number = int(found["line"]) if found and found["line"] else last
    torn = _torn(lines)
    if torn and torn.line <= number:  # or another fault comes first
        return torn
    known = next((said for begin, said in _SENTENCES.items() if what.startswith(begin)), None)
    if known is None:
        return TomlFault(number, _UNREAD, (what.lower().rstrip("."),))
    return TomlFault(number, _of_value(lines[number - 1]) or known)


def _torn(lines: list[str]) -> TomlFault | None:
    '''The first """ that has no fellow: an opening one stands after "=", a closing one does not.'''
    opened = 0
    for number, line in enumerate(lines, 1):
        if not opened and line.lstrip().startswith("#"):
            continue
        for mark in re.finditer('"""', line):
            opens = line[: mark.start()].rstrip().endswith("=")
            if opened and opens:
                return TomlFault(opened, _NOT_CLOSED)
            if not opened and not opens:
                return TomlFault(number, _NOT_OPENED)
            opened = 0 if opened else number
    return TomlFault(opened, _NOT_CLOSED) if opened else None


def _of_value(line: str) -> str:
    """What is wrong with the value on this line, where its look tells; "" where it does not."""
    found = _VALUE.fullmatch(line)
    if found is None:
        return ""
    value = found["value"]
    curly_end = value.endswith("”") and value.count("”") > value.count("“")
    if curly_end or value.startswith(("“", "”", "„", "‘", "’")):
        return _CURLY
    if re.match(r"\d+,\d", value):
        return _COMMA
    if value.startswith(("[", "{")):
        return _BRACKETS
    return "" if value else _EMPTY
