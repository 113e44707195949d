"""Send what is due, without Celery; or say what would be sent."""

import logging
import signal
import threading
from datetime import UTC, datetime
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import close_old_connections
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from scheduling import alarm, delivery, housekeeping, rehearsal

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Send the mail that is due. With --every, go on doing so until stopped."

    def add_arguments(self, parser: CommandParser) -> None:
        # Without a value both are refused below, with a sentence, as any other wrong value is.
        parser.add_argument("--every", nargs="?", const="", metavar="SECONDS")
        parser.add_argument(
            "--dry-run", action="store_true", help="List what would be sent; change nothing."
        )
        parser.add_argument(
            "--at",
            nargs="?",
            const="",
            metavar="ISO",
            help="With --dry-run: the moment, like 2026-10-25T09:00Z.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["at"] is not None and not options["dry_run"]:
            raise CommandError(
                "--at goes with --dry-run: nothing is sent at another time than now."
            )
        every = _seconds(options["every"])
        if options["dry_run"]:
            self._rehearse(_moment(options["at"]))
        elif every is None:
            self.round(threading.Event())
        else:
            self._go_on(every)

    def _go_on(self, seconds: float) -> None:
        """Ctrl-C and SIGTERM end it after the mail in hand."""
        stopping = threading.Event()

        def stop(_signal: int, _frame: FrameType | None) -> None:
            stopping.set()

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
        self.go_on(seconds, stopping)

    def go_on(self, seconds: float, stopping: threading.Event) -> None:
        """A round that fails is logged, by its kind alone, and the next one tries again, on a new
        connection where the database has cut the old one.
        """
        while not stopping.is_set():
            try:
                close_old_connections()
                self.round(stopping)
            except Exception as error:  # noqa: BLE001 - whatever it is, it may be over in a minute
                logger.error("a round failed: %s", type(error).__name__)  # noqa: TRY400
            stopping.wait(seconds)

    def round(self, stopping: threading.Event) -> None:
        """Once: send what is due, and tidy up. It beats before an alarm is told, which may take a
        mail server's time.
        """
        alarm.notice(now=timezone.now())
        housekeeping.beat(now=timezone.now())
        alarm.tell(now=timezone.now())
        beating = housekeeping.beating(stopping.is_set, clock=timezone.now)
        report = delivery.run(clock=timezone.now, stop=beating)
        housekeeping.tidy(now=timezone.now())
        if report.looked_at:
            self.stdout.write(f"{report.sent} sent, {report.looked_at - report.sent} not")

    def _rehearse(self, at: datetime) -> None:
        for line in rehearsal.lines(at=at, now=timezone.now()):
            self.stdout.write(line)


def _seconds(given: str | float | None) -> float | None:
    """Refuses what would leave no rest between the rounds, or never end one."""
    if given is None:
        return None
    try:
        seconds = float(given)
    except ValueError:
        seconds = 0
    if not 1 <= seconds <= threading.TIMEOUT_MAX:
        raise CommandError(f"--every needs at least 1 second, not “{given}”.")
    return seconds


def _moment(given: str | None) -> datetime:
    """In UTC. Refuses what is no moment, or one that is out of reach there."""
    if given is None:
        return timezone.now()
    no_moment = CommandError(f"“{given}” is no moment. Write one like 2026-10-25T09:00Z.")
    try:
        at = parse_datetime(given)
        if at is None:
            raise no_moment
        if at.tzinfo is None:
            raise CommandError(
                f"“{given}” says no time zone. Write it like 2026-10-25T09:00Z, in UTC."
            )
        return at.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise no_moment from error
