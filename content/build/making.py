"""Makes one medium, with all that is written beside it."""

import shutil
import tempfile
import time
from pathlib import Path

from content.build.captions import write_vtt
from content.build.course import Medium, set_duration
from content.build.narration import EXERCISE, LESSON, Narration, narrate
from content.build.progress import Tell
from content.build.sound import loudness, write_levelled, write_recording
from content.build.speech import Speaker
from content.build.video import write_video


def build(medium: Medium, speaker: Speaker, tell: Tell) -> str:
    """Writes all files of one medium and its duration; says what came out."""
    began = time.monotonic()
    told = narrate(medium.script(), speaker, LESSON if medium.is_video else EXERCISE, tell)
    with tempfile.TemporaryDirectory() as folder:
        made = _make(medium, told, Path(folder), tell)
        for field, path in made.items():  # whole, or not at all
            shutil.move(path, medium.path(field))
    _write_words(medium, told)
    level = loudness(medium.path("file"))
    size = medium.path("file").stat().st_size / 1e6
    return (
        f"{told.now:.1f} s, {size:.2f} MB, {level['input_i']:.1f} LUFS, "
        f"peak {level['input_tp']:.1f} dBTP, built in {time.monotonic() - began:.0f} s"
    )


def _make(medium: Medium, told: Narration, folder: Path, tell: Tell) -> dict[str, Path]:
    """The medium and a video's poster, made in `folder`, by the fields that name them."""
    wav = folder / "speech.wav"
    write_levelled(told.sound, wav)
    fields = ("file", "poster") if medium.is_video else ("file",)
    made = {field: folder / medium.path(field).name for field in fields}
    if medium.is_video:
        write_video(told, wav, made["file"], made["poster"], folder=folder, tell=tell)
    else:
        write_recording(wav, made["file"])
    return made


def _write_words(medium: Medium, told: Narration) -> None:
    write_vtt(medium.path("captions"), told.captions)
    write_vtt(medium.path("transcript"), told.transcript)
    if medium.is_video:
        write_vtt(medium.path("chapters"), told.chapters)
    set_duration(medium, told.now)
