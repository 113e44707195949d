"""Reads a script: Markdown whose paragraphs are spoken, with marks for pauses and slides.

A script is made of three things:

- `## A chapter` starts a chapter of a video.
- Lines that begin with `>` are the slide that is up from here on: `> ### its title`, a line of
  text, `> - points` that appear at the next [point] mark, and `> ![what it shows](a picture)`.
- Anything else is a paragraph. [pause 8s] is silence, [point] shows the slide's next point, and
  [Live](/lˈɪv/) says how to pronounce a word, which captions leave out.

Needs nothing but Python, so that content.check can read scripts where nothing can be built.
"""

from content.build.script.faults import Fault, ScriptError
from content.build.script.parts import Chapter, Paragraph, Pause, Point, Say, Script, Slide
from content.build.script.reading import read_script

__all__ = [
    "Chapter",
    "Fault",
    "Paragraph",
    "Pause",
    "Point",
    "Say",
    "Script",
    "ScriptError",
    "Slide",
    "read_script",
]
