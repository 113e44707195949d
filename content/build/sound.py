"""Levels speech to one loudness and writes it as a recording."""

import json
import subprocess
from pathlib import Path

import soundfile

from content.build.progress import Tell
from content.build.speech import RATE, Sound

LOUDNESS = -16.5  # LUFS, integrated over the speech
PEAK = -2.8  # dBTP that the limiter keeps below
FFMPEG = ("ffmpeg", "-hide_banner", "-nostats", "-y")


def run_ffmpeg(*arguments: str | Path) -> str:
    """Runs ffmpeg and returns what it says; CalledProcessError if it fails."""
    command = [*FFMPEG, *map(str, arguments)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stderr


def encode(*arguments: str | Path, seconds: float, tell: Tell) -> None:
    """Runs ffmpeg on a medium that lasts `seconds`; CalledProcessError if it fails."""
    command = [*FFMPEG, "-v", "error", "-progress", "pipe:1", *map(str, arguments)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as ffmpeg:
        for line in ffmpeg.stdout or ():
            name, _, value = line.strip().partition("=")
            if name == "out_time_us" and value.isdigit():
                tell("encoding", min(1.0, int(value) / 1e6 / seconds))
    if ffmpeg.returncode:
        raise subprocess.CalledProcessError(ffmpeg.returncode, command)


def loudness(path: Path) -> dict[str, float]:
    """Integrated loudness (input_i, LUFS) and true peak (input_tp, dBTP) of a file's sound."""
    said = run_ffmpeg("-i", path, "-af", "loudnorm=print_format=json", "-f", "null", "-")
    report = json.loads(said[said.rindex("{") : said.rindex("}") + 1])
    return {key: float(report[key]) for key in ("input_i", "input_tp")}


def write_levelled(sound: Sound, path: Path) -> None:
    """Writes a WAV at LOUDNESS: one gain for the whole, then a limiter.

    Not ffmpeg's loudnorm, which turns the gain up in pauses.
    """
    raw = path.with_suffix(".raw.wav")
    soundfile.write(raw, sound, RATE, subtype="FLOAT")
    gain = LOUDNESS - loudness(raw)["input_i"]
    limit = f"alimiter=limit={10 ** (PEAK / 20):.4f}:attack=3:release=60:level=0"
    chain = f"volume={gain:.2f}dB,aresample=96000,{limit},aresample={RATE}"
    run_ffmpeg("-i", raw, "-af", chain, "-c:a", "pcm_s16le", path)
    raw.unlink()


def write_recording(wav: Path, path: Path) -> None:
    """Writes the WAV as AAC in .m4a that plays while it loads."""
    codec = ("-c:a", "aac", "-b:a", "48k", "-ac", "1", "-ar", "44100")
    run_ffmpeg("-i", wav, *codec, "-map_metadata", "-1", "-movflags", "+faststart", path)
