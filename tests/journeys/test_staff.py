"""A researcher's way: from signing in with a second step to the export, and one person beside it."""

import time
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Page, expect

from monitoring.models import StaffAction
from participants.models import Engagement, Enrolment
from studies.models import Study
from tests.factories.participants import UserFactory
from tests.journeys import mouse, post, steps
from tests.journeys.conftest import Clock
from tests.journeys.steps import ANN, button, heading, link
from tests.scheduling.lives import sessions
from tests.services.browser_fixtures import NewPage

REA = "rea@example.org"
WEEK_ONE = datetime(2026, 1, 8, 19, tzinfo=UTC)
LIST = f"email;weekday;time;time_zone;source\n{ANN};Thursday;19:00;Europe/Dublin;clinic\n"
SCREENS = {
    "desktop": {},
    "phone": {"viewport": {"width": 360, "height": 780}, "is_mobile": True, "has_touch": True},
}

Axe = Callable[[Page], None]


@pytest.fixture
def researcher(study: Study) -> Any:
    return UserFactory(email=REA, researcher_of=study, researcher_of__manages=True)


class Phone:
    """The researcher's authenticator app."""

    def __init__(self) -> None:
        self.secret = ""

    def code(self, clock: Clock) -> str:
        """A new one each time: what was typed in once is not taken again."""
        clock(datetime.fromtimestamp(time.time() + 60, UTC))
        return str(format_hotp_value(hotp_value(self.secret, int(time.time()) // 30)))


def _sign_in(page: Page, phone: Phone, clock: Clock, axe: Axe) -> None:
    """The first time the second step is set up; later it is asked for."""
    page.goto("/staff/")
    heading(page, "Sign in")
    axe(page)
    steps.sign_in(page, address=REA)
    if phone.secret:
        heading(page, "The code from your app")
        axe(page)
        mouse.write(page.get_by_label("Code"), phone.code(clock))
        mouse.press(button(page, "Continue"))
        return
    heading(page, "Set up your authenticator app")
    axe(page)
    phone.secret = page.locator("code.secret").inner_text()
    mouse.write(page.get_by_label("The six numbers from the app"), phone.code(clock))
    mouse.press(button(page, "Use this app"))
    page.goto("/staff/")


def _invite_by_a_list(page: Page, axe: Axe, folder: Path) -> None:
    file = folder / "people.csv"
    file.write_text(LIST, encoding="utf-8-sig")
    mouse.press(page.get_by_role("link", name="Enrol", exact=True))
    heading(page, "Enrol")
    axe(page)
    mouse.press(link(page, "Upload a list"))
    axe(page)
    page.get_by_label("CSV file").set_input_files(file)
    mouse.press(button(page, "Look at the list"))
    heading(page, "Every line is right")
    expect(page.get_by_role("row").nth(1)).to_contain_text("Thursday, 19:00, Europe/Dublin")
    assert not Enrolment.objects.exists()
    axe(page)
    mouse.press(button(page, "Invite 1 person"))
    expect(page.get_by_text("1 person is invited.")).to_be_visible()


def _join_by_the_mail(page: Page) -> None:
    """Ann takes the day that was agreed with her."""
    page.goto(post.link_for(ANN))
    heading(page, "You are invited")
    mouse.press(button(page, "Read more"))
    steps.read_the_sheet(page)
    steps.answer_who_can_join(page)
    heading(page, "Where shall we write to?")
    mouse.press(button(page, "Send me a code"))
    steps.type_the_code(page)
    steps.agree(page)
    steps.pass_about_you(page)
    heading(page, "Choose your day and time")
    expect(page.get_by_label("Thursday", exact=True)).to_be_checked()
    mouse.press(button(page, "Save my day and time"))
    heading(page, "You are in")
    page.context.clear_cookies()


def _have_week_one(page: Page) -> None:
    steps.open_the_mailed_session(page)
    heading(page, "What self-compassion is")
    steps.note_practice(page, "Soothing rhythm breathing")
    steps.finish_the_week(page, "week one")
    steps.wait_until(page, Engagement.objects.filter(kind="opened").exists)


def _find(page: Page, axe: Axe, code: str) -> None:
    """Who finished a week is among those who take part; the newest use is first."""
    heading(page, "Overview")
    expect(page.get_by_text("Due, not sent: 0").first).to_be_visible()
    week = page.get_by_role("row", name="Week 1")
    expect(week.get_by_role("cell")).to_have_text(["1", "1", "1"])
    axe(page)
    mouse.press(link(page, "taking part"))
    heading(page, "People")
    axe(page)
    mouse.press(page.get_by_role("columnheader", name="Last use").get_by_role("link"))
    mouse.press(link(page, code))
    heading(page, code)


def _read_the_timeline(page: Page, axe: Axe) -> None:
    told = page.locator(".timeline .what").all_inner_texts()
    for words in (
        "Weekly session 2",
        "Week 1: finished, by own word",
        "Week 1: noted practice, “Soothing rhythm breathing”",
        "Week 1: opened the week",
        "Weekly session 1: sent",
        "Chose a day",
        "Agreed to Consent form, version 1",
        "Invitation: sent",
        "Invited",
    ):
        assert any(words in each for each in told), (words, told)
    assert ANN not in page.content()
    axe(page)


def _move_their_day(page: Page, axe: Axe) -> None:
    mouse.press(link(page, "Change their day"))
    axe(page)
    mouse.tick(page.get_by_label("Tuesday"))
    mouse.pick(page.get_by_label("Time"), "08:00")
    mouse.press(button(page, "See what will happen"))
    expect(page.get_by_role("cell", name="Tue 13 Jan 2026, 08:00")).to_be_visible()
    axe(page)
    mouse.write(page.get_by_label("Why"), "Asked on the phone")
    mouse.press(button(page, "Change the day"))
    expect(page.get_by_text("Week 2 comes on Tuesday 13 January at 08:00")).to_be_visible()
    expect(page.get_by_text("Why: Asked on the phone")).to_be_visible()


def _export(page: Page, axe: Axe) -> dict[str, str]:
    """The files of the zip."""
    mouse.press(page.get_by_role("link", name="Export", exact=True))
    heading(page, "Export")
    axe(page)
    with page.expect_download() as download:
        mouse.press(button(page, "Download the zip"))
    with zipfile.ZipFile(download.value.path()) as archive:
        return {Path(name).name: archive.read(name).decode() for name in archive.namelist()}


@pytest.mark.slow
@pytest.mark.parametrize("screen", SCREENS)
def test_a_researcher_invites_follows_moves_and_exports(
    screen: str,
    new_page: NewPage,
    axe: Axe,
    study: Study,
    researcher: Any,
    clock: Clock,
    tmp_path: Path,
) -> None:
    page, anns = new_page(**SCREENS[screen]), new_page(timezone_id="Europe/Dublin")
    phone = Phone()

    _sign_in(page, phone, clock, axe)
    heading(page, "Overview")
    axe(page)
    _invite_by_a_list(page, axe, tmp_path)
    post.deliver()
    _join_by_the_mail(anns)
    person = Enrolment.objects.get()
    assert (person.status, person.source) == ("active", "clinic")

    clock(WEEK_ONE + timedelta(minutes=5))
    post.deliver()
    _have_week_one(anns)
    mouse.press(button(page, "Sign out"))
    clock(WEEK_ONE + timedelta(hours=14))
    post.deliver()
    _sign_in(page, phone, clock, axe)
    _find(page, axe, person.code)
    _read_the_timeline(page, axe)
    _move_their_day(page, axe)
    assert sessions(person)[0] == "2 Tue 13 Jan 08:00"

    # What was done in the second of the cut is left out.
    clock(WEEK_ONE + timedelta(hours=15))
    files = _export(page, axe)
    assert person.code in files["enrolments.csv"]
    assert person.code in files["practice.csv"]
    assert "staff_move_day" in files["deviations.csv"]
    assert [name for name, content in files.items() if ANN in content] == []
    kinds = StaffAction.objects.order_by("pk").values_list("kind", flat=True)
    # An export is on record when it begins, and again with its rows once it is whole.
    assert list(kinds) == ["invite", "move_day", "export", "export"]
