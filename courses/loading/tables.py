"""TOML tables that know the line of each of their keys, and note what is wrong with a value."""

import re
import tomllib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from courses.loading.problems import Problems
from courses.torn_toml import toml_fault

T = TypeVar("T")


def read_text(path: Path, problems: Problems) -> str | None:
    """A text file's words, or None with the problem noted."""
    try:
        text = path.read_text("utf-8-sig")  # some editors begin a file with an invisible mark
    except FileNotFoundError:
        problems.add(path, None, _("There is no such file. Add it."))
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        problems.add(path, line, _("This is not text in UTF-8. Save it as UTF-8."))
    except OSError as error:
        problems.add(path, None, _("This cannot be read: %s.") % error.strerror)
    else:
        return text if _holds_text(text, path, problems) else None
    return None


def _holds_text(text: str, path: Path, problems: Problems) -> bool:
    """Whether it is without the character that PostgreSQL's text cannot hold; noted if not."""
    above, nul, _below = text.partition("\0")
    if nul:
        problems.add(path, above.count("\n") + 1, _said_of_nul())
    return not nul


def _said_of_nul() -> str:
    return _("There is a character here that is no text (U+0000). Take it out.")


def read_toml(path: Path, problems: Problems) -> "Table | None":
    """The file's top table, or None with the problem noted."""
    text = read_text(path, problems)
    if text is None:
        return None
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        fault = toml_fault(text, error)
        problems.add(path, fault.line, str(fault._replace(sentence=_(fault.sentence))))
        return None
    except (ValueError, RecursionError):
        sentence = _("This cannot be read as TOML: a number is too long, or a list too deep.")
        problems.add(path, None, sentence)
        return None
    return Table(data, path, text.splitlines(), problems)


class Table:
    """One table of a file, from the line `first` up to `end` (counted from 0, `end` excluded)."""

    def __init__(
        self,
        data: dict[str, Any],
        path: Path,
        lines: list[str],
        problems: Problems,
        *,
        first: int = 0,
        end: int | None = None,
    ) -> None:
        self.data = data
        self.path = path
        self.lines = lines
        self.problems = problems
        self.first = first
        self.end = len(lines) if end is None else end

    def wrong(self, key: str | None, sentence: str) -> None:
        """Notes a problem, on the line of `key` or, if it is not written, of the table."""
        self.problems.add(self.path, self._line_of(key), sentence)

    def check_keys(self, known: Iterable[str]) -> None:
        for key in self.data.keys() - set(known):
            sentence = _("“%(key)s” is not known here. Known are: %(known)s.")
            self.wrong(key, sentence % {"key": key, "known": ", ".join(known)})

    def text(self, key: str, *, required: bool = False, longest: int | None = None) -> str:
        """A string, stripped; "" where it is absent or wrong."""
        value = self._of_type(key, str, _("must be text between quotation marks"))
        text = (value or "").strip()
        if "\0" in text:
            self.wrong(key, _said_of_nul())
            return ""
        if required and not text and (key not in self.data or value is not None):
            self.wrong(key, _("“%s” is missing. Write it.") % key)
        if longest and len(text) > longest:
            sentence = _("“%(key)s” is longer than %(longest)d characters. Shorten it.")
            self.wrong(key, sentence % {"key": key, "longest": longest})
        return text

    def seconds(self, key: str) -> float | None:
        """A number above 0, or None."""
        value = self.data.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 1e6:
            self.wrong(key, _("“%s” must be a number of seconds above 0, like 312.5.") % key)
            return None
        return float(value)

    def tables(self, key: str) -> list["Table"]:
        """The tables of `[[key]]`, in order."""
        value: list[Any] = self._of_type(key, list, _("must be written as [[%s]]") % key) or []
        if not all(isinstance(item, dict) for item in value):
            self.wrong(key, _("“%(key)s” must be written as [[%(key)s]].") % {"key": key})
            return []
        header = re.compile(rf"\s*\[\[\s*{re.escape(key)}\s*\]\]")
        starts = [n for n, line in enumerate(self.lines) if header.match(line)]
        # Written in one line as key = [{...}, {...}]: there are no headers, so all share the place.
        starts = starts if len(starts) == len(value) else [self.first] * len(value)
        return [self._below(item, start) for item, start in zip(value, starts, strict=True)]

    def _below(self, data: dict[str, Any], start: int) -> "Table":
        headers = (n for n in range(start + 1, len(self.lines)) if self._is_header(n))
        end = next(headers, len(self.lines))
        return Table(data, self.path, self.lines, self.problems, first=start, end=end)

    def _is_header(self, number: int) -> bool:
        return self.lines[number].lstrip().startswith("[")

    def _of_type(self, key: str, wanted: Callable[..., T], sentence: str) -> T | None:
        value = self.data.get(key)
        if value is None or isinstance(value, wanted):  # type: ignore[arg-type]
            return value
        self.wrong(key, f"“{key}” {sentence}.")
        return None

    def _line_of(self, key: str | None) -> int:
        if key is not None:
            pattern = re.compile(rf"\s*(?:\[\[?\s*)?\"?{re.escape(key)}\"?\s*(?:=|\])")
            for number in range(self.first, self.end):
                if pattern.match(self.lines[number]):
                    return number + 1
        return self.first + 1
