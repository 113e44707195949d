"""The check as a person starts it: from the root of the repository, with nothing set up."""

import os
import subprocess
import sys
from pathlib import Path

from tests.courses.folders import change

ROOT = Path(__file__).parents[2]


def check(folder: Path) -> subprocess.CompletedProcess[str]:
    """Without any environment: no secret, no database, no settings."""
    return subprocess.run(
        [sys.executable, "-m", "content.check", folder],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )


def test_sound_folder_is_told_in_one_line(folder: Path) -> None:
    told = check(folder)

    assert (told.returncode, told.stderr) == (0, "")
    assert told.stdout == (
        f"{folder}: 2 weeks, 8 materials, 0 min of sound and pictures, 0.1 MB. Nothing to mend.\n"
    )


def test_every_fault_goes_to_stderr_with_a_status_of_1(folder: Path) -> None:
    change(folder / "week-1/module.toml", 'alternative_to = "exercise"', 'alternative_to = "walk"')
    change(folder / "week-2/video.md", "[pause 1s]", "[Pause 1s]")

    told = check(folder)

    assert (told.returncode, told.stdout) == (1, "")
    assert told.stderr == (
        "week-1/module.toml, line 36: There is no material “walk” in this week. "
        "Choose: video, handout, exercise.\n"
        "week-2/video.md, line 6: “[Pause 1s]” cannot be read. Write [pause 8s] or [point].\n"
    )


def test_medium_under_the_name_of_another_type_is_told(folder: Path) -> None:
    (folder / "week-1/exercise.m4a").rename(folder / "week-1/exercise.ogg")
    change(folder / "week-1/module.toml", '"exercise.m4a"', '"exercise.ogg"')

    assert check(folder).stderr == (
        "week-1/module.toml, line 42: “exercise.ogg” is .m4a by its content. Name it so.\n"
    )
