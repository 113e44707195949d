"""From the bytes of a CSV file to rows of text. RFC 4180, with a comma or a semicolon between."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from monitoring.enrol import columns
from monitoring.enrol.faults import Fault

MOST_BYTES = 20_000_000
MOST_ROWS = 100_000
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_LONGEST_CELL = 1000


@dataclass(frozen=True)
class Row:
    """`line` is where it begins in the file; `cells` by column, without spaces around."""

    line: int
    cells: Mapping[str, str]


@dataclass
class Sheet:
    header: list[str] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    blank: int = 0
    """Lines without anything in them, which are passed over."""


def read(content: bytes, keys: Sequence[str]) -> Sheet:
    """`keys`: of the statements whose columns may be there. Raises nothing: faults are told."""
    text, faults = _decoded(content)
    if faults:
        return Sheet(faults=faults)
    sheet = Sheet()
    _fill(sheet, text, keys)
    return sheet


def _decoded(content: bytes) -> tuple[str, list[Fault]]:
    if len(content) > MOST_BYTES:
        return "", [Fault(0, "", _("The file is larger than 20 MB. Divide it."))]
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = 0 if content.startswith(_UTF16) else content.count(b"\n", 0, error.start) + 1
        words = _("This is not in UTF-8. Save the file once more as “CSV UTF-8”.")
        return "", [Fault(line, "", words)]
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        return "", [Fault(line, "", _("Something here is no text. Save the file as “CSV UTF-8”."))]
    return text, []


def _fill(sheet: Sheet, text: str, keys: Sequence[str]) -> None:
    lines = _rows(sheet, text)
    line, header = next(lines, (1, []))
    if not header:
        sheet.faults = sheet.faults or [Fault(0, "", _("The file is empty."))]
        return
    sheet.header = [columns.cleaned(name) for name in header]
    sheet.faults += columns.faults(sheet.header, line, keys)
    if sheet.faults:
        return
    for line, cells in lines:
        _take(sheet, line, cells)
        if len(sheet.rows) > MOST_ROWS:
            sheet.faults.append(Fault(0, "", _("The file has over 100,000 rows. Divide it.")))
            return
    if not sheet.rows and not sheet.faults:
        sheet.faults.append(Fault(0, "", _("The file has a header, and no people below it.")))


def _rows(sheet: Sheet, text: str) -> Iterator[tuple[int, list[str]]]:
    """Each with the line it begins on; blank ones are counted."""
    reader = csv.reader(io.StringIO(text, newline=None), delimiter=_between(text), strict=True)
    begins = 1
    while True:
        try:
            cells = [cell.strip() for cell in next(reader)]
        except StopIteration:
            return
        except csv.Error as error:
            # A quotation mark that is never closed: whatever follows is in it.
            words = _("From here on the quotation marks do not match, so the rest cannot be read.")
            if str(error).startswith("field larger than"):
                words = _("A cell is too long here, so the rest cannot be read.")
            sheet.faults.append(Fault(begins, "", words))
            return
        if any(cells):
            yield begins, cells
        else:
            sheet.blank += 1
        begins = reader.line_num + 1


def _between(text: str) -> str:
    """Whichever stands more often in the first line that has anything in it."""
    first = text.lstrip().partition("\n")[0]
    return ";" if first.count(";") > first.count(",") else ","


def _take(sheet: Sheet, line: int, cells: list[str]) -> None:
    if len(cells) != len(sheet.header):
        words = _("Cells in this line: %(cells)d. In the header: %(header)d.")
        counts = {"cells": len(cells), "header": len(sheet.header)}
        sheet.faults.append(Fault(line, "", words % counts))
        return
    row = Row(line, dict(zip(sheet.header, cells, strict=True)))
    sheet.rows.append(row)
    for name, cell in row.cells.items():
        if len(cell) > _LONGEST_CELL:
            sheet.faults.append(Fault(line, name, _("This is too long.")))
