"""python -m content.build content/self-compassion: rebuilds every medium whose script changed."""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from content.build.captions import write_vtt
from content.build.course import Medium, read_lock, scripted_media, set_duration, write_lock
from content.build.narration import EXERCISE, LESSON, narrate
from content.build.progress import Progress, Tell
from content.build.script import ScriptError
from content.build.sound import loudness, write_levelled, write_recording
from content.build.speech import SentenceTooLong, Speaker
from content.build.video import write_video

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


def build(medium: Medium, speaker: Speaker, tell: Tell) -> str:
    """Writes all files of one medium and its duration; says what came out."""
    began = time.monotonic()
    told = narrate(medium.script(), speaker, LESSON if medium.is_video else EXERCISE, tell)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        wav = folder / "speech.wav"
        write_levelled(told.sound, wav)
        if medium.is_video:
            file, poster = medium.path("file"), medium.path("poster")
            write_video(told, wav, file, poster, folder=folder, tell=tell)
            write_vtt(medium.path("chapters"), told.chapters)
        else:
            write_recording(wav, medium.path("file"))
    write_vtt(medium.path("captions"), told.captions)
    write_vtt(medium.path("transcript"), told.transcript)
    set_duration(medium, told.now)
    level = loudness(medium.path("file"))
    size = medium.path("file").stat().st_size / 1e6
    return (
        f"{told.now:.1f} s, {size:.2f} MB, {level['input_i']:.1f} LUFS, "
        f"peak {level['input_tp']:.1f} dBTP, built in {time.monotonic() - began:.0f} s"
    )


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
