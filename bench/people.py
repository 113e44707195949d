"""Many enrolments, each with its plan and its past, written by the database itself.

Triggers and foreign keys are passed by while it writes (`session_replication_role`): what stands
there afterwards is what the services would have left, but for the speed.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, cast

from django.db import connection
from django.db.models import NOT_PROVIDED, Field, Model

from bench.report import say
from courses.models import Module
from participants.models import Enrolment, Session, User
from scheduling.models import Kind, Prompt, Rhythm, Wording
from studies.models import Study

_ZONE = "Europe/London"
# `i` counts people from 1; `week` is the one they are in, `at` when its mail is due. Those that
# are due lie evenly among the others, whose mail is due within the next six days.
_PEOPLE = """
CREATE TABLE bench_people AS
SELECT i, (i / {step}) % 4 + 1 AS week, i % {step} = 0 AS is_due,
    CASE WHEN i % {step} = 0 THEN date_trunc('minute', now()) - interval '1 minute'
         ELSE date_trunc('hour', now()) + (2 + i % 144) * interval '1 hour' END AS at
FROM generate_series(1, {people}) AS i;
ALTER TABLE bench_people ADD COLUMN day date, ADD COLUMN hour time;
UPDATE bench_people
SET day = (at AT TIME ZONE '{zone}')::date, hour = (at AT TIME ZONE '{zone}')::time;
CREATE TABLE bench_prompt AS
SELECT i, week, hour, 'session' AS kind, occurrence, day + 7 * (occurrence - week) AS on_day
    FROM bench_people, generate_series(1, 4) AS occurrence
"""
_OTHER_KINDS = """
UNION ALL SELECT i, week, hour, 'nudge', occurrence, day + 7 * (occurrence - week) + 3
    FROM bench_people, generate_series(1, 4) AS occurrence
UNION ALL SELECT i, week, hour, 'farewell', 0, day + 7 * (4 - week) + 7 FROM bench_people
"""


def fill(*, people: int, due: int, whole_plan: bool = True) -> None:
    """`due` of them have a session mail that is due. The whole plan is nine mails a person; else
    the four of the sessions.
    """
    begin = time.monotonic()
    with writing() as cursor:
        study = Study.objects.get()
        prompts = _PEOPLE + (_OTHER_KINDS if whole_plan else "")
        cursor.execute(prompts.format(people=people, step=people // due, zone=_ZONE))
        _write_people(cursor, study)
        _write_sessions(cursor, study)
        _write_prompts(cursor, study)
        _remember_due(cursor)
    _settle()
    say(f"{people:,} enrolments, {due:,} due: written in {time.monotonic() - begin:.0f} s")


@contextmanager
def writing() -> Iterator[Any]:
    """Past the triggers, which forbid what no service does."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        try:
            yield cursor
        finally:
            cursor.execute("SET session_replication_role = origin")


def make_due_again(*, at: str = "now()") -> None:
    """The remembered prompts as if they had never been tried; `at` is an SQL expression."""
    fresh = {field.column: _default(field) for field in Prompt._meta.concrete_fields}
    kept = ("id", "enrolment_id", "kind", "occurrence", "copy", "local_date", "local_time", "zone")
    changes = {name: value for name, value in fresh.items() if name not in kept}
    changes |= {"due_at": at, "next_attempt_at": at}
    pairs = ", ".join(f'"{name}" = {value}' for name, value in changes.items())
    with writing() as cursor:
        cursor.execute(
            f"UPDATE scheduling_prompt SET {pairs} WHERE id IN (SELECT id FROM bench_due)"
        )
    _settle()


def make_due_in_portions(portions: int) -> Iterator[int]:
    """Each when asked for the next, so that none waits long enough to raise the alarm; gives how
    many are due by then.
    """
    make_due_again(at="now() + interval '1 day'")
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM bench_due ORDER BY id")
        ids = [prompt for (prompt,) in cursor.fetchall()]
        for number in range(1, portions + 1):
            upto = number * len(ids) // portions
            cursor.execute(
                "UPDATE scheduling_prompt SET due_at = now(), next_attempt_at = now() "
                "WHERE id = ANY(%s)",
                [ids[(number - 1) * len(ids) // portions : upto]],
            )
            yield upto


def _settle() -> None:
    """Every round begins with the same tables, statistics and log."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE scheduling_prompt")
        cursor.execute("ANALYZE")
        cursor.execute("CHECKPOINT")


def _write_people(cursor: Any, study: Study) -> None:
    _insert(
        cursor,
        User,
        "bench_people",
        id="1000 + i",
        email="'person-' || i || '@example.org'",
        password="'!'",  # noqa: S106 - that none may sign in with one
        date_joined="now()",
    )
    _insert(
        cursor,
        Enrolment,
        "bench_people",
        id="1000 + i",
        user_id="1000 + i",
        study_id=str(study.pk),
        edition_id=str(study.edition_id),
        code="lpad(to_hex(i), 7, '0')",
        status="'active'",
        consented_at="at - interval '30 days'",
        day_chosen_at="at - interval '30 days'",
    )
    _insert(
        cursor,
        Rhythm,
        "bench_people",
        id="1000 + i",
        enrolment_id="1000 + i",
        weekday="extract(isodow FROM day)",
        local_time="hour",
        zone=f"'{_ZONE}'",
        first_date="day - 7 * (week - 1)",
    )


def _write_sessions(cursor: Any, study: Study) -> None:
    """The weeks before this one were opened."""
    modules = Module.objects.filter(edition=study.edition_id)
    for number, module in modules.values_list("week", "pk"):
        opens_at = f"((day + 7 * ({number} - week)) + hour) AT TIME ZONE '{_ZONE}'"
        _insert(
            cursor,
            Session,
            "bench_people",
            enrolment_id="1000 + i",
            module_id=str(module),
            opens_at=opens_at,
            first_opened_at=f"CASE WHEN {number} < week THEN {opens_at} END",
        )


def _write_prompts(cursor: Any, study: Study) -> None:
    """What lay before this week was sent; its reminders were not needed."""
    wording = Wording.objects.in_use(study.pk, Kind.SESSION)
    due_at = f"(on_day + hour) AT TIME ZONE '{_ZONE}'"
    was_sent = "kind = 'session' AND occurrence < week"
    not_needed = "kind = 'nudge' AND occurrence < week"
    past = f"({was_sent}) OR ({not_needed})"
    _insert(
        cursor,
        Prompt,
        "bench_prompt",
        enrolment_id="1000 + i",
        kind="kind",
        occurrence="occurrence",
        due_at=due_at,
        next_attempt_at=due_at,
        local_date="on_day",
        local_time="hour",
        zone=f"'{_ZONE}'",
        state=f"CASE WHEN {was_sent} THEN 'sent' WHEN {not_needed} THEN 'skipped' "
        "ELSE 'planned' END",
        reason=f"CASE WHEN {not_needed} THEN 'opened' ELSE '' END",
        attempts=f"CASE WHEN {was_sent} THEN 1 ELSE 0 END",
        sent_at=f"CASE WHEN {was_sent} THEN {due_at} END",
        attempted_at=f"CASE WHEN {was_sent} THEN {due_at} END",
        settled_at=f"CASE WHEN {past} THEN {due_at} END",
        message_id=f"CASE WHEN {was_sent} THEN '<' || md5(i || '/' || occurrence) || "
        "'@training.example.org>' ELSE '' END",
        wording_id=f"CASE WHEN {was_sent} THEN {wording.pk} END",
    )


def _remember_due(cursor: Any) -> None:
    cursor.execute(
        "CREATE TABLE bench_due AS SELECT prompt.id FROM scheduling_prompt AS prompt "
        "JOIN bench_people AS people ON prompt.enrolment_id = 1000 + people.i "
        "WHERE people.is_due AND prompt.kind = 'session' AND prompt.occurrence = people.week"
    )
    cursor.execute("DROP TABLE bench_prompt")


def _insert(cursor: Any, model: type[Model], source: str, **values: str) -> None:
    """A row of `model` for each of `source`; fields that are not named have their defaults."""
    columns = {
        field.column: values.pop(field.column, "") or _default(field)
        for field in model._meta.concrete_fields
        if field.column != "id" or "id" in values
    }
    assert not values, values
    names = ", ".join(f'"{name}"' for name in columns)
    cursor.execute(
        f"INSERT INTO {model._meta.db_table} ({names}) SELECT {', '.join(columns.values())} "
        f"FROM {source} ORDER BY i"
    )


def _default(field: "Field[Any, Any]") -> str:
    if field.null or field.default is NOT_PROVIDED:
        return "NULL" if field.null else "''"
    value = field.get_default()
    return f"'{value}'" if isinstance(value, str) else str(value)


def last_sent_commit(count: int) -> datetime:
    """When the last of the due was committed as sent, by PostgreSQL's own record."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT max(pg_xact_commit_timestamp(xmin)), count(*) FROM scheduling_prompt "
            "WHERE id IN (SELECT id FROM bench_due) AND state = 'sent' AND attempts = 1"
        )
        at, sent = cursor.fetchone()
    if sent != count:
        message = f"{count} mails should be recorded as sent at the first attempt; {sent} are."
        raise SystemExit(message)
    return cast("datetime", at)
