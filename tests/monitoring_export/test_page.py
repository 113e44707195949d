"""The page that gives an export: who may have it, what they get, and what is kept of that."""

import io
import zipfile
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from monitoring.export import settling
from monitoring.models import StaffAction
from studies.models import Study
from tests.factories.participants import UserFactory
from tests.factories.studies import ArmFactory, StudyFactory
from tests.monitoring.staff import signed_in, staff_client
from tests.monitoring_export.test_while_people_write import never_ending_writer
from tests.monitoring_export.world import CUT, contents, cut, lines_of
from tests.monitoring_settings.pages import text_of

pytestmark = pytest.mark.django_db(transaction=True)

PAGE = "/staff/calm/export/"
AT_CUT = {"day": f"{CUT:%Y-%m-%d}", "time": f"{CUT:%H:%M}"}


@pytest.fixture
def study(transactional_db: None) -> Study:
    return StudyFactory(slug="calm")


def manager_of(study: Study, **rights: bool) -> Client:
    given = {f"researcher_of__{right}": value for right, value in rights.items()}
    return staff_client(researcher_of=study, researcher_of__manages=True, **given)


def taken(response: Any) -> dict[str, bytes]:
    """The files in the zip, by their names without the folder's."""
    archive = zipfile.ZipFile(io.BytesIO(response.getvalue()))
    return {name.partition("/")[2]: archive.read(name) for name in archive.namelist()}


# Who may


@pytest.mark.parametrize("ask", ["get", "post"])
def test_stranger_is_sent_to_sign_in(study: Study, ask: str) -> None:
    response = getattr(Client(), ask)(PAGE)

    assert (response.status_code, response["Location"]) == (302, f"/accounts/login/?next={PAGE}")


@pytest.mark.parametrize("ask", ["get", "post"])
def test_nobody_else_has_it(lived: SimpleNamespace, ask: str) -> None:
    """A participant; who manages another study; who does not manage this one; an editor."""
    clients = [
        signed_in(lived.ann.user),
        manager_of(StudyFactory()),
        staff_client(researcher_of=lived.study, researcher_of__sees_identity=True),
        staff_client(staff=True),
    ]

    assert [getattr(client, ask)(PAGE).status_code for client in clients] == [403, 404, 403, 404]
    assert not StaffAction.objects.filter(kind="export").exists()


def test_researcher_who_does_not_manage_is_told_so(study: Study) -> None:
    page = staff_client(researcher_of=study).post(PAGE, AT_CUT)

    assert "This page is for those who manage the study." in text_of(page)


@pytest.mark.parametrize("day", ["1979-06-01", "0001-01-01", "1999-12-30"])
def test_cut_before_any_study_is_refused(study: Study, day: str) -> None:
    page = manager_of(study).post(PAGE, {"day": day, "time": "09:00"})

    assert page.status_code == 200
    assert not page.streaming
    assert "Choose a day in 2000 or later." in text_of(page)
    assert not StaffAction.objects.exists()


# What they get


def test_zip_holds_what_the_command_writes(lived: SimpleNamespace, tmp_path: Any) -> None:
    call_command("export", "calm", out=tmp_path / "calm", until=CUT.isoformat(), verbosity=0)

    found = taken(manager_of(lived.study).post(PAGE, AT_CUT))

    assert found == {path.name: path.read_bytes() for path in (tmp_path / "calm").iterdir()}


def test_two_zips_of_one_cut_are_the_same_to_the_byte(lived: SimpleNamespace) -> None:
    first = manager_of(lived.study).post(PAGE, AT_CUT)
    again = manager_of(lived.study).post(PAGE, AT_CUT)

    assert first.getvalue() == again.getvalue()
    assert first["Content-Disposition"] == ('attachment; filename="calm-20260120T120000Z.zip"')
    assert (first["Content-Type"], first.streaming) == ("application/zip", True)
    assert "no-store" in first["Cache-Control"]


def test_zip_is_one_folder_that_only_its_owner_reads(lived: SimpleNamespace) -> None:
    response = manager_of(lived.study).post(PAGE, AT_CUT)
    archive = zipfile.ZipFile(io.BytesIO(response.getvalue()))

    assert archive.testzip() is None
    assert {info.filename.partition("/")[0] for info in archive.infolist()} == {
        "calm-20260120T120000Z"
    }
    assert {info.external_attr >> 16 for info in archive.infolist()} == {0o600}


def test_cut_is_read_by_the_clock_of_the_study(transactional_db: None) -> None:
    study = StudyFactory(slug="calm", default_zone="Asia/Tokyo")

    response = manager_of(study).post(PAGE, AT_CUT)

    assert 'filename="calm-20260120T030000Z.zip"' in response["Content-Disposition"]


def test_without_a_day_it_is_everything_up_to_now(study: Study, time_machine: Any) -> None:
    time_machine.move_to(CUT + timedelta(microseconds=5), tick=False)

    response = manager_of(study).post(PAGE)

    assert 'filename="calm-20260120T120000Z.zip"' in response["Content-Disposition"]


@pytest.mark.parametrize("sees_arm", [True, False])
def test_arms_are_for_those_who_may_see_them(lived: SimpleNamespace, sees_arm: bool) -> None:
    arm = ArmFactory(study=lived.study, key="waiting")
    type(lived.ann).objects.filter(pk=lived.ann.pk).update(arm=arm, allocated_at=CUT)
    client = manager_of(lived.study, sees_arm=sees_arm)

    found = taken(client.post(PAGE, AT_CUT))

    assert ("arm" in lines_of(found["enrolments.csv"])[0]) == sees_arm
    assert (b"waiting" in b"".join(found.values())) == sees_arm
    assert ("You may see arms" in text_of(client.get(PAGE))) == sees_arm


def test_test_people_are_there_for_who_asks(lived: SimpleNamespace) -> None:
    client = manager_of(lived.study)

    without = taken(client.post(PAGE, AT_CUT))
    everyone = taken(client.post(PAGE, AT_CUT | {"with_test": "on"}))

    assert everyone == contents(cut(lived.study, with_test=True))
    assert lived.tess.code.encode() not in b"".join(without.values())


# What is wrong


@pytest.mark.parametrize(
    ("asked", "problem"),
    [
        ({"day": "2026-01-20"}, "Give both a day and a time, or neither for now."),
        ({"time": "12:00"}, "Give both a day and a time, or neither for now."),
        ({"day": "2099-01-01", "time": "12:00"}, "This moment is still to come."),
        ({"day": "yesterday", "time": "12:00"}, "Write the day like 2026-10-25."),
        ({"day": "2026-01-20", "time": "noon"}, "Write the time like 09:30."),
        ({"day": "0001-01-01", "time": "00:00"}, "Choose a day within the study’s time."),
    ],
)
def test_moment_that_is_none_is_told_and_exports_nothing(
    transactional_db: None, asked: dict[str, str], problem: str
) -> None:
    study = StudyFactory(slug="calm", default_zone="Asia/Tokyo")

    page = manager_of(study).post(PAGE, asked)

    assert page.status_code == 200
    assert problem in text_of(page)
    assert not StaffAction.objects.exists()


@pytest.mark.skipif(
    connection.vendor == "sqlite", reason="One writer at a time is waited for by all the others"
)
def test_moment_that_is_being_written_is_told_and_exports_nothing(
    lived: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settling, "_PATIENCE_SECONDS", 0.3)
    client, now = manager_of(lived.study), timezone.localtime(timezone=ZoneInfo("Europe/London"))
    with never_ending_writer(lived, timezone.now()):
        page = client.post(PAGE, {"day": f"{now:%Y-%m-%d}", "time": f"{now:%H:%M:%S}"})

    assert "Somebody is saving something long. Wait a minute" in text_of(page)
    assert not StaffAction.objects.filter(kind="export").exists()


def test_what_nobody_offered_is_passed_by(study: Study) -> None:
    response = manager_of(study).post(PAGE, AT_CUT | {"with_arm": "on", "until": "never"})

    assert "arm" not in taken(response)["enrolments.csv"].decode().split("\r\n")[0].split(",")


def test_looking_and_asking_for_headers_export_nothing(study: Study) -> None:
    client = manager_of(study)

    assert [client.get(PAGE).status_code, client.head(PAGE).status_code] == [200, 200]
    assert client.put(PAGE).status_code == 405
    assert not StaffAction.objects.exists()


# What is kept of it


def test_it_is_on_record_when_it_begins_and_when_all_is_given_out(study: Study) -> None:
    client = manager_of(study)
    response = client.post(PAGE, AT_CUT)
    [begun] = StaffAction.objects.filter(kind="export")

    response.getvalue()

    assert begun.details == {
        "until": "2026-01-20T12:00:00+00:00",
        "with_test": False,
        "with_arm": False,
    }
    ended = StaffAction.objects.filter(kind="export").exclude(pk=begun.pk).get()
    assert (ended.details["export"], ended.details["rows"]["enrolments.csv"]) == (begun.pk, 0)
    assert begun.by == ended.by is not None


def test_page_tells_of_earlier_exports_and_not_by_name(study: Study, tmp_path: Any) -> None:
    call_command("export", "calm", out=tmp_path / "calm", verbosity=0)
    mine, other = manager_of(study), manager_of(study)
    other.post(PAGE, AT_CUT).getvalue()
    mine.post(PAGE, AT_CUT).close()

    page = mine.get(PAGE)

    assert [each.rows is None for each in page.context["earlier"]] == [True, False, False]
    for words in ("You", "Someone else of the team", "A command on the server", "not finished"):
        assert words in text_of(page)
    assert "@example.org" not in page.content.decode()


def test_page_of_another_study_tells_nothing_of_this_one(study: Study) -> None:
    quiet = StudyFactory(slug="quiet")
    manager_of(study).post(PAGE, AT_CUT).getvalue()

    page = manager_of(quiet).get("/staff/quiet/export/")

    assert page.context["earlier"] == []
    assert "Nobody has exported this study yet." in text_of(page)


def test_export_that_is_broken_off_lets_go_of_the_database(lived: SimpleNamespace) -> None:
    response = manager_of(lived.study).post(PAGE, AT_CUT)
    next(iter(response.streaming_content))
    response.close()

    # Writing would wait for ever, or fail, if the reading went on.
    UserFactory()
    assert taken(manager_of(lived.study).post(PAGE, AT_CUT))
