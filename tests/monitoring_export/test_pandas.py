"""A laboratory loads the folder knowing nothing but its codebook, as docs/export.md shows."""

import csv
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from django.conf import settings
from django.core.management import call_command

from participants.measures import dose, open_to
from participants.models import Enrolment, MediaProgress, Play, Session
from scheduling.models import PlanChange, Prompt
from tests.monitoring_export.world import CUT, cut, go_on, practise, week_of

Tables = dict[str, pd.DataFrame]


def loader() -> Any:
    """The very lines that the page shows."""
    page = (Path(settings.BASE_DIR) / "docs" / "export.md").read_text()
    code = page.partition("```python\n")[2].partition("```")[0]
    here: dict[str, Any] = {}
    exec(compile(code, "docs/export.md", "exec"), here)
    return here["load"]


@pytest.fixture
def loaded(lived: SimpleNamespace, tmp_path: Path) -> Tables:
    out = tmp_path / "calm"
    until = f"{CUT:%Y-%m-%dT%H:%M:%SZ}"
    call_command("export", "calm", out=out, until=until, with_arm=True, verbosity=0)
    return loader()(out)


def test_every_column_has_the_type_that_the_codebook_gives(loaded: Tables) -> None:
    found = {
        name: [str(table[column].dtype) for column in columns]
        for name, table in loaded.items()
        for columns in [["code", "is_test"]]
        if name != "screening"
    }

    assert set(map(tuple, found.values())) == {("string", "boolean")}
    sessions = loaded["sessions"]
    assert [str(sessions[name].dtype).partition("[")[0] for name in ("week", "seconds_played")] == [
        "Int64",
        "Float64",
    ]
    assert sessions["opens_at_utc"].dt.tz is not None
    assert sessions["opens_at_local"].dt.tz is None
    assert list(loaded["enrolments"]["status"].cat.categories) == [
        value for value, _ in Enrolment.Status.choices
    ]


def test_tables_have_as_many_rows_as_the_database(lived: SimpleNamespace, loaded: Tables) -> None:
    people = Enrolment.objects.filter(study=lived.study, is_test=False)

    assert {name: len(table) for name, table in loaded.items()} == {
        "enrolments": people.count(),
        "consent": 5 * people.filter(consented_at__isnull=False).count(),
        "demographics": 1,
        "sessions": Session.objects.filter(open_to(CUT), enrolment__in=people).count(),
        "plays": Play.objects.count(),
        "engagement": 5,
        "practice": 1,
        "prompts": Prompt.objects.filter(enrolment__in=people).exclude(state="planned").count(),
        "changes": PlanChange.objects.filter(enrolment__in=people).count(),
        "deviations": len(loaded["deviations"]),
        "erased": 0,
        "screening": 1,
    }


def test_values_agree_with_the_database(lived: SimpleNamespace, loaded: Tables) -> None:
    """Every person's every week, and every playing."""
    weeks = loaded["sessions"].set_index(["code", "week"])
    for session in Session.objects.filter(open_to(CUT), enrolment__is_test=False):
        row = weeks.loc[(session.enrolment.code, session.module.week)]
        assert row["opens_at_utc"].to_pydatetime() == session.opens_at
        assert row["took_part"] == (session.took_part_at is not None)
        assert pd.isna(row["first_opened_at_utc"]) == (session.first_opened_at is None)
        assert row["playback_measurable"] == session.playback_measurable
        assert pd.isna(row["seconds_played"]) != session.playback_measurable
        if session.playback_measurable:
            covered = sum(each.seconds for each in MediaProgress.objects.filter(session=session))
            assert (row["seconds_played"], row["seconds_covered"]) == (dose(session), covered)
    plays = loaded["plays"]
    assert sorted(zip(plays["started_at_utc"], plays["seconds"], strict=True)) == sorted(
        Play.objects.values_list("started_at", "seconds")
    )


def test_what_is_not_measured_is_missing_and_not_nought(
    lived: SimpleNamespace, loaded: Tables
) -> None:
    weeks = loaded["sessions"].set_index(["code", "week"])

    assert weeks.loc[(lived.ann.code, 1), "plays"] == 2
    assert pd.isna(weeks.loc[(lived.ben.code, 1), "plays"])
    assert weeks["plays"].sum() == 2


def test_whoever_took_part_is_found_as_the_platform_counts_them(
    lived: SimpleNamespace, loaded: Tables
) -> None:
    people = loaded["enrolments"].set_index("code")

    assert people["weeks_took_part"].sum() == loaded["sessions"]["took_part"].sum() == 2
    assert (
        people.loc[lived.ann.code, "last_use_utc"]
        == Enrolment.objects.get(pk=lived.ann.pk).last_use_at
    )


def test_empty_tables_load_with_their_types_too(loaded: Tables) -> None:
    assert list(loaded["erased"].columns)[:2] == ["code", "is_test"]
    assert loaded["erased"]["records_deleted_at_utc"].dt.tz is not None


def test_arms_come_to_those_who_may_know(lived: SimpleNamespace, tmp_path: Path) -> None:
    go_on(lived)
    call_command("export", "calm", out=tmp_path / "all", with_arm=True, verbosity=0)

    people = loader()(tmp_path / "all")["enrolments"].set_index("code")

    assert people.loc[lived.ben.code, "arm"] == "waiting"
    assert people["arm"].notna().sum() == 1


def test_nothing_is_lost_by_the_types_that_the_codebook_gives(
    lived: SimpleNamespace, tmp_path: Path
) -> None:
    """A value that the codebook does not list, or is of no such type, would be missing."""
    go_on(lived)
    call_command("export", "calm", out=tmp_path / "all", with_arm=True, with_test=True, verbosity=0)

    for name, table in loader()(tmp_path / "all").items():
        with (tmp_path / "all" / f"{name}.csv").open(newline="") as file:
            written = list(csv.DictReader(file))
        for column in table:
            there = [bool(line[column]) for line in written]
            assert there == list(table[column].notna()), f"{name}.{column}"


def test_text_with_a_mark_is_read_without_it(lived: SimpleNamespace, tmp_path: Path) -> None:
    assert practise(week_of(lived.ben, 1), now=CUT, activity="'=1+1")
    call_command("export", "calm", out=tmp_path / "one", until=f"{CUT:%Y-%m-%dT%H:%M:%SZ}")

    activities = loader()(tmp_path / "one")["practice"]["activity"]

    assert "'=1+1" in list(activities)


def test_every_unit_is_said_where_there_is_a_number(lived: SimpleNamespace) -> None:
    from monitoring.export.columns import Type
    from monitoring.export.files import FILES

    without = [
        f"{file.name} {column.name}"
        for file in FILES
        for column in file.columns(cut(lived.study, with_arm=True))
        if (column.type in {Type.INTEGER, Type.NUMBER}) != bool(column.unit)
    ]
    assert without == []
