"""Speaks a script: one track of sound, and when each word, slide and chapter comes."""

from dataclasses import dataclass, field

import numpy as np

from content.build.captions import Cue, caption_cues
from content.build.progress import Tell
from content.build.script import Chapter, Paragraph, Pause, Point, Say, Script, Slide
from content.build.speech import RATE, Sound, Speaker


@dataclass(frozen=True)
class Pace:
    """How a script is read; pauses in seconds, added to those that the script marks."""

    speed: float
    before: float
    between_sentences: float
    between_paragraphs: float
    after: float


LESSON = Pace(0.8, before=0.8, between_sentences=0.4, between_paragraphs=0.6, after=1.5)
EXERCISE = Pace(0.72, before=1.0, between_sentences=1.0, between_paragraphs=0.6, after=1.5)
EARLY = 0.25  # seconds by which a slide comes before the words it goes with


@dataclass(frozen=True)
class View:
    """A slide with its first `points` shown, up from `start` (seconds)."""

    start: float
    slide: Slide
    points: int


@dataclass
class Narration:
    """The track (mono, at RATE) with its captions, transcript, chapters and views."""

    pieces: list[Sound] = field(default_factory=list)
    captions: list[Cue] = field(default_factory=list)
    transcript: list[Cue] = field(default_factory=list)
    chapter_starts: list[tuple[float, str]] = field(default_factory=list)
    views: list[View] = field(default_factory=list)
    samples: int = 0

    @property
    def now(self) -> float:
        """The seconds told so far."""
        return self.samples / RATE

    @property
    def sound(self) -> Sound:
        """The whole track."""
        return np.concatenate(self.pieces)

    @property
    def chapters(self) -> list[Cue]:
        """One cue a chapter; each lasts until the next, the last until the end."""
        ends = [start for start, _ in self.chapter_starts[1:]] + [self.now]
        return [
            Cue(start, end, title)
            for (start, title), end in zip(self.chapter_starts, ends, strict=True)
        ]

    def add(self, sound: Sound) -> None:
        """Puts the sound at the end of the track."""
        self.pieces.append(sound)
        self.samples += len(sound)

    def rest(self, seconds: float) -> None:
        """Puts silence at the end of the track."""
        self.add(np.zeros(round(seconds * RATE), np.float32))

    def show(self, slide: Slide, points: int = 0) -> None:
        """Puts the slide up, a moment before the words that follow."""
        start = max(0.0, self.now - EARLY) if self.views else 0.0
        self.views.append(View(start, slide, points))

    def begin_chapter(self, title: str) -> None:
        """Begins a chapter with its first slide; the first one with the track."""
        self.chapter_starts.append((self.now - EARLY if self.chapter_starts else 0.0, title))


@dataclass
class Reader:
    """Reads sentence after sentence at one pace, and tells how far it is."""

    speaker: Speaker
    pace: Pace
    tell: Tell
    sentences: int
    spoken: int = 0

    def read(self, sentence: str) -> Sound:
        """The sentence as it sounds, without the rest after it."""
        sound = self.speaker.say(sentence, speed=self.pace.speed)
        self.spoken += 1
        self.tell("speaking", self.spoken / self.sentences)
        return sound


def narrate(script: Script, speaker: Speaker, pace: Pace, tell: Tell) -> Narration:
    """Speaks the whole script."""
    reader = Reader(speaker, pace, tell, sentences=len(script.sentences))
    told = Narration()
    told.rest(pace.before)
    for block in script.blocks:
        match block:
            case Chapter(title):
                told.begin_chapter(title)
            case Slide():
                told.show(block)
            case Paragraph():
                _read_paragraph(block, told, reader)
                told.rest(pace.between_paragraphs)
    told.rest(pace.after)
    return told


def _read_paragraph(paragraph: Paragraph, told: Narration, reader: Reader) -> None:
    start = end = told.now
    for step in paragraph.steps:
        match step:
            case Point():
                told.show(told.views[-1].slide, told.views[-1].points + 1)
            case Pause(seconds):
                told.rest(seconds)
            case Say(text):
                said_from = told.now
                told.add(reader.read(text))
                end = told.now
                told.captions += caption_cues(step.shown, start=said_from, end=end)
                told.rest(reader.pace.between_sentences)
    if paragraph.shown:
        told.transcript.append(Cue(start, end, paragraph.shown))
