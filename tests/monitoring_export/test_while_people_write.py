"""An export sees one moment, however much is written meanwhile, and holds nobody up."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from django.db import connection, transaction
from django.utils import timezone

from monitoring.export import settling
from monitoring.export.cut import Cut, NoCut
from monitoring.export.making import Export
from monitoring.export.settling import settled
from monitoring.export.snapshot import snapshot
from participants import services
from participants.models import Engagement, Enrolment
from scheduling.services import leave
from tests.factories.participants import EngagementFactory
from tests.factories.scheduling import enrolled
from tests.monitoring_export.world import CUT, contents, cut, lines_of, practise, week_of

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE_SECONDS = 20.0


def elsewhere(work: Callable[[], object]) -> None:
    """Done by another connection, to its end."""
    raised: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - told where the test can hear it
            raised.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(PATIENCE_SECONDS)
    assert not thread.is_alive(), "It waits for the export."
    assert raised == []


def test_what_is_written_while_it_runs_is_in_no_file(lived: SimpleNamespace) -> None:
    """By the cut it would count: somebody writes with a clock that is behind."""
    before = contents(cut(lived.study))
    found: dict[str, bytes] = {}

    with snapshot():
        for number, (name, content) in enumerate(Export(cut(lived.study)).files()):
            if number == 1:
                elsewhere(lambda: life_goes_on(lived))
            found[name] = b"".join(content)

    assert found == before
    assert contents(cut(lived.study)) != before


def life_goes_on(lived: SimpleNamespace) -> None:
    early = CUT - timedelta(hours=2)
    assert practise(week_of(lived.ann, 1), now=early)
    services.open_session(session=week_of(lived.ben, 2), now=early)
    enrolled(study=lived.study, now=early)
    leave(enrolment=lived.ben, level=Enrolment.Withdrawal.ERASURE, reason="", now=early)


def test_files_agree_with_each_other_though_somebody_is_deleted_half_way(
    lived: SimpleNamespace,
) -> None:
    files = Export(cut(lived.study)).files()
    with snapshot():
        first = {name: b"".join(content) for name, content in [next(files)]}
        elsewhere(
            lambda: leave(
                enrolment=lived.ann, level=Enrolment.Withdrawal.ERASURE, reason="", now=CUT
            )
        )
        rest = {name: b"".join(content) for name, content in files}

    assert lived.ann.code.encode() in first["enrolments.csv"]
    assert lived.ann.code.encode() in rest["sessions.csv"]
    assert lines_of(rest["erased.csv"]) == []


def test_row_half_written_while_the_export_begins_is_waited_for(lived: SimpleNamespace) -> None:
    """Its moment lies before the cut, and tomorrow it would be there."""
    now = timezone.now()
    began, done = threading.Event(), threading.Event()

    def write_slowly() -> None:
        with transaction.atomic():
            EngagementFactory(session=week_of(lived.ann, 1), at=now - timedelta(seconds=1))
            began.set()
            time.sleep(0.6)
        done.set()
        connection.close()

    writer = threading.Thread(target=write_slowly)
    writer.start()
    assert began.wait(PATIENCE_SECONDS)
    found = contents(settled(Cut(study=lived.study, until=now), is_now=False))
    assert done.is_set()
    writer.join()

    assert (
        len(lines_of(found["engagement.csv"]))
        == Engagement.objects.filter(session__enrolment__study=lived.study)
        .exclude(session__enrolment__is_test=True)
        .count()
    )
    assert found == contents(Cut(study=lived.study, until=now))


@pytest.mark.skipif(
    "connection.vendor == 'sqlite'", reason="One writer at a time is waited for by all the others"
)
def test_whoever_writes_on_and_on_is_not_waited_for(
    lived: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settling, "_PATIENCE_SECONDS", 0.3)
    with never_ending_writer(lived, timezone.now()):
        begin = time.monotonic()
        assert settled(cut(lived.study), is_now=False) == cut(lived.study)

    assert time.monotonic() - begin < PATIENCE_SECONDS / 2


@pytest.mark.skipif(
    "connection.vendor == 'sqlite'", reason="One writer at a time is waited for by all the others"
)
def test_now_is_before_whoever_writes_on_and_on(
    lived: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A list of fifty thousand people: they are in no export before it is saved, and in all after."""
    monkeypatch.setattr(settling, "_PATIENCE_SECONDS", 0.3)
    with never_ending_writer(lived, timezone.now()):
        time.sleep(1)
        asked = Cut(study=lived.study, until=timezone.now())
        now = settled(asked, is_now=True)
        found = contents(now)
        with pytest.raises(NoCut, match="Somebody is saving something long"):
            settled(asked, is_now=False)

    assert now.until < asked.until
    assert found == contents(now)
    assert found["engagement.csv"] != contents(settled(asked, is_now=True))["engagement.csv"]


@contextmanager
def never_ending_writer(lived: SimpleNamespace, now: datetime) -> Iterator[None]:
    began, enough = threading.Event(), threading.Event()

    def write() -> None:
        with transaction.atomic():
            EngagementFactory(session=week_of(lived.ann, 1), at=now)
            began.set()
            enough.wait(PATIENCE_SECONDS)
        connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        assert began.wait(PATIENCE_SECONDS)
        yield
    finally:
        enough.set()
        writer.join()
