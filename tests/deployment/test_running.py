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
