"""docs/running.md names what there is."""

import re
from pathlib import Path

import pytest
from django.core.management import get_commands

from tests.deployment import files
from tests.deployment.files import ROOT

TEXT = (ROOT / "docs/running.md").read_text()


def test_its_commands_of_manage_py_exist() -> None:
    named = set(re.findall(r"manage\.py ([a-z_]+)", TEXT))

    assert named
    assert named <= set(get_commands())


def test_its_services_are_those_of_the_compose_file() -> None:
    table = TEXT[TEXT.index("| service | is |") : TEXT.index("`docker compose ps`")]
    first = re.findall(r"^\| (`.+?`) \|", table, re.MULTILINE)

    assert {name for row in first for name in re.findall(r"`(\w+)`", row)} == set(files.services())


def test_its_variables_are_explained_in_the_example() -> None:
    named = set(re.findall(r"`([A-Z]+(?:_[A-Z]+)+)\b[^`]*`", TEXT))

    assert named <= set(files.example(also_commented=True))


@pytest.mark.parametrize(
    "name", sorted(set(re.findall(r"\]\(([^)#:]+)\)", TEXT)) | {"../deploy/prepare"})
)
def test_its_files_are_there(name: str) -> None:
    assert (Path(ROOT / "docs") / name).exists()


def test_its_places_in_itself_are_there() -> None:
    headings = re.findall(r"^#+ (.+)$", TEXT, re.MULTILINE)
    anchors = {re.sub(r"[^\w -]", "", each.lower()).replace(" ", "-") for each in headings}

    assert set(re.findall(r"\]\(#([^)]+)\)", TEXT)) <= anchors


def test_its_unit_starts_what_stands_among_the_processes() -> None:
    """With systemd's own way, SIGTERM ends a worker's processes in the midst of a mail."""
    [unit] = re.findall(r"```ini\n(.+?)```", TEXT, re.DOTALL)
    [started] = re.findall(r"^ExecStart=/srv/four-weeks/(.+)$", unit, re.MULTILINE)

    assert f"    {started}\n" in TEXT
    assert "KillMode=mixed\n" in unit
    assert "TimeoutStopSec=40\n" in unit


def test_its_lines_for_cron_have_no_percent_sign_that_ends_them() -> None:
    lines = re.findall(r"^    (?:30 2|5 \*) \* \* \*.+$", TEXT, re.MULTILINE)

    assert len(lines) == 4
    assert [line for line in lines if re.search(r"(?<!\\)%", line)] == []


def test_it_deletes_no_volumes_but_those_of_a_trial() -> None:
    lines = re.findall(r"^    docker compose.* down .+$", TEXT, re.MULTILINE)

    assert lines == ["    docker compose --project-name four-weeks-trial down --volumes"]
