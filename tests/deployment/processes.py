"""The processes of docker-compose.yml on this machine, started by the commands that stand there.

In the place of the images: a copy of the folder without what .dockerignore names. In the place of
nginx's image: the distribution's nginx with the files of deploy/nginx/, in which the places alone
are others.
"""

import getpass
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from tests.deployment import files

_BEGINS_WITHIN_SECONDS = 60
# Of the compose file; a test fails that has to wait longer.
ENDS_WITHIN_SECONDS = 40


def nginx() -> str | None:
    """The program; Debian puts it where only root looks."""
    return shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")


def free_port() -> int:
    """A moment later it could be someone else's, which is rare enough."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Process:
    """One of them, with its own log. Ends by the signal that its container would get."""

    def __init__(
        self,
        name: str,
        command: list[str],
        *,
        folder: Path,
        logs: Path,
        environment: dict[str, str],
        ends_by: signal.Signals = signal.SIGTERM,
    ) -> None:
        self.name, self._log, self._ends_by = name, logs / f"{name}.log", ends_by
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                command,
                cwd=folder,
                env=environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def said(self) -> str:
        return self._log.read_text(errors="replace")

    def runs(self) -> bool:
        return self._process.poll() is None

    def end(self) -> int:
        """The exit code. Raises `TimeoutExpired`, and kills, where it takes longer than it may."""
        if self.runs():
            self._process.send_signal(self._ends_by)
        try:
            return self._process.wait(ENDS_WITHIN_SECONDS)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()


class Machine:
    """A place to run them: folders, ports and variables."""

    def __init__(self, folder: Path, image: Path, **variables: str) -> None:
        self.folder, self.image, self.media = folder, image, folder / "media"
        self.logs = folder / "logs"
        for each in (self.media, self.logs):
            each.mkdir()
        self.ports = {name: free_port() for name in ("http", "https", "application")}
        self.url = f"http://localhost:{self.ports['http']}"
        self.environment = self._environment(variables)
        self.running: list[Process] = []

    def prepare(self) -> str:
        """What the service `prepare` does; what it said."""
        [script] = files.services()["prepare"]["command"]
        ended = subprocess.run(
            [self.image / script],
            cwd=self.image,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert ended.returncode == 0, ended.stdout + ended.stderr
        return ended.stdout

    def web(self) -> Process:
        [command] = [rest for word, rest in files.instructions("application") if word == "CMD"]
        bind = f"--bind=127.0.0.1:{self.ports['application']}"
        web = self._start("web", [*json.loads(command), bind])
        self._wait_for(web, f"http://localhost:{self.ports['application']}/healthz")
        return web

    def worker(self) -> Process:
        return self._start("worker", files.services()["worker"]["command"])

    def beat(self) -> Process:
        command = files.services()["beat"]["command"]
        place = {"/tmp/beat": str(self.folder / "beat")}
        return self._start("beat", [place.get(word, word) for word in command])

    def proxy(self, kind: str = "http") -> Process:
        proxy = Process(
            "proxy",
            [nginx() or "nginx", "-c", str(self.nginx_configuration(kind))],
            folder=self.folder,
            logs=self.logs,
            environment=dict(os.environ),
            ends_by=signal.Signals[files.services()["proxy"]["stop_signal"]],
        )
        self.running.append(proxy)
        self._wait_until_open(proxy, self.ports["http"])
        return proxy

    def nginx_configuration(self, kind: str) -> Path:
        """deploy/nginx/, with the places of this machine, and round it what the image has."""
        site = self.folder / "nginx"
        shutil.copytree(self.image / "deploy/nginx", site, dirs_exist_ok=True)
        for file in site.glob("*.conf"):
            file.write_text(self._moved_here(file.read_text()))
        whole = site / "nginx.conf"
        whole.write_text(self._around(site / f"{kind}.conf"))
        return whole

    def seen(self) -> str:
        """What nginx wrote of who came."""
        return (self.logs / "access.log").read_text()

    def faults(self) -> str:
        return (self.logs / "error.log").read_text()

    def forget_who_came(self) -> None:
        """In the logs, that nginx writes on at their ends."""
        for log in ("access.log", "error.log", "proxy.log"):
            os.truncate(self.logs / log, 0)

    def end(self) -> dict[str, int]:
        """All of them, nginx first; their exit codes."""
        return {each.name: each.end() for each in reversed(self.running)}

    def _environment(self, variables: dict[str, str]) -> dict[str, str]:
        """.env as the example has it, what the compose file sets, and then what differs here."""
        fixed = files.services()["web"]["environment"]
        of_python = {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
        return {
            **of_python,
            **files.example(),
            **{name: value for name, value in fixed.items() if "$" not in value},
            "WEB_CONCURRENCY": "2",
            "SITE_URL": self.url,
            "MEDIA_ROOT": str(self.media),
            **variables,
        }

    def _start(self, name: str, command: list[str]) -> Process:
        started = Process(
            name, command, folder=self.image, logs=self.logs, environment=self.environment
        )
        self.running.append(started)
        return started

    def _wait_until_open(self, process: Process, port: int) -> None:
        def is_open() -> bool:
            assert process.runs(), process.said()
            with suppress(ConnectionError):
                socket.create_connection(("127.0.0.1", port)).close()
                return True
            return False

        wait_until(is_open, f"{process.name} did not listen")

    def _wait_for(self, process: Process, url: str) -> None:
        def answers() -> bool:
            assert process.runs(), process.said()
            with suppress(URLError, ConnectionError, TimeoutError):
                urlopen(url, timeout=2).close()
                return True
            return False

        wait_until(answers, f"{process.name} did not answer")

    def _moved_here(self, text: str) -> str:
        places = {
            "web:8000": f"127.0.0.1:{self.ports['application']}",
            "listen 80;": f"listen 127.0.0.1:{self.ports['http']};",
            "listen 443 ": f"listen 127.0.0.1:{self.ports['https']} ",
            "/srv/static/": f"{self.image}/var/static/",
            "/srv/media/": f"{self.media}/",
            "/etc/nginx/four-weeks/": f"{self.folder}/nginx/",
            "/etc/nginx/certificates/": f"{self.folder}/certificates/",
            "/dev/stdout": f"{self.logs}/access.log",
            "/dev/stderr": f"{self.logs}/error.log",
        }
        for there, here in places.items():
            text = text.replace(there, here)
        return text

    def _around(self, site: Path) -> str:
        temporary = "".join(
            f"    {kind}_temp_path {self.folder}/{kind};\n"
            for kind in ("client_body", "proxy", "fastcgi", "scgi", "uwsgi")
        )
        who = f"user {getpass.getuser()};" if os.geteuid() == 0 else ""
        return (
            f"{who} daemon off; pid {self.folder}/nginx.pid;\n"
            f"error_log {self.logs}/nginx.log notice;\n"
            "events {}\n"
            "http {\n"
            "    include /etc/nginx/mime.types;\n"
            "    default_type application/octet-stream;\n"
            f"{temporary}"
            f"    include {site};\n"
            "}\n"
        )


def wait_until(condition: Callable[[], bool], fault: str, seconds: float | None = None) -> None:
    """Seconds of the machine."""
    until = time.monotonic() + (seconds or _BEGINS_WITHIN_SECONDS)
    while not condition():
        assert time.monotonic() < until, fault
        time.sleep(0.1)


def build_image(folder: Path) -> Path:
    """The folder as the Dockerfile copies it, with its static files collected."""
    left_out = files.left_out_of_images()

    def ignored(where: str, names: list[str]) -> set[str]:
        here = Path(where).relative_to(files.ROOT)
        return {name for name in names if is_left_out(here / name, left_out)}

    image = folder / "image"
    shutil.copytree(files.ROOT, image, ignore=ignored)
    [line] = [rest for word, rest in files.instructions("application") if "collectstatic" in rest]
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    subprocess.run(
        ["/bin/sh", "-c", line], cwd=image, env={"PATH": path}, check=True, capture_output=True
    )
    return image


def is_left_out(path: Path, patterns: list[str]) -> bool:
    """As Docker reads .dockerignore: from the folder's root, and ** for anywhere."""
    return any(
        path.match(pattern.removeprefix("**/"))
        if pattern.startswith("**/")
        else path.match(pattern) and len(path.parts) == len(Path(pattern).parts)
        for pattern in patterns
    )
