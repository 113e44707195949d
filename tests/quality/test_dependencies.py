"""Each dependency has its reason, and the locks say exactly what is installed, from anywhere."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROJECT = (ROOT / "pyproject.toml").read_text()


def _normal(requirement: str) -> str:
    match = re.match(r"[\w.-]+", requirement)
    assert match is not None
    return match[0].lower().replace("_", "-")


def _pins(lock: str) -> dict[str, str]:
    text = (ROOT / "requirements" / f"{lock}.lock").read_text()
    return dict(re.findall(r"^([\w.-]+)==([^\s;]+)", text, flags=re.MULTILINE))


def test_each_production_dependency_says_why_it_is_there() -> None:
    begin = PROJECT.index("dependencies = [")
    lines = PROJECT[begin : PROJECT.index("\n]", begin)].splitlines()[1:]
    unexplained = [
        line.strip()
        for before, line in zip(["", *lines], lines, strict=False)
        if line.strip().startswith('"') and not before.strip().startswith("#")
    ]
    assert unexplained == []


def test_every_dependency_is_locked() -> None:
    project = tomllib.loads(PROJECT)
    wanted = {_normal(line) for line in project["project"]["dependencies"]}
    assert wanted - set(_pins("run")) == set()
    for name, group in project["dependency-groups"].items():
        named = {_normal(line) for line in group if isinstance(line, str)}
        assert named - set(_pins(name)) == set()


@pytest.mark.parametrize("lock", ["run", "bench"])
def test_tests_run_on_the_versions_that_serve_people(lock: str) -> None:
    dev = _pins("dev")
    assert {name: dev.get(name) for name in _pins(lock)} == _pins(lock)


@pytest.mark.parametrize("lock", ["run", "bench", "dev"])
def test_a_lock_names_no_place_to_fetch_from(lock: str) -> None:
    text = (ROOT / "requirements" / f"{lock}.lock").read_text()
    assert re.findall(r"https?://|file:|--index|--extra-index|--find-links", text) == []


@pytest.mark.parametrize(
    "script", ["bin/venv", "bin/browser", "bin/nginx", "bin/test", "bin/check", "bin/lock"]
)
def test_scripts_are_plain_shell(script: str) -> None:
    subprocess.run(["sh", "-n", ROOT / script], check=True)
