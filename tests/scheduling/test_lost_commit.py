"""The line to the database is cut in the very commit that takes a row: was it made, or not?"""

import socket
import tempfile
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from django.db import connection, connections

from scheduling import delivery
from scheduling.models import Prompt
from scheduling.services.words import install_wordings
from tests.factories.scheduling import MONDAY, PromptFactory
from tests.factories.studies import StudyFactory
from tests.services.smtp import SmtpSink

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor == 'sqlite'", reason="SQLite has no line to cut"),
]
SOCKET = ".s.PGSQL.5432"


class Line:
    """Stands between us and PostgreSQL, and is cut once: at the first commit after a row is begun.

    `made`: the commit still reaches the database, and its answer does not reach us.
    """

    def __init__(self, database: str, folder: str, *, made: bool) -> None:
        self._database = database
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(f"{folder}/{SOCKET}")
        self._listener.listen()
        self._made = made
        self.armed, self._heard = True, False
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _address = self._listener.accept()
                far = socket.socket(socket.AF_UNIX)
                far.connect(f"{self._database}/{SOCKET}")
                threading.Thread(target=self._there, args=[near, far], daemon=True).start()
                threading.Thread(target=self._back, args=[near, far], daemon=True).start()

    def _there(self, near: socket.socket, far: socket.socket) -> None:
        with suppress(OSError):
            while said := near.recv(65536):
                self._heard |= self.armed and b"EXECUTE prompt_becomes_sending" in said
                # The one statement is a commit of its own.
                at_once = self.armed and b"EXECUTE settle_and_begin" in said
                if at_once or (self._heard and b"COMMIT" in said):
                    self._cut(near, far, said)
                    return
                far.sendall(said)
        self._end(far)

    def _back(self, near: socket.socket, far: socket.socket) -> None:
        with near, far, suppress(OSError):
            while answered := far.recv(65536):
                near.sendall(answered)
        self._end(near)

    def _cut(self, near: socket.socket, far: socket.socket, said: bytes) -> None:
        """Nothing is answered any more; the database hears of the commit, or that we are gone."""
        self.armed, self._heard = False, False
        near.shutdown(socket.SHUT_RDWR)
        if self._made:
            far.sendall(said)
        far.shutdown(socket.SHUT_WR)

    def _end(self, side: socket.socket) -> None:
        with suppress(OSError):
            side.shutdown(socket.SHUT_RDWR)


@pytest.fixture(params=[True, False], ids=["made", "not made"])
def line(request: pytest.FixtureRequest) -> Iterator[Line]:
    assert connection.vendor == "postgresql"
    where = connection.settings_dict
    database = where["HOST"]
    with tempfile.TemporaryDirectory() as folder:
        between = Line(database, folder, made=request.param)
        connections.close_all()
        where["HOST"] = str(Path(folder))
        try:
            yield between
        finally:
            connections.close_all()
            where["HOST"] = database
            between.close()


def three_due(*, has_words: bool) -> list[Prompt]:
    """Where a study has no words yet, a row is taken strictly; else at once."""
    study = StudyFactory()
    if has_words:
        install_wordings(study=study, now=MONDAY)
    return [PromptFactory(due_at=MONDAY, enrolment__study=study) for _each in range(3)]


@pytest.mark.parametrize("has_words", [True, False])
def test_a_row_whose_commit_was_not_answered_is_sent_once_and_at_once(
    line: Line, mail_over_smtp: SmtpSink, *, has_words: bool
) -> None:
    rows = three_due(has_words=has_words)
    assert delivery.run(clock=lambda: MONDAY, limit=10).sent == 3
    assert not line.armed
    assert [each.rcpt_tos[0] for each in mail_over_smtp.received] == [
        each.enrolment.user.email for each in rows
    ]
    assert set(Prompt.objects.values_list("state", "attempts")) == {("sent", 1)}
    assert sorted(each.message["Message-ID"] for each in mail_over_smtp.received) == sorted(
        Prompt.objects.values_list("message_id", flat=True)
    )


def test_so_is_one_that_was_taken_with_the_settling_of_another(
    line: Line, mail_over_smtp: SmtpSink
) -> None:
    line.armed = False
    three_due(has_words=True)

    def arm() -> bool:
        if len(mail_over_smtp.received) == 1:
            line.armed = True
        return False

    assert delivery.run(clock=lambda: MONDAY, stop=arm, limit=10).sent == 3
    assert not line.armed
    assert len(mail_over_smtp.received) == 3
    assert set(Prompt.objects.values_list("state", "attempts")) == {("sent", 1)}
