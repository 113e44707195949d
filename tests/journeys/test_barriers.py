"""Every kind of page, light and dark: no barrier that axe knows, and nothing wider than a phone."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from participants.models import Enrolment, User
from participants.services import note_practice, open_session
from scheduling import links
from scheduling.models import Prompt
from scheduling.services import leave
from studies.models import Study
from tests.factories.participants import UserFactory
from tests.factories.scheduling import enrolled
from tests.journeys import steps
from tests.journeys.conftest import MONDAY, Clock
from tests.journeys.steps import ANN, button
from tests.monitoring.staff import with_second_step
from tests.services.browser_fixtures import NewPage

WEEK_TWO = datetime(2026, 1, 15, 19, tzinfo=UTC)
PHONE, SMALLEST = 360, 320

Look = Callable[..., None]


@pytest.fixture(params=["light", "dark"])
def page(request: pytest.FixtureRequest, new_page: NewPage) -> Page:
    return new_page(
        viewport={"width": PHONE, "height": 780}, color_scheme=request.param, has_touch=True
    )


@pytest.fixture
def look(page: Page, axe: Callable[[Page], None]) -> Look:
    """`look("/help/")` goes there first; `look()` looks at the page that is open, or that opens
    with this `heading`, with or without a `problem` to tell of.
    """

    def look(path: str = "", *, heading: str = "", problem: bool = False) -> None:
        if path:
            page.goto(path)
        if heading:
            steps.heading(page, heading)
        if problem:
            expect(page.get_by_role("alert")).to_be_visible()
        page.wait_for_load_state()
        axe(page)
        page.set_viewport_size({"width": SMALLEST, "height": 640})
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= SMALLEST, f"{page.url} is {wide} pixels wide"
        page.set_viewport_size({"width": PHONE, "height": 780})

    return look


@pytest.fixture
def ann(study: Study, clock: Clock) -> Enrolment:
    """An hour into week two, with week one opened and a practice noted."""
    person = enrolled(study=study, user=User.objects.create_user(ANN), now=MONDAY)
    first = person.sessions.get(module__week=1)
    open_session(session=first, now=first.opens_at)
    note_practice(
        session=first,
        material=None,
        activity="Soothing rhythm breathing",
        practised_on=first.opens_at.date(),
        uuid="5f0c7c0e-0000-4000-8000-000000000000",
        now=first.opens_at,
    )
    clock(WEEK_TWO + timedelta(hours=1))
    return person


def _token(person: Enrolment, week: int = 1) -> str:
    prompts = Prompt.objects.filter(enrolment=person, kind="session", occurrence=week)
    return links.token_for(prompts.get(copy=0))


def _press(page: Page, words: str = "") -> None:
    """The button of these words, or the page's first; until the next page is there."""
    found = button(page, words) if words else page.locator("main form button").first
    with page.expect_navigation():
        found.click()


def test_pages_for_everyone(page: Page, look: Look, study: Study) -> None:
    for path in (
        "/",
        "/help/",
        "/privacy/",
        "/accessibility/",
        "/accounts/login/",
        "/goodbye/erasure/",
    ):
        look(path)
    look("/nothing/here/")
    expect(page.get_by_role("heading", level=1)).to_have_text("There is no page here")


def test_joining(page: Page, look: Look, study: Study) -> None:
    steps.see_if_it_suits(page)
    look(heading="About the study")
    steps.read_the_sheet(page)
    look(heading="Are you 18 or over?")
    _press(page, "Continue")
    look(heading="Are you 18 or over?", problem=True)
    page.get_by_label("No, I am under 18").check()
    _press(page, "Continue")
    look()
    page.go_back()
    steps.answer_who_can_join(page)
    look(heading="Where shall we write to?")
    steps.give_address(page)
    look(heading="Look in your email")
    page.get_by_label("Code", exact=True).fill("BCDF-GHJK")
    _press(page, "Continue")
    look(heading="Look in your email", problem=True)
    steps.type_the_code(page)
    look(heading="Your agreement")
    _press(page, "I agree and want to take part")
    look(heading="Your agreement", problem=True)
    steps.agree(page)
    look(heading="About you")
    steps.pass_about_you(page)
    look(heading="Choose your day and time")
    page.get_by_label("Thursday", exact=True).check()
    _press(page, "Show me the dates")
    expect(page.locator("#dates")).to_be_visible()
    look()
    steps.choose_thursday_evening(page)
    look(heading="You are in")


def test_the_weeks(page: Page, look: Look, sign_in, ann: Enrolment) -> None:
    sign_in(page, ann.user)
    for path in (
        "/home/",
        "/week/1/",
        "/week/2/",
        "/week/3/",
        "/week/1/handout/print/",
        "/week/1/video/words/",
        "/week/1/exercise/words/",
    ):
        look(path)
    page.goto("/week/1/")
    page.locator("summary").first.click()
    look()


def test_the_end(page: Page, look: Look, sign_in, ann: Enrolment, clock: Clock) -> None:
    clock(WEEK_TWO + timedelta(weeks=4))
    sign_in(page, ann.user)
    look("/home/")


def test_the_settings(page: Page, look: Look, sign_in, ann: Enrolment) -> None:
    sign_in(page, ann.user)
    for path in (
        "/home/day/",
        "/home/another-week/",
        "/home/pause/",
        "/home/mail/",
        "/home/details/",
        "/home/details/about-you/",
        "/home/address/",
        "/home/agreement/",
        "/home/leave/",
    ):
        look(path)
    page.goto("/home/day/")
    page.get_by_label("Sunday", exact=True).check()
    _press(page)
    look()
    page.goto("/home/pause/")
    page.get_by_label("Until which day?").fill("")
    _press(page, "See what changes")
    look(problem=True)
    page.get_by_label("Until which day?").fill("2026-02-02")
    _press(page, "See what changes")
    look()
    _press(page, "Yes, begin the break")
    look()
    look("/home/pause/")
    page.goto("/home/leave/")
    page.get_by_label("Stop everything, and let you keep").check()
    _press(page, "Go on")
    look()
    page.goto("/home/leave/")
    page.get_by_label("delete what was collected").check()
    _press(page, "Go on")
    look()


def test_mailed_links(page: Page, look: Look, ann: Enrolment, clock: Clock) -> None:
    token = _token(ann)
    look(f"/go/{token}/")
    look(f"/go/{token[:-4]}/")
    look(f"/emails/stop/{links.stop_token_for(ann)}/")
    _press(page)
    look()
    page.goto(f"/go/{token}/")
    _press(page, "Open my session")
    look("/home/details/")
    page.context.clear_cookies()
    clock(WEEK_TWO + timedelta(days=70))
    look(f"/go/{token}/")
    _press(page, "Email me a new one")
    look()
    leave(
        enrolment=ann,
        level=Enrolment.Withdrawal.EVERYTHING,
        reason="",
        now=WEEK_TWO + timedelta(days=70),
    )
    look(f"/go/{_token(ann)}/")


def test_after_leaving(page: Page, look: Look, sign_in, ann: Enrolment) -> None:
    leave(enrolment=ann, level=Enrolment.Withdrawal.EVERYTHING, reason="", now=WEEK_TWO)
    sign_in(page, ann.user)
    look("/home/")


def test_someone_in_two_studies_is_asked_which(
    page: Page, look: Look, sign_in, ann: Enrolment
) -> None:
    enrolled(user=ann.user, now=WEEK_TWO)
    sign_in(page, ann.user)
    look("/home/which/")


def test_staff(page: Page, look: Look, sign_in, ann: Enrolment) -> None:
    sign_in(page, with_second_step(UserFactory(researcher_of=ann.study)))
    for path in ("/staff/", f"/staff/{ann.study.slug}/", "/staff/styleguide/", "/accounts/2fa/"):
        look(path)
