"""Questions that may never be answered, asked without being held up by them."""

import threading
from collections.abc import Callable
from time import monotonic
from typing import Generic, TypeVar

PATIENCE = 2  # seconds
FRESH = 1.0  # seconds for which an answer serves all who ask

T = TypeVar("T")


class _Asked(Generic[T]):
    def __init__(self) -> None:
        self.began = monotonic()
        self.done = threading.Event()
        self.answer: T | Exception = TimeoutError()


class Question(Generic[T]):
    """Asked in a thread, one at a time however many want to know: what hangs is left behind, and
    not asked again before it has ended. Whatever it raises is its answer.
    """

    def __init__(self, ask: Callable[[], T]) -> None:
        self._ask = ask
        self._lock = threading.Lock()
        self._asked: _Asked[T] | None = None

    def begin(self) -> _Asked[T]:
        """The question as it was asked last, if that is under way or fresh; else asked anew."""
        with self._lock:
            last = self._asked
            if last is None or (last.done.is_set() and monotonic() - last.began >= FRESH):
                last = self._asked = _Asked()
                threading.Thread(target=self._run, args=[last], daemon=True).start()
            return last

    def answer(self) -> T | Exception:
        """Within two seconds of its being asked, or `TimeoutError`; at once if it hangs already."""
        asked = self.begin()
        asked.done.wait(max(asked.began + PATIENCE - monotonic(), 0))
        return asked.answer

    def _run(self, asked: _Asked[T]) -> None:
        try:
            asked.answer = self._ask()
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what we report
            asked.answer = error
        asked.done.set()
