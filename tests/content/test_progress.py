"""Whoever builds media sees how far it is: a bar on a terminal, plain lines in a file."""

import io

from content.build.progress import CLEAR, Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_terminal_shows_one_line_that_moves() -> None:
    out = Terminal()

    progress = Progress("[1/2] week-1/video", out)
    progress.tell("speaking", 0.5)
    progress.tell("encoding", 1)
    progress.end("624.0 s")

    assert out.getvalue() == (
        f"{CLEAR}[1/2] week-1/video  ████████████░░░░░░░░░░░░  50%  speaking"
        f"{CLEAR}[1/2] week-1/video  ████████████████████████ 100%  encoding"
        f"{CLEAR}[1/2] week-1/video: 624.0 s\n"
    )


def test_file_gets_a_line_before_and_a_line_after() -> None:
    out = io.StringIO()

    progress = Progress("[1/2] week-1/video", out)
    progress.tell("speaking", 0.5)
    progress.end("624.0 s")

    assert out.getvalue() == "[1/2] week-1/video: building …\n[1/2] week-1/video: 624.0 s\n"
