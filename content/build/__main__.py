"""python -m content.build content/self-compassion: rebuilds every medium whose script changed."""

import argparse
import sys
from pathlib import Path

from content.build.course import Medium, read_lock, scripted_media, write_lock
from content.build.making import build
from content.build.progress import Progress
from content.build.script import ScriptError
from content.build.speech import SentenceTooLong, Speaker

CACHE = Path(__file__).parent / ".cache"


def main() -> None:
    """Builds what changed, one line a medium."""
    arguments = _arguments()
    speaker = Speaker(voices=arguments.voices, cache=arguments.cache)
    media = scripted_media(arguments.course)
    _refuse_faults(media)
    lock = read_lock(arguments.course)
    for number, medium in enumerate(media, 1):
        label = f"[{number}/{len(media)}] {medium.name}"
        fingerprint = medium.fingerprint()
        if lock.get(medium.name) == fingerprint and all(map(Path.exists, medium.outputs())):
            print(f"{label}: unchanged")
            continue
        progress = Progress(label, sys.stdout)
        try:
            progress.end(build(medium, speaker, progress.tell))
        except SentenceTooLong as error:
            sys.exit(f"{medium.path('script')}: {error}")
        lock[medium.name] = fingerprint
        write_lock(arguments.course, lock)


def _refuse_faults(media: list[Medium]) -> None:
    """Ends with every fault of every script, before time is spent on any."""
    faults = []
    for medium in media:
        faults += [
            f"{medium.folder / 'module.toml'}: “{field}” is missing for {medium.name}. "
            "Name the file that is built from the script."
            for field in medium.unnamed()
        ]
        try:
            medium.script()
        except (ScriptError, OSError) as error:
            faults.append(str(error))
    if faults:
        sys.exit("\n".join(faults))


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
