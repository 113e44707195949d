"""Files and functions that someone can hold in their head. The limits are outer ones."""

import ast
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = (
    "courses",
    "demo",
    "keeping",
    "frozen_rows",
    "monitoring",
    "participants",
    "portal",
    "scheduling",
    "studies",
    "training_platform",
)

FILE_LINES = 400
FUNCTION_LINES = 50


def _code() -> list[Path]:
    return [
        path
        for room in ROOMS
        for path in sorted((ROOT / room).rglob("*.py"))
        if "migrations" not in path.parts and path.stat().st_size
    ]


def _file_lengths() -> dict[str, int]:
    return {
        str(path.relative_to(ROOT)): len(path.read_text().splitlines())
        for path in [*_code(), *sorted((ROOT / "tests").rglob("*.py"))]
    }


def _functions() -> Iterator[tuple[str, int]]:
    for path in _code():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                name = f"{path.relative_to(ROOT)}: {node.name}"
                yield name, (node.end_lineno or node.lineno) - node.lineno + 1


def test_no_file_outgrows_its_reader() -> None:
    too_long = {name: lines for name, lines in _file_lengths().items() if lines > FILE_LINES}
    assert too_long == {}


def test_no_function_outgrows_its_reader() -> None:
    assert [(name, lines) for name, lines in _functions() if lines > FUNCTION_LINES] == []


def test_most_files_and_functions_are_short() -> None:
    assert median(len(path.read_text().splitlines()) for path in _code()) <= 80
    assert median(lines for _, lines in _functions()) <= 10


@pytest.mark.parametrize("name", ["utils.py", "helpers.py", "signals.py", "misc.py"])
def test_no_file_is_a_drawer(name: str) -> None:
    assert [path for path in _code() if path.name == name] == []
