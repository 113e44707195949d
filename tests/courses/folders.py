"""A small course folder on disk, to be read as it is or spoilt first."""

import shutil
from pathlib import Path

from content.build.course import scripted_media
from content.build.lock import write_lock
from tests.factories.courses import FILES

COURSE = """\
title = "A small course"
slug = "small"
summary = "Two weeks."
licence = "CC BY 4.0"
"""
MODULE = """\
title = "The idea of week {week}"
aim = "One small step."
introduction = "Welcome to *this* week."

[[practice]]
when = "Most days"
what = "Listen to the exercise."

[[material]]
key = "video"
kind = "video"
title = "Why we are hard on ourselves"
file = "video.mp4"
captions = "video.vtt"
transcript = "video.transcript.vtt"
chapters = "video.chapters.vtt"
poster = "video.jpg"
script = "video.md"
duration = 3.0

[[material]]
key = "handout"
kind = "handout"
title = "What self-compassion is"
summary = "All on two pages."
body = "handout.md"

[[material]]
key = "exercise-short"
kind = "exercise"
title = "Breathing, the short one"
file = "exercise-short.m4a"
captions = "exercise-short.vtt"
transcript = "exercise-short.transcript.vtt"
duration = 2
alternative_to = "exercise"

[[material]]
key = "exercise"
kind = "exercise"
title = "Breathing"
file = "exercise.m4a"
captions = "exercise.vtt"
transcript = "exercise.transcript.vtt"
duration = 4.0
"""
WORDS = """\
WEBVTT

00:00:00.000 --> 00:00:01.500
Hello, and
welcome.

00:00:01.500 --> 00:00:02.000
You can stop at any time.
"""
SCRIPT = """\
## Hello

> ### Welcome
> ![A soft circle](../figures/circle.svg)

Hello, and welcome. [pause 1s]

> ### Gently
> - You can stop

Before we begin: [point] you can stop at any time.
"""
CIRCLE = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><circle cx="5" cy="5" r="4"/></svg>
"""


def course_folder(folder: Path, weeks: int = 2) -> Path:
    """Writes the folder, which is sound."""
    folder.mkdir()
    (folder / "course.toml").write_text(COURSE, "utf-8")
    for week in range(1, weeks + 1):
        _week(folder / f"week-{week}", week)
    (folder / "figures").mkdir()
    (folder / "figures" / "circle.svg").write_text(CIRCLE, "utf-8")
    lock(folder)
    return folder


def lock(folder: Path) -> None:
    """Notes the media as they are for what was built from the scripts as they are."""
    write_lock(folder, {medium.name: medium.record() for medium in scripted_media(folder)})


def _week(folder: Path, week: int) -> None:
    folder.mkdir()
    (folder / "module.toml").write_text(MODULE.format(week=week), "utf-8")
    (folder / "handout.md").write_text(f"## Week {week}\n\nWhat would you *say*?\n", "utf-8")
    for name in ("video.mp4", "exercise.m4a", "exercise-short.m4a"):
        shutil.copy(FILES / name, folder)
    shutil.copy(FILES / "poster.jpg", folder / "video.jpg")
    for stem in ("video", "exercise", "exercise-short"):
        (folder / f"{stem}.vtt").write_text(WORDS, "utf-8")
        (folder / f"{stem}.transcript.vtt").write_text(WORDS, "utf-8")
    (folder / "video.md").write_text(SCRIPT, "utf-8")
    (folder / "video.chapters.vtt").write_text(WORDS, "utf-8")


def change(path: Path, old: str, new: str) -> None:
    """Puts `new` in the place of `old`, which must be there once."""
    text = path.read_text("utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path}"
    path.write_text(text.replace(old, new), "utf-8")
