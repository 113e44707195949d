"""What the platform leans on, asked in parallel and within two seconds, whatever state it is in."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _
from kombu import Connection

from monitoring.asking import PATIENCE, Question
from scheduling import alarm, watch_words
from scheduling.watch import MailHealth, Queue, mail_health, queue

_UTC = ZoneInfo("UTC")


@dataclass(frozen=True)
class Part:
    """`complaint` is a sentence without addresses or secrets, or "" where the part is well.

    What stands in the database is not known while that is away.
    """

    name: str
    complaint: str
    is_known: bool = True

    @property
    def is_well(self) -> bool:
        return not self.complaint


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """`mail` and `queue` are None while the database does not answer."""

    parts: list[Part]
    mail: MailHealth | None
    queue: Queue | None

    @property
    def is_well(self) -> bool:
        return all(part.is_well for part in self.parts)


def snapshot() -> Snapshot:
    """Its parts: database, broker (where one is set), oldest due, heartbeat, sender, clock.

    Never raises. If the mail stands still, the alarm learns of it.
    """
    DATABASE.begin()
    broker = _broker() if settings.CELERY_BROKER_URL else []
    answer = DATABASE.answer()
    database = Part("database", _no_answer(_("The database"), answer))
    mail, counts = (None, None) if isinstance(answer, Exception) else answer
    look_if_red(mail)
    return Snapshot(parts=[database, *broker, *_mail(mail)], mail=mail, queue=counts)


def look_if_red(mail: MailHealth | None) -> None:
    """For the alarm, in the background: telling someone may take a mail server's time."""
    if mail is not None and mail.red_since is not None:
        ALARM.begin()


def _broker() -> list[Part]:
    return [Part("broker", _no_answer(_("The broker"), BROKER.answer()))]


def _mail(health: MailHealth | None) -> Iterator[Part]:
    names: dict[str, Callable[[MailHealth], Iterable[str]]] = {
        "oldest due": lambda health: watch_words.overdue(health, _UTC),
        "heartbeat": lambda health: watch_words.heartbeat(health, _UTC),
        "sender": lambda health: watch_words.sender(health, _UTC),
        "clock": watch_words.clocks,
    }
    for name, complaints in names.items():
        if health is None:
            words = _("Not known while the database does not answer.")
            yield Part(name, words, is_known=False)
        else:
            yield Part(name, " ".join(complaints(health)))


def _no_answer(what: str, answer: object) -> str:
    """Only the kind of the error: its own words may hold an address or a name."""
    if not isinstance(answer, Exception):
        return ""
    words = {"what": what, "error": type(answer).__name__}
    return _("%(what)s does not answer as it should (%(error)s).") % words


def _ask_database() -> tuple[MailHealth, Queue]:
    try:
        now = timezone.now()
        return mail_health(now), queue(now)
    finally:
        connection.close()  # this thread's own


def _ask_broker() -> None:
    options = {"socket_connect_timeout": PATIENCE, "socket_timeout": PATIENCE}
    with Connection(settings.CELERY_BROKER_URL, transport_options=options) as broker:
        broker.ensure_connection(max_retries=1, timeout=PATIENCE)
        broker.channel()  # asks Redis for an answer


def _look() -> None:
    try:
        alarm.look(now=timezone.now())
    finally:
        connection.close()


DATABASE = Question(_ask_database)
BROKER = Question(_ask_broker)
ALARM = Question(_look)
