"""Row 6: a list of people, checked and saved by `manage.py enrol`, among many that are there."""

import io
import time
from pathlib import Path

from django.apps import apps
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection

from bench import people, platform
from bench.report import line, say
from bench.services import Neighbours
from bench.sizes import Sizes
from bench.wire import Sink

DATABASE = "bench_csv"
STUDY, BY = "demo", "researcher@example.org"
GOAL_SECONDS = 60.0
_DAY = "Thursday,19:00,Europe/London,clinic"


def measure(neighbours: Neighbours, sink: Sink, sizes: Sizes) -> None:
    platform.copy(neighbours, DATABASE)
    platform.use(DATABASE)
    people.fill(people=sizes.people, due=sizes.due)
    _number_on()
    _make_researcher()
    for what, file in (
        ("invited", _invitations(neighbours.folder, sizes.csv_rows)),
        ("enrolled, consent taken elsewhere", _agreed(neighbours.folder, sizes.csv_rows)),
    ):
        checked = _seconds(file, "--dry-run")
        both = _seconds(file)
        say(f"{sizes.csv_rows} {what}: {checked:.1f} s to check, {both:.1f} s to check and save")
        line(
            f"csv: {what}",
            both,
            "s",
            goal=f"<= {GOAL_SECONDS:.0f} s",
            met=both <= GOAL_SECONDS,
            of=f"{sizes.csv_rows} rows among {sizes.people} enrolments",
            rows_a_second=sizes.csv_rows / both,
            seconds_to_check=checked,
        )
    _check(sizes.csv_rows)
    platform.drop(neighbours, DATABASE)


def _number_on() -> None:
    """What was written with numbers of its own is followed by the next ones."""
    reset = connection.ops.sequence_reset_sql(no_style(), apps.get_models())
    with connection.cursor() as cursor:
        for statement in reset:
            cursor.execute(statement)


def _make_researcher() -> None:
    from participants.models import StudyResearcher, User
    from studies.models import Study

    StudyResearcher.objects.create(
        user=User.objects.create_user(BY), study=Study.objects.get(slug=STUDY), manages=True
    )


def _invitations(folder: Path, rows: int) -> Path:
    header = "email,weekday,time,time_zone,source"
    return _written(
        folder / "invitations.csv",
        [header, *(f"invited{number}@example.org,{_DAY}" for number in range(rows))],
    )


def _agreed(folder: Path, rows: int) -> Path:
    from studies.models import Document, Study

    form = Document.objects.in_force(Study.objects.get(slug=STUDY), Document.Kind.CONSENT)
    assert form is not None
    keys = [statement.key for statement in form.statements.all()]
    header = "email,weekday,time,time_zone,source,consented_on,document_version,consent_taken_by"
    said = f"2026-01-05,{form.version},Jo Smith,{','.join('yes' for _key in keys)}"
    return _written(
        folder / "agreed.csv",
        [
            ",".join([header, *(f"consent_{key}" for key in keys)]),
            *(f"agreed{number}@example.org,{_DAY},{said}" for number in range(rows)),
        ],
    )


def _written(path: Path, lines: list[str]) -> Path:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _seconds(file: Path, *options: str) -> float:
    """As whoever types the command waits for it; its bar stands on the terminal."""
    by = ("--by", BY, "--eligibility-checked")
    begin = time.perf_counter()
    call_command("enrol", STUDY, str(file), *by, *options, stdout=io.StringIO())
    return time.perf_counter() - begin


def _check(rows: int) -> None:
    from participants.models import Enrolment
    from scheduling.models import Kind, Prompt

    found = {
        "invited": Enrolment.objects.invited().count(),
        "enrolled": Enrolment.objects.filter(user__email__startswith="agreed").count(),
        "invitations": Prompt.objects.filter(kind=Kind.INVITATION).count(),
        "first mails": Prompt.objects.filter(kind=Kind.ELSEWHERE).count(),
    }
    if set(found.values()) != {rows}:
        message = f"There should be {rows} of each: {found}."
        raise SystemExit(message)
