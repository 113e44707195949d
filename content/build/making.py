"""Makes one medium, with all that is written beside it."""

import tempfile
import time
from pathlib import Path

from content.build.captions import write_vtt
from content.build.course import Medium
from content.build.duration import set_duration
from content.build.narration import EXERCISE, LESSON, Narration, narrate
from content.build.progress import Tell
from content.build.sound import loudness, write_levelled, write_recording
from content.build.speech import Speaker
from content.build.video import write_video


def build(medium: Medium, speaker: Speaker, tell: Tell) -> str:
    """Writes all files of one medium and its duration; says what came out."""
    began = time.monotonic()
    told = narrate(medium.script(), speaker, LESSON if medium.is_video else EXERCISE, tell)
    # On the same disk as what it makes, so that each file takes its place whole, or not at all.
    with tempfile.TemporaryDirectory(prefix=".building-", dir=medium.folder) as folder:
        for field, path in _make(medium, told, Path(folder), tell).items():
            path.replace(medium.path(field))
    set_duration(medium, told.now)
    level = loudness(medium.path("file"))
    size = medium.path("file").stat().st_size / 1e6
    return (
        f"{told.now:.1f} s, {size:.2f} MB, {level['input_i']:.1f} LUFS, "
        f"peak {level['input_tp']:.1f} dBTP, built in {time.monotonic() - began:.0f} s"
    )


def _make(medium: Medium, told: Narration, folder: Path, tell: Tell) -> dict[str, Path]:
    """Every file of the medium, made in `folder`, by the field that names it."""
    made = {field: folder / f"{field}{medium.path(field).suffix}" for field in medium.written()}
    wav = folder / "speech.wav"
    write_levelled(told.sound, wav)
    if medium.is_video:
        write_video(told, wav, made["file"], made["poster"], folder=folder, tell=tell)
        write_vtt(made["chapters"], told.chapters)
    else:
        write_recording(wav, made["file"])
    write_vtt(made["captions"], told.captions)
    write_vtt(made["transcript"], told.transcript)
    return made
