"""python -m content.build content/self-compassion: rebuilds every medium whose script changed."""

import argparse
import subprocess
import sys
from pathlib import Path

from content.build.before import refuse_faults, refuse_too_long
from content.build.course import CourseError, scripted_media
from content.build.lock import LockError, read_lock, write_lock
from content.build.making import build
from content.build.progress import Progress
from content.build.speech import Speaker

CACHE = Path(__file__).parent / ".cache"


def main() -> None:
    """Builds what changed, one line a medium; ends with a sentence where it cannot."""
    arguments = _arguments()
    try:
        _build(arguments.course, Speaker(voices=arguments.voices, cache=arguments.cache))
    except (CourseError, LockError) as error:
        sys.exit(str(error))
    except subprocess.CalledProcessError as error:
        sys.exit(_failure(error))


def _build(course: Path, speaker: Speaker) -> None:
    media = scripted_media(course)
    refuse_faults(media)
    lock = read_lock(course)
    changed = [medium for medium in media if lock.get(medium.name) != medium.record()]
    refuse_too_long(changed, speaker.can_say)
    for number, medium in enumerate(media, 1):
        label = f"[{number}/{len(media)}] {medium.name}"
        if medium not in changed:
            print(f"{label}: unchanged")
            continue
        progress = Progress(label, sys.stdout)
        progress.end(build(medium, speaker, progress.tell))
        # Read anew: another run may have built another medium meanwhile.
        lock = read_lock(course) | {medium.name: medium.record()}
        write_lock(course, {each.name: lock[each.name] for each in media if each.name in lock})


def _failure(error: subprocess.CalledProcessError) -> str:
    """Which program failed, and the last that it said."""
    said = error.stderr or ""
    text = said.decode(errors="replace") if isinstance(said, bytes) else said
    return "\n".join([f"{error.cmd[0]} failed.", *text.splitlines()[-5:]])


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m content.build", description=__doc__)
    parser.add_argument("course", type=Path, help="the course's folder")
    parser.add_argument("--cache", type=Path, default=CACHE, help="model and spoken sentences")
    parser.add_argument("--voices", type=Path, default=CACHE / "package" / "voices")
    arguments = parser.parse_args()
    if not arguments.voices.is_dir():
        sys.exit(f"No voices in {arguments.voices}. Run make content, which fetches them.")
    return arguments


if __name__ == "__main__":
    main()
