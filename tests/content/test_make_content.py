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
