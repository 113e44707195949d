"""Row 5: how quickly is a study exported, beside PostgreSQL's own COPY, and in how much memory?"""

import time
from pathlib import Path
from statistics import median
from typing import NamedTuple

from bench import exporting, people, platform
from bench.exporting import FILE, apart
from bench.report import line, say
from bench.services import Neighbours
from bench.sizes import Sizes
from bench.wire import Sink

DATABASE = "bench_export"
GOAL = 1.05
_MEGABYTE = 1024 * 1024

# One row for every week, in no order, as often as it takes.
_USE = """
INSERT INTO participants_engagement (uuid, session_id, material_id, kind, at, app_version)
SELECT gen_random_uuid(), session.id, NULL, 'opened',
    session.opens_at + {number} * interval '1 second', '1.0'
FROM participants_session AS session ORDER BY md5(session.id::text) LIMIT {rows}
"""


class Seconds(NamedTuple):
    """For the one file by us and by COPY; and for all files, with their rows."""

    ours: float
    copy: float
    whole: float
    rows: int


def measure(neighbours: Neighbours, sink: Sink, sizes: Sizes) -> None:
    platform.copy(neighbours, DATABASE)
    platform.use(DATABASE)
    people.fill(people=sizes.export_people, due=1, whole_plan=False)
    use_the_weeks(sizes.export_rows)
    # The first warms up.
    rounds = [_round(neighbours.folder, number, sizes) for number in range(sizes.rounds + 1)][1:]
    held = apart(exporting.held, DATABASE, sizes.export_rows)
    platform.drop(neighbours, DATABASE)
    _report_speed(rounds, sizes)
    _report_memory(held, sizes)


def use_the_weeks(rows: int) -> None:
    begin, written = time.monotonic(), 0
    with people.writing() as cursor:
        while written < rows:
            cursor.execute(_USE.format(number=written, rows=rows - written))
            written += cursor.rowcount
        cursor.execute("VACUUM ANALYZE participants_engagement")
    say(f"{written:,} rows of engagement: written in {time.monotonic() - begin:.0f} s")


def _round(folder: Path, number: int, sizes: Sizes) -> Seconds:
    """One after the other, so that what slows the machine slows all of them."""
    copied = apart(exporting.copy, DATABASE, folder / "copied.csv", sizes.export_rows)
    ours = apart(exporting.ours, DATABASE, folder / FILE, sizes.export_rows)
    whole, rows = apart(exporting.whole, DATABASE, folder / f"export-{number}")
    say(f"COPY {copied:.2f} s, the export {ours:.2f} s; all files, {rows:,} rows, {whole:.2f} s")
    return Seconds(ours=ours, copy=copied, whole=whole, rows=rows)


def _report_speed(rounds: list[Seconds], sizes: Sizes) -> None:
    rows = sizes.export_rows
    line(
        "export",
        rows / median(each.ours for each in rounds),
        "rows/s",
        ratio=median(each.copy / each.ours for each in rounds),
        to="PostgreSQL’s own COPY of the same query",
        of=f"{FILE}, {rows:,} rows of {sizes.export_people:,} people",
    )
    line(
        "export: all files",
        median(each.rows / each.whole for each in rounds),
        "rows/s",
        of=f"a folder, {rounds[-1].rows:,} rows",
    )


def _report_memory(held: tuple[int, int], sizes: Sizes) -> None:
    early, most = (each / _MEGABYTE for each in held)
    line(
        "export: memory",
        most - early,
        "MB grown",
        ratio=most / early,
        to=f"{early:.1f} MB after the first tenth of the rows",
        goal=f"<= {GOAL}",
        met=most / early <= GOAL,
        of=f"{FILE}, {sizes.export_rows:,} rows by one process, USS",
    )
