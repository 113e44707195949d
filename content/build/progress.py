"""How far a medium is: one line that moves on a terminal, plain lines anywhere else."""

from collections.abc import Callable
from typing import TextIO, TypeAlias

Tell: TypeAlias = Callable[[str, float], None]
"""Called with what is being done ("speaking") and how much of that is done, from 0 to 1."""

WIDTH = 24  # characters of the bar
CLEAR = "\r\x1b[K"  # back to the line's beginning, which is wiped


class Progress:
    """Tells on `out` how far the medium called `label` is."""

    def __init__(self, label: str, out: TextIO) -> None:
        self.label = label
        self.out = out
        self.moves = out.isatty()
        if not self.moves:
            self._write(f"{label}: building …\n")

    def tell(self, doing: str, done: float) -> None:
        """Moves the bar, where there is one."""
        if self.moves:
            filled = int(WIDTH * done)
            bar = "█" * filled + "░" * (WIDTH - filled)
            self._write(f"{CLEAR}{self.label}  {bar} {done:4.0%}  {doing}")

    def end(self, said: str) -> None:
        """Puts what came out in the place of the bar."""
        clear = CLEAR if self.moves else ""
        self._write(f"{clear}{self.label}: {said}\n")

    def _write(self, text: str) -> None:
        self.out.write(text)
        self.out.flush()
