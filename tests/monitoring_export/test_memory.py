"""However long a file is, it is never held as a whole."""

import tracemalloc
from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest

from monitoring.export import archive
from monitoring.export.cut import Cut
from monitoring.export.making import Export
from monitoring.export.snapshot import snapshot
from participants.models import Engagement, Enrolment
from tests.factories.scheduling import MONDAY, enrolled
from tests.monitoring_export.world import cut, week_of

pytestmark = pytest.mark.django_db(transaction=True)
HOUR = timedelta(hours=1)


def use(person: Enrolment, times: int) -> None:
    week = week_of(person, 1)
    Engagement.objects.bulk_create(
        (
            Engagement(uuid=uuid4(), session=week, kind="opened", at=MONDAY, app_version="1")
            for _ in range(times)
        ),
        batch_size=1_000,
    )


def most_held(given: Cut) -> tuple[int, int]:
    """Bytes at the worst moment, and bytes given out."""
    given_out = 0
    with snapshot():
        pieces = read(Export(given))
        tracemalloc.start()
        for piece in pieces:
            given_out += len(piece)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    return most, given_out


def read(export: Export) -> Iterator[bytes]:
    for _name, content in export.files():
        yield from content


def test_ten_times_the_rows_take_no_more_memory(transactional_db: None) -> None:
    person = enrolled(now=MONDAY)
    use(person, 4_000)
    most_held(cut(person.study))  # what is made once, is made
    few, little = most_held(cut(person.study))

    use(person, 36_000)
    many, much = most_held(cut(person.study))

    assert much > 8 * little
    assert many < 1.2 * few


def test_zip_begins_before_the_last_row_is_read(transactional_db: None) -> None:
    person = enrolled(now=MONDAY)
    use(person, 20_000)
    export = Export(cut(person.study))

    with snapshot():
        pieces = archive.stream(export)
        sizes = [len(next(pieces)) for _ in range(3)]
        read_so_far = export.rows.get("engagement.csv", 0)
        rest = list(pieces)

    assert sizes
    assert read_so_far < export.rows["engagement.csv"] == 20_000
    assert max(map(len, rest)) < 100_000
