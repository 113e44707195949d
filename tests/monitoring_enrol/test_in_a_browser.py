"""The pages Enrol as a browser draws them, and a list from the file to the invitations."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from participants.models import Enrolment, User
from studies.models import Study
from studies.services import tally_screening
from tests.factories.participants import EnrolmentFactory, decline, invited
from tests.factories.scheduling import MONDAY
from tests.monitoring_enrol.browsing import choose, file, is_within
from tests.monitoring_enrol.written import ELSEWHERE, agreed, csv

pytestmark = pytest.mark.django_db(transaction=True)

Axe = Callable[[Page], None]


@pytest.fixture
def some_came(study: Study) -> None:
    for source, times in (("facebook", 40), ("clinic", 12), ("", 7)):
        for _ in range(times):
            tally_screening(study=study, source=source, unmet="", now=MONDAY)
        tally_screening(study=study, source=source, unmet="adult", now=MONDAY)
        EnrolmentFactory(study=study, source=source)
    invited(study=study, source="clinic")
    decline(enrolment=invited(study=study, source="clinic"), now=MONDAY)


@pytest.mark.parametrize("screen", ["page", "phone_page", "dark_page"])
def test_every_page_is_within_its_window_and_open_to_everybody(
    request: pytest.FixtureRequest,
    sign_in: Callable[[Page, Any], None],
    axe: Axe,
    me: User,
    some_came: None,
    tmp_path: Path,
    screen: str,
) -> None:
    page: Page = request.getfixturevalue(screen)
    sign_in(page, me)

    def looked_at() -> None:
        axe(page)
        assert is_within(page)

    page.goto("/staff/calm/enrol/?source=clinic-letter")
    looked_at()
    page.get_by_role("button", name="Invite this person").click()
    expect(page.get_by_role("alert")).to_contain_text("Type the person’s email address.")
    looked_at()
    page.goto("/staff/calm/enrol/csv/")
    looked_at()
    both = csv(agreed("ann@example.org"), "bob@example.org,,,,,,,,", header=ELSEWHERE)
    choose(page, file(tmp_path, both))
    expect(page.get_by_role("heading", level=1)).to_have_text("Every line is right")
    looked_at()
    choose(page, file(tmp_path, csv("ann", "bob@example.org", "bob@example.org")))
    expect(page.get_by_role("heading", level=1)).to_have_text("Nobody can be invited yet")
    looked_at()


def test_list_is_corrected_confirmed_and_everybody_invited(
    no_js_page: Page, sign_in: Callable[[Page, Any], None], me: User, tmp_path: Path
) -> None:
    page = no_js_page
    sign_in(page, me)
    choose(page, file(tmp_path, csv("ann@example.org", "bob@")))
    faults = page.get_by_role("row").filter(has_text="Line 3")
    expect(faults).to_contain_text("Check the address.")
    assert not Enrolment.objects.exists()

    page.get_by_role("link", name="Choose another file").click()
    right = csv("ann@example.org", "bob@example.org")
    page.get_by_label("CSV file").set_input_files(file(tmp_path, right))
    page.get_by_role("button", name="Look at the list").click()
    page.get_by_role("button", name="Invite 2 people").click()
    expect(page.get_by_role("main")).to_contain_text("2 people are invited.")
    page.reload()
    assert Enrolment.objects.invited().count() == 2


def test_word_about_who_may_join_is_asked_for(
    page: Page, sign_in: Callable[[Page, Any], None], me: User, tmp_path: Path
) -> None:
    sign_in(page, me)
    choose(page, file(tmp_path, csv(agreed("ann@example.org"), header=ELSEWHERE)))
    page.get_by_role("button", name="Enrol 1 person").click()
    expect(page.get_by_role("alert")).to_contain_text("Tick this if it is so.")
    assert not Enrolment.objects.exists()
    page.get_by_label("Each person who agreed elsewhere was asked").check()
    page.get_by_role("button", name="Enrol 1 person").click()
    expect(page.get_by_role("main")).to_contain_text("1 person is enrolled")
    assert Enrolment.objects.get().status == "joining"


def test_what_became_of_it_is_in_sight_also_after_a_link_was_shown(
    page: Page, sign_in: Callable[[Page, Any], None], me: User
) -> None:
    sign_in(page, me)
    page.goto("/staff/calm/enrol/")
    page.get_by_label("Where will people find it?").fill("clinic")
    page.get_by_role("button", name="Show the link").click()
    page.wait_for_url("**#the-link")
    page.get_by_role("button", name="Invite this person").click()
    expect(page.get_by_role("alert")).to_be_in_viewport()
    page.get_by_label("Email address").fill("ann@example.org")
    page.get_by_role("button", name="Invite this person").click()
    expect(page.get_by_text("They are invited.")).to_be_in_viewport()
    assert Enrolment.objects.invited().count() == 1


def test_going_back_after_a_list_leads_to_choosing_another(
    page: Page, sign_in: Callable[[Page, Any], None], me: User, tmp_path: Path
) -> None:
    sign_in(page, me)
    choose(page, file(tmp_path, csv("ann@example.org")))
    page.get_by_role("button", name="Invite 1 person").click()
    expect(page.get_by_role("main")).to_contain_text("1 person is invited.")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Upload a list")
    assert Enrolment.objects.count() == 1
