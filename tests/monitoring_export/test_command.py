"""`manage.py export`: a whole folder or none, and words for what is wrong."""

import hashlib
import io
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from monitoring.export import making
from monitoring.models import StaffAction
from studies.models import Study
from tests.factories.studies import StudyFactory
from tests.monitoring_export.world import CUT, contents, cut, lines_of

pytestmark = pytest.mark.django_db(transaction=True)

UNTIL = "2026-01-20T12:00Z"
NAMES = [
    *(
        "README.txt",
        "changes.csv",
        "codebook.csv",
        "consent.csv",
        "demographics.csv",
        "deviations.csv",
    ),
    *("engagement.csv", "enrolments.csv", "erased.csv", "plays.csv", "practice.csv"),
    *("prompts.csv", "screening.csv", "sessions.csv"),
]


@pytest.fixture
def study(transactional_db: None) -> Study:
    return StudyFactory(slug="calm")


def export(out: Path, study: str = "calm", **options: Any) -> str:
    said = io.StringIO()
    call_command("export", study, out=out, stdout=said, **{"until": UNTIL, **options})
    return said.getvalue().strip()


def test_folder_has_every_file_and_says_what_it_is(lived: SimpleNamespace, tmp_path: Path) -> None:
    out = tmp_path / "calm"

    said = export(out)

    assert sorted(path.name for path in out.iterdir()) == NAMES
    rows = sum(len(lines_of(path.read_bytes())) for path in out.glob("*.csv"))
    assert said == f"{rows} rows in 14 files, as of 2026-01-20T12:00:00Z: {out}"
    assert [path.name for path in tmp_path.iterdir()] == ["calm"]


def test_two_folders_of_one_cut_are_the_same_to_the_byte(
    lived: SimpleNamespace, tmp_path: Path
) -> None:
    for name in ("first", "again"):
        export(tmp_path / name)

    assert [path.read_bytes() for path in sorted((tmp_path / "first").iterdir())] == [
        path.read_bytes() for path in sorted((tmp_path / "again").iterdir())
    ]


def test_without_a_cut_it_is_now(study: Study, tmp_path: Path, time_machine: Any) -> None:
    time_machine.move_to(CUT + timedelta(milliseconds=700), tick=False)

    assert "as of 2026-01-20T12:00:00Z" in export(tmp_path / "calm", until=None)


def test_readme_names_study_cut_edition_version_rows_and_sums(
    lived: SimpleNamespace, tmp_path: Path, settings: Any
) -> None:
    settings.APP_VERSION = "7.8.9"
    out = tmp_path / "calm"
    export(out)

    text = (out / "README.txt").read_text()

    for said in (
        "Data of the study “calm”",
        "Cut:                2026-01-20T12:00:00Z",
        "2026-01-20 12:00:00 in Europe/London",
        "edition 1 (",
        "Platform, version:  7.8.9",
        "Test people:        left out",
        "Arms:               left out: no file says who is in which",
        "enrolments.csv: 6 rows",
        "practice.csv: 1 row\n",
    ):
        assert said in text
    for path in out.glob("*.csv"):
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        assert f"\n{digest}  {path.name}\n" in text
        assert f"\n{path.name}: " in text or path.name == "codebook.csv"


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="There is no sha256sum here")
def test_readme_is_what_sha256sum_checks(lived: SimpleNamespace, tmp_path: Path) -> None:
    export(tmp_path / "calm")

    done = subprocess.run(
        ["sha256sum", "--check", "--quiet", "README.txt"],
        cwd=tmp_path / "calm",
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, b"")


def test_folder_is_for_its_owner_alone(study: Study, tmp_path: Path) -> None:
    export(tmp_path / "calm")

    assert (tmp_path / "calm").stat().st_mode & 0o077 == 0


def test_arms_and_test_people_are_there_for_who_asks(
    lived: SimpleNamespace, tmp_path: Path
) -> None:
    export(tmp_path / "all", with_test=True, with_arm=True)

    expected = contents(cut(lived.study, with_test=True, with_arm=True))
    assert {path.name: path.read_bytes() for path in (tmp_path / "all").iterdir()} == expected


@pytest.mark.parametrize(
    ("until", "problem"),
    [
        ("soon", "“soon” is no moment. Write one like 2026-10-25T09:00Z."),
        ("2026-13-01T00:00Z", "“2026-13-01T00:00Z” is no moment."),
        ("2026-01-20T12:00", "“2026-01-20T12:00” says no time zone."),
        ("2099-01-01T00:00Z", "This moment is still to come."),
        ("0001-01-01T00:00+14:00", "“0001-01-01T00:00+14:00” is no moment."),
        ("", "“” is no moment."),
    ],
)
def test_moment_that_is_none_is_told_and_nothing_is_written(
    study: Study, tmp_path: Path, until: str, problem: str
) -> None:
    with pytest.raises(CommandError) as told:
        export(tmp_path / "calm", until=until)

    assert str(told.value).startswith(problem)
    assert list(tmp_path.iterdir()) == []
    assert not StaffAction.objects.exists()


def test_zone_other_than_utc_is_the_same_instant(study: Study, tmp_path: Path) -> None:
    export(tmp_path / "first")
    export(tmp_path / "again", until="2026-01-20T21:00+09:00")

    assert (tmp_path / "first" / "README.txt").read_bytes() == (
        tmp_path / "again" / "README.txt"
    ).read_bytes()


def test_unknown_study_is_told_with_those_there_are(study: Study, tmp_path: Path) -> None:
    StudyFactory(slug="quiet")

    with pytest.raises(CommandError) as told:
        export(tmp_path / "x", study="clam")

    assert str(told.value) == "There is no study “clam”. There are: calm, quiet."


@pytest.mark.parametrize("what", ["file", "folder", "link"])
def test_what_is_there_already_stays_as_it_is(study: Study, tmp_path: Path, what: str) -> None:
    out = tmp_path / "calm"
    if what == "file":
        out.write_text("mine")
    if what == "folder":
        out.mkdir()
        (out / "mine.txt").write_text("mine")
    if what == "link":
        out.symlink_to(tmp_path / "nowhere")

    with pytest.raises(CommandError, match="is there already, and nothing in it was changed"):
        export(out)

    assert not StaffAction.objects.exists()
    assert [path.name for path in tmp_path.iterdir()] == ["calm"]


def test_empty_folder_is_taken(study: Study, tmp_path: Path) -> None:
    (tmp_path / "calm").mkdir()

    export(tmp_path / "calm")

    assert len(list((tmp_path / "calm").iterdir())) == 14


def test_place_that_cannot_be_written_to_is_told(study: Study, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="could not be written: No such file or directory"):
        export(tmp_path / "nowhere" / "calm")


def test_what_breaks_off_leaves_nothing_behind(
    study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> Any:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(making.codebook, "lines", full)

    with pytest.raises(CommandError, match="No space left on device"):
        export(tmp_path / "calm")

    assert list(tmp_path.iterdir()) == []
    # It began, and that is on record.
    assert StaffAction.objects.get(kind="export").by is None


def test_who_exported_on_the_server_is_nobody_of_the_team(study: Study, tmp_path: Path) -> None:
    export(tmp_path / "calm")

    begun, ended = StaffAction.objects.filter(kind="export").order_by("pk")
    assert (begun.by, ended.details["export"]) == (None, begun.pk)
    assert begun.details["until"] == "2026-01-20T12:00:00+00:00"
