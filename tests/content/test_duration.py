"""The duration of what was built goes into its own table of module.toml; all else stays."""

import tomllib
from pathlib import Path

import pytest

from content.build.course import scripted_media
from content.build.duration import set_duration

MODULE = """title = "A week"

[[material]]
key = "exercise"
kind = "exercise"
script = "exercise.md"

[[material]]
key = "exercise-short"
kind = "exercise"
script = "exercise-short.md"
duration = 9.0
"""


@pytest.fixture
def module(tmp_path: Path) -> Path:
    (tmp_path / "week-1").mkdir()
    return tmp_path / "week-1" / "module.toml"


def test_duration_is_written_into_its_own_material_alone(module: Path) -> None:
    module.write_text(MODULE, "utf-8")
    long, short = scripted_media(module.parents[1])

    set_duration(long, 601.25)
    set_duration(short, 226.2)

    assert module.read_text("utf-8") == MODULE.replace(
        'script = "exercise.md"\n', 'script = "exercise.md"\nduration = 601.2\n'
    ).replace("duration = 9.0", "duration = 226.2")
    assert list(module.parent.iterdir()) == [module]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("duration=9.0\n", "duration=12.3\n"),
        ("duration     = 9\n", "duration     = 12.3\n"),
        ("  duration = 9.0\n", "  duration = 12.3\n"),
        ('"duration" = 9.0\n', '"duration" = 12.3\n'),
        ("duration = 9.0 # by hand\n", "duration = 12.3 # by hand\n"),
        ("duration = 9.0", "duration = 12.3"),
        ("duration = 9.0\r\n", "duration = 12.3\r\n"),
        ('summary = """\nduration = 9.0\n"""\n', 'summary = """\nduration = 9.0\n"""\n'),
    ],
)
@pytest.mark.parametrize(
    "key",
    ["key = 'v'", 'key      = "v"', 'key = "v" # x', 'key = "v" ', '  key = "v"', 'key=" v "'],
)
def test_any_lawful_way_to_write_it_is_kept(
    module: Path, key: str, before: str, after: str
) -> None:
    start = f'[[material]]\n{key}\nkind = "video"\n'
    script = "script = 'v.md'\n"
    module.write_bytes(f"{start}{script}{before}".encode())

    set_duration(*scripted_media(module.parents[1]), 12.34)

    inserted = "duration = 12.3\n" if "summary" in before else ""
    assert module.read_bytes().decode() == f"{start}{script}{inserted}{after}"


def test_what_only_looks_like_the_table_is_left(module: Path) -> None:
    decoy = "what = '''\n[[material]]\nkey = \"v\"\nscript = \"v.md\"\nduration = 9.0\n'''\n"
    table = '[[material]]\nkey = "v"\nkind = "video"\nscript="v.md"'
    module.write_text(f"{decoy}{table}", "utf-8")

    set_duration(*scripted_media(module.parents[1]), 12.3)

    assert module.read_text("utf-8") == f"{decoy}{table}\nduration = 12.3"
    assert tomllib.loads(module.read_text("utf-8"))["material"][0]["duration"] == 12.3
