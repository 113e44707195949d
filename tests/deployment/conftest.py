"""The whole set of processes, or the front of it.

image       the folder as the image has it, once a run
front       nginx and the web server, answering at `front.url`; for one module's tests together
front_alone the same, of the test's own, to do something to them
platform    these, a worker, beat, Redis and an SMTP server
outbox      in the place of Django's: what came to that SMTP server
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.test import override_settings

from tests.deployment.outbox import Outbox
from tests.deployment.processes import Machine, build_image, nginx
from tests.scheduling.programs import database_url
from tests.services import databases
from tests.services.smtp import SmtpSink

_NO_NGINX = "There is no nginx here, so the deployment was not tried"


def pytest_terminal_summary(terminalreporter: Any) -> None:
    skipped = [
        report
        for report in terminalreporter.stats.get("skipped", [])
        if _NO_NGINX in str(report.longrepr)
    ]
    if skipped:
        terminalreporter.write_line(f"!!! {_NO_NGINX.upper()}: {len(skipped)} TESTS !!!", red=True)


@pytest.fixture(scope="session")
def needs_nginx() -> None:
    if databases.engine() == "sqlite":
        pytest.skip("The set of processes is one on PostgreSQL.")
    if nginx() is None:
        if os.environ.get("CI"):
            pytest.fail("There is no nginx here: apt-get install nginx-light")
        pytest.skip(f"{_NO_NGINX}: apt-get install nginx-light")


@pytest.fixture(scope="session")
def image(needs_nginx: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_image(tmp_path_factory.mktemp("built"))


@contextmanager
def _machine(folder: Path, image: Path) -> Iterator[Machine]:
    """Nothing runs yet. Afterwards each has to have ended in time, and as it was asked to."""
    machine = Machine(
        folder,
        image,
        SECRET_KEY=settings.SECRET_KEY,  # so that a test can sign somebody in
        DATABASE_URL=database_url(),
        CELERY_BROKER_URL="",
        EMAIL_URL="memorymail://",
    )
    try:
        yield machine
    finally:
        ended = machine.end()
    assert set(ended.values()) <= {0}, ended


@pytest.fixture
def machine(image: Path, tmp_path: Path, transactional_db: None) -> Iterator[Machine]:
    with _machine(tmp_path, image) as machine, override_settings(MEDIA_ROOT=machine.media):
        yield machine


@pytest.fixture
def front_alone(machine: Machine) -> Machine:
    machine.web()
    machine.proxy()
    return machine


@pytest.fixture(scope="module")
def standing_front(
    image: Path, tmp_path_factory: pytest.TempPathFactory, django_db_setup: None
) -> Iterator[Machine]:
    with _machine(tmp_path_factory.mktemp("front"), image) as machine:
        machine.web()
        machine.proxy()
        yield machine


@pytest.fixture
def front(standing_front: Machine, transactional_db: None) -> Iterator[Machine]:
    standing_front.forget_who_came()
    with override_settings(MEDIA_ROOT=standing_front.media):
        yield standing_front


@pytest.fixture
def platform(machine: Machine, redis_url: str, smtp_sink: SmtpSink) -> Machine:
    machine.environment.update(CELERY_BROKER_URL=redis_url, EMAIL_URL=smtp_sink.url)
    machine.prepare()
    machine.worker()
    machine.beat()
    machine.web()
    machine.proxy()
    return machine


@pytest.fixture
def live_server(platform: Machine) -> SimpleNamespace:
    """So that the browser's fixtures, and those of the journeys, go through nginx."""
    return SimpleNamespace(url=platform.url, _live_server_modified_settings=override_settings())


@pytest.fixture
def outbox(smtp_sink: SmtpSink, monkeypatch: pytest.MonkeyPatch) -> Outbox:
    outbox = Outbox(smtp_sink)
    monkeypatch.setattr(mail, "outbox", outbox)
    return outbox
