"""`make content` says what it needs and does not have before it fetches anything."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A repository in which nothing was set up, on a machine that has `dirname` and `grep`."""
    (tmp_path / "bin").mkdir()
    shutil.copy(ROOT / "bin" / "content", tmp_path / "bin")
    (tmp_path / "programs").mkdir()
    for name in ("dirname", "grep"):
        (tmp_path / "programs" / name).symlink_to(shutil.which(name) or name)
    return tmp_path


def test_what_is_missing_is_said_in_one_sentence(clone: Path) -> None:
    told = subprocess.run(
        [clone / "bin" / "content"],
        env={"PATH": os.fspath(clone / "programs")},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (told.returncode, told.stdout) == (1, "")
    assert told.stderr == (
        "Building media needs more from Debian (ffmpeg with its rubberband filter): "
        "apt-get install ffmpeg chromium fonts-inter npm\n"
    )
    assert sorted(path.name for path in clone.iterdir()) == ["bin", "programs"]


@pytest.mark.parametrize(
    ("named", "built"),
    [
        ([], "content/self-compassion"),
        (["course"], "{clone}/mine/course"),
        (["{clone}/mine/course"], "{clone}/mine/course"),
    ],
)
def test_folder_is_looked_for_where_it_was_named(clone: Path, named: list[str], built: str) -> None:
    stand_in = '#!/bin/sh\necho "$0 $*"\n'
    _program(clone / "bin" / "venv", "#!/bin/sh\n")
    _program(clone / ".venv" / "bin" / "python", stand_in)
    _program(clone / "content" / "build" / ".venv" / "bin" / "python", stand_in)
    for name in ("requirements.txt", "requirements-alone.txt", ".venv/installed.txt"):
        (clone / "content" / "build" / name).write_text("")
    (clone / "content" / "build" / ".cache" / "package").mkdir(parents=True)
    for name in ("cat", "cmp"):
        (clone / "programs" / name).symlink_to(shutil.which(name) or name)
    _program(clone / "programs" / "ffmpeg", "#!/bin/sh\necho rubberband\n")
    _program(clone / "programs" / "chromium", "#!/bin/sh\n")
    _program(clone / "programs" / "fc-list", "#!/bin/sh\necho Inter\n")
    (clone / "mine").mkdir()

    told = subprocess.run(
        [clone / "bin" / "content", *(name.format(clone=clone) for name in named)],
        cwd=clone / "mine",
        env={"PATH": os.fspath(clone / "programs")},
        capture_output=True,
        text=True,
        check=True,
    )

    course = built.format(clone=clone)
    assert told.stdout.splitlines()[-2:] == [
        f"content/build/.venv/bin/python -m content.build {course}",
        f".venv/bin/python -m content.check {course}",
    ]


def _program(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)
