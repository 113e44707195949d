"""What is possible at all: mails that are written already, pushed by two processes.

With Python's own SMTP client, as the peer has it: the limit. With a bare one, which waits for the
server twice a mail instead of four times: what there would be to gain. And the limit with what
durability costs: before each mail one commit, which says that this one is being sent and that the
one before was.
"""

from collections.abc import Callable
from dataclasses import dataclass

import psycopg2

from bench.services import Neighbours
from bench.together import halves, seconds_together
from bench.wire import Sink, Smtplib, Wire

_TABLE = "bench_commits"
_MARK = f"UPDATE {_TABLE} SET state = %s, at = now() WHERE id = %s"


@dataclass(frozen=True, kw_only=True)
class Letters:
    """`message` is one of the platform's, with a Message-ID to be replaced."""

    message: bytes
    message_id: bytes

    def numbered(self, number: int) -> tuple[str, bytes]:
        name = b"<%032d@limit.example.org>" % number
        return f"person-{number}@example.org", self.message.replace(self.message_id, name)


@dataclass(frozen=True, kw_only=True)
class Share:
    """What one of the processes sends; with a database, it commits before each `group` of mails."""

    port: int
    letters: Letters
    numbers: range
    host: str = ""
    database: str = ""
    group: int = 1
    bare: bool = False

    def connect(self) -> Wire | Smtplib:
        return Wire(self.port) if self.bare else Smtplib(self.port)


def push_seconds(sink: Sink, letters: Letters, count: int, *, bare: bool = False) -> float:
    sink.reset()
    shares = [
        Share(port=sink.port, letters=letters, numbers=numbers, bare=bare)
        for numbers in halves(count)
    ]
    seconds = seconds_together(_pushing, shares)
    sink.came().check(count, "the limit")
    return seconds


def commit_seconds(
    neighbours: Neighbours, sink: Sink, letters: Letters, count: int, *, database: str, group: int
) -> float:
    """With `group` mails at risk in each process: so many share a commit."""
    sink.reset()
    with neighbours.cursor(database) as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {_TABLE}")
        cursor.execute(
            f"CREATE TABLE {_TABLE} AS SELECT id, 'planned' AS state, now() AS at "
            f"FROM generate_series(0, {count - 1}) AS id"
        )
        cursor.execute(f"ALTER TABLE {_TABLE} ADD PRIMARY KEY (id)")
        cursor.execute(f"VACUUM ANALYZE {_TABLE}")
    shares = [
        Share(
            port=sink.port,
            letters=letters,
            numbers=numbers,
            host=str(neighbours.socket),
            database=database,
            group=group,
        )
        for numbers in halves(count)
    ]
    seconds = seconds_together(_committing, shares)
    sink.came().check(count, "the limit with commits")
    return seconds


def _pushing(share: Share) -> Callable[[], None]:
    ready = [share.letters.numbered(number) for number in share.numbers]
    wire = share.connect()

    def push() -> None:
        with wire:
            for recipient, message in ready:
                wire.send(recipient, message)

    return push


def _committing(share: Share) -> Callable[[], None]:
    ready = [(number, *share.letters.numbered(number)) for number in share.numbers]
    groups = [ready[first : first + share.group] for first in range(0, len(ready), share.group)]
    wire = share.connect()
    connection = psycopg2.connect(dbname=share.database, user="postgres", host=share.host)

    def push() -> None:
        before: list[tuple[int, str, bytes]] = []
        with wire, connection.cursor() as cursor:
            for group in [*groups, []]:
                for number, *_mail in before:
                    cursor.execute(_MARK, ("sent", number))
                for number, *_mail in group:
                    cursor.execute(_MARK, ("sending", number))
                connection.commit()
                for _number, recipient, message in group:
                    wire.send(recipient, message)
                before = group
        connection.close()

    return push
