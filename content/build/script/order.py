"""What must go together in a script: points and their marks, views and chapters and their words.

A view is what is on screen at one moment: a slide, and again each time it shows another point.
"""

from dataclasses import dataclass, field

from content.build.script.faults import Fault
from content.build.script.parts import Block, Chapter, Paragraph, Point, Say, Slide

NO_SLIDE = "There is no slide for this [point]. Put one above it, or take the mark out."
UNSEEN = (
    "There are no words between this and the slide or point before it, so nobody would see that. "
    "Put words or a pause between them."
)
EMPTY_CHAPTER = "There are no words in this chapter. Write some, or take its heading out."


def faults_of_order(blocks: list[Block]) -> list[Fault]:
    """The faults of a script whose parts are each well written."""
    screen = _Screen()
    for block in blocks:
        match block:
            case Chapter():
                screen.begin(block)
            case Slide():
                screen.put_up(block)
            case Paragraph():
                screen.tell(block)
    screen.end_slide()
    screen.end_chapter()
    return screen.faults


@dataclass
class _Screen:
    """What is up while a script is told; `begun` after words, `seen` after a pause too."""

    faults: list[Fault] = field(default_factory=list)
    chapter: Chapter | None = None
    begun: bool = False
    slide: Slide | None = None
    marks: int = 0
    seen: bool = True

    def begin(self, chapter: Chapter) -> None:
        self.end_chapter()
        self.chapter, self.begun = chapter, False

    def put_up(self, slide: Slide) -> None:
        self.end_slide()
        self._change_view(slide.at)
        self.slide, self.marks = slide, 0

    def tell(self, paragraph: Paragraph) -> None:
        for step in paragraph.steps:
            if isinstance(step, Point):
                self._show_point(step)
            else:
                self.seen = True
                self.begun = self.begun or isinstance(step, Say)

    def end_slide(self) -> None:
        if self.slide and len(self.slide.points) != self.marks:
            said = f"This slide has {_counted(len(self.slide.points), 'point')}, and "
            said += f"{_counted(self.marks, '[point] mark')} after it. Make them as many."
            self.faults.append(Fault(self.slide.at, said))

    def end_chapter(self) -> None:
        if self.chapter and not self.begun:
            self.faults.append(Fault(self.chapter.at, EMPTY_CHAPTER))

    def _show_point(self, point: Point) -> None:
        if self.slide is None:
            self.faults.append(Fault(point.at, NO_SLIDE))
            return
        self._change_view(point.at)
        self.marks += 1

    def _change_view(self, line: int) -> None:
        if not self.seen:
            self.faults.append(Fault(line, UNSEEN))
        self.seen = False


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
