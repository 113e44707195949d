"""What the platform leans on, asked in parallel and within two seconds, whatever state it is in."""

import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from queue import Empty, SimpleQueue
from time import monotonic
from typing import Generic, TypeVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _
from kombu import Connection

from monitoring import mail_words
from scheduling.watch import MailHealth, mail_health

PATIENCE = 2  # seconds for all of it
_UTC = ZoneInfo("UTC")

T = TypeVar("T")


@dataclass(frozen=True)
class Part:
    """`complaint` is a sentence without addresses or secrets, or "" where the part is well."""

    name: str
    complaint: str

    @property
    def is_well(self) -> bool:
        return not self.complaint


def parts(now: datetime) -> list[Part]:
    """database, broker (where one is set), oldest due, heartbeat, sender, clock; never raises."""
    until = monotonic() + PATIENCE
    database = _Question(lambda: _ask_database(now))
    broker = _Question(_ask_broker) if settings.CELERY_BROKER_URL else None
    health = database.answer(until)
    found = [Part("database", _no_answer(_("The database"), health))]
    if broker is not None:
        found.append(Part("broker", _no_answer(_("The broker"), broker.answer(until))))
    return [*found, *_mail(health)]


def _mail(health: MailHealth | Exception) -> Iterator[Part]:
    names: dict[str, Callable[[MailHealth], Iterable[str]]] = {
        "oldest due": lambda health: mail_words.overdue(health, _UTC),
        "heartbeat": lambda health: mail_words.heartbeat(health, _UTC),
        "sender": lambda health: mail_words.sender(health, _UTC),
        "clock": mail_words.clocks,
    }
    for name, complaints in names.items():
        if isinstance(health, Exception):
            yield Part(name, _("Not known while the database does not answer."))
        else:
            yield Part(name, " ".join(complaints(health)))


def _no_answer(what: str, answer: object) -> str:
    """Only the kind of the error: its own words may hold an address or a name."""
    if not isinstance(answer, Exception):
        return ""
    words = {"what": what, "error": type(answer).__name__}
    return _("%(what)s does not answer as it should (%(error)s).") % words


def _ask_database(now: datetime) -> MailHealth:
    try:
        return mail_health(now)
    finally:
        connection.close()  # this thread's own


def _ask_broker() -> bool:
    options = {"socket_connect_timeout": PATIENCE, "socket_timeout": PATIENCE}
    with Connection(settings.CELERY_BROKER_URL, transport_options=options) as broker:
        broker.ensure_connection(max_retries=1, timeout=PATIENCE)
        broker.channel()  # asks Redis for an answer
    return True


class _Question(Generic[T]):
    """Asked in a thread of its own: what hangs is left behind, and holds nothing up."""

    def __init__(self, ask: Callable[[], T]) -> None:
        self.answers: SimpleQueue[T | Exception] = SimpleQueue()
        self.ask = ask
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        try:
            self.answers.put(self.ask())
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what we report
            self.answers.put(error)

    def answer(self, until: float) -> T | Exception:
        try:
            return self.answers.get(timeout=max(until - monotonic(), 0.01))
        except Empty:
            return TimeoutError()
